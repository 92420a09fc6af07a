package dev.reprise.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.TreeSet;

import dev.reprise.artifact.DataFolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Before anything is answered or started: writes the copies that a former life had no
 * time for, or an earlier version did not make, and refuses a database that has lost what
 * there are copies of.
 */
@Component
class CopiesAtStart implements SmartLifecycle {

	private static final Logger log = LoggerFactory.getLogger(CopiesAtStart.class);

	private final JdbcClient jdbc;

	private final RowFiles files;

	private final RowCopies copies;

	private final Durability durability;

	private final DataFolder data;

	private volatile boolean running;

	CopiesAtStart(JdbcClient jdbc, RowFiles files, RowCopies copies, Durability durability, DataFolder data) {
		this.jdbc = jdbc;
		this.files = files;
		this.copies = copies;
		this.durability = durability;
		this.data = data;
	}

	/**
	 * Makes rows and copies agree.
	 * @throws LostDatabaseException if the database is empty, and there are copies
	 */
	@Override
	public void start() {
		try {
			for (RowKind kind : RowKind.values()) {
				agree(kind);
			}
			// Their copies were not forced, and power may have been lost since.
			this.jdbc.sql("select id from runs where state in ('STARTING', 'RUNNING', 'COLLECTING')")
				.query((row, number) -> row.getString(1))
				.list()
				.forEach((id) -> this.copies.replace(RowKind.RUN, id));
		}
		catch (IOException ex) {
			throw new UncheckedIOException("the data folder " + this.data.root() + " cannot be used", ex);
		}
		this.running = true;
	}

	private void agree(RowKind kind) throws IOException {
		Set<String> copied = this.files.ids(kind);
		Set<String> known = new TreeSet<>(
				this.jdbc.sql("select id from " + kind.table()).query((row, number) -> row.getString(1)).list());
		if (kind == RowKind.RUN && known.isEmpty() && !copied.isEmpty()) {
			throw new LostDatabaseException(this.data.root(), copied.size());
		}
		Set<String> missing = new TreeSet<>(known);
		missing.removeAll(copied);
		if (!missing.isEmpty()) {
			missing.forEach((id) -> this.copies.replace(kind, id));
			this.durability.force();
			log.info("{} copies of {} written that were missing", missing.size(), kind.table());
		}
		copied.removeAll(known);
		if (!copied.isEmpty()) {
			log.warn("the database lacks {} of which there are copies, {} first: ./reprise rebuild takes them in again",
					copied.size() + " " + kind.table(), copied.iterator().next());
		}
	}

	@Override
	public void stop() {
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return 0;
	}

}
