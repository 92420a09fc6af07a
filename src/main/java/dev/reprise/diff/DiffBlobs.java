package dev.reprise.diff;

import java.util.function.Consumer;

import dev.reprise.artifact.BlobReferences;
import dev.reprise.artifact.Digest;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * What diffs need: their own content. What they compare belongs to the runs.
 */
@Component
class DiffBlobs implements BlobReferences {

	private final JdbcClient jdbc;

	DiffBlobs(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	@Override
	public void forEach(Consumer<Digest> needed) {
		this.jdbc.sql("select result from diffs where result is not null")
			.query((row, number) -> row.getString(1))
			.list()
			.forEach((result) -> needed.accept(new Digest(result)));
	}

}
