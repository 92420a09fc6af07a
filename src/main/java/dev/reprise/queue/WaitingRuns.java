package dev.reprise.queue;

import java.util.List;
import java.util.Optional;

import dev.reprise.run.Run;
import dev.reprise.run.Runs;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The queue, in its order.
 */
@Component
class WaitingRuns {

	private final JdbcClient jdbc;

	private final Runs runs;

	WaitingRuns(JdbcClient jdbc, Runs runs) {
		this.jdbc = jdbc;
		this.runs = runs;
	}

	/**
	 * The run that is to start next.
	 */
	Optional<Run> head() {
		return first(1).stream().findFirst();
	}

	/**
	 * The first runs of the queue.
	 */
	List<Run> first(int count) {
		// By state too, although all are alike in it: H2 takes the order from the index
		// only where it begins as the index does, and else sorts the whole queue.
		return this.jdbc.sql("""
				select id from runs where state = 'QUEUED' order by state, priority desc, id limit ?""")
			.param(count)
			.query((row, number) -> row.getString(1))
			.list()
			.stream()
			.flatMap((id) -> this.runs.find(id).stream())
			.toList();
	}

}
