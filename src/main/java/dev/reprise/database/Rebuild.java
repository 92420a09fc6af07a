package dev.reprise.database;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import javax.sql.DataSource;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Makes the rows of an empty, migrated database from their copies. What cannot be read is
 * named, and keeps nothing else from being read.
 */
public final class Rebuild implements AutoCloseable {

	private final RowFiles files;

	private final TableRows rows;

	private final TransactionTemplate whole;

	private final TransactionTemplate one;

	/**
	 * A rebuild.
	 * @param database the database to fill
	 * @param data the data folder, which nobody else holds
	 */
	public Rebuild(DataSource database, Path data) throws IOException {
		this.files = new RowFiles(data);
		this.rows = new TableRows(JdbcClient.create(database));
		JdbcTransactionManager transactions = new JdbcTransactionManager(database);
		this.whole = new TransactionTemplate(transactions);
		// A savepoint for each copy: one that fails takes back its own rows.
		this.one = new TransactionTemplate(transactions);
		this.one.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
	}

	/**
	 * Fills the database, all or nothing.
	 */
	public Rebuilt run() throws IOException {
		Map<RowKind, Iterable<String>> ids = new EnumMap<>(RowKind.class);
		for (RowKind kind : RowKind.values()) {
			ids.put(kind, this.files.ids(kind));
		}
		Map<RowKind, Integer> counts = new EnumMap<>(RowKind.class);
		List<String> unread = new ArrayList<>();
		this.whole.executeWithoutResult(
				(status) -> ids.forEach((kind, these) -> counts.put(kind, insert(kind, these, unread))));
		return Rebuilt.of(counts, unread);
	}

	/**
	 * Ids are in the order of time, so that what is named mostly comes first; where a
	 * clock went back it may not, and is tried again while that brings any further.
	 */
	private int insert(RowKind kind, Iterable<String> ids, List<String> unread) {
		int inserted = 0;
		Map<String, String> failed = new LinkedHashMap<>();
		ids.forEach((id) -> failed.put(id, ""));
		int before;
		do {
			before = inserted;
			for (String id : List.copyOf(failed.keySet())) {
				Optional<String> failure = insert(kind, id);
				if (failure.isEmpty()) {
					failed.remove(id);
					inserted++;
				}
				else {
					failed.put(id, failure.get());
				}
			}
		}
		while (inserted > before && !failed.isEmpty());
		failed.forEach((id, why) -> unread.add(this.files.path(kind, id) + ": " + why));
		return inserted;
	}

	private Optional<String> insert(RowKind kind, String id) {
		try {
			JsonNode tables = read(kind, id);
			this.one.executeWithoutResult((status) -> {
				tables.path(kind.table()).forEach((row) -> this.rows.insert(kind.table(), row));
				for (RowKind.Part part : kind.parts()) {
					tables.path(part.table()).forEach((row) -> {
						require(row.path(part.column()).asString("").equals(id),
								part.table() + " has a row that is not its own");
						this.rows.insert(part.table(), row);
					});
				}
			});
			return Optional.empty();
		}
		catch (IOException | JacksonException ex) {
			return Optional.of("is damaged: " + firstLine(ex));
		}
		catch (IllegalArgumentException ex) {
			return Optional.of(firstLine(ex));
		}
		catch (DataAccessException ex) {
			return Optional.of("the database does not take it: " + firstLine(ex.getMostSpecificCause()));
		}
	}

	private JsonNode read(RowKind kind, String id) throws IOException {
		JsonNode copy = JsonMapper.shared().readTree(this.files.read(kind, id));
		require(copy.path("schema").asInt(0) == RowCopies.SCHEMA,
				"is of schema " + copy.path("schema") + ", which this version does not know");
		JsonNode rows = copy.path("rows").path(kind.table());
		require(copy.path("kind").asString("").equals(kind.word()) && rows.size() == 1
				&& rows.path(0).path("id").asString("").equals(id), "is no copy of what its name says");
		return copy.path("rows");
	}

	private static void require(boolean good, String problem) {
		if (!good) {
			throw new IllegalArgumentException(problem);
		}
	}

	private static String firstLine(Throwable failure) {
		return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
	}

	@Override
	public void close() throws IOException {
		this.files.close();
	}

	/**
	 * What a rebuild made.
	 *
	 * @param runs how many runs
	 * @param replays how many replays
	 * @param diffs how many diffs
	 * @param others how many of all else, by the name of the table, where there were any
	 * @param unread the copies that could not be read, and why
	 */
	public record Rebuilt(int runs, int replays, int diffs, Map<String, Integer> others, List<String> unread) {

		/**
		 * Copies.
		 */
		public Rebuilt {
			others = Collections.unmodifiableMap(new TreeMap<>(others));
			unread = List.copyOf(unread);
		}

		private static Rebuilt of(Map<RowKind, Integer> counts, List<String> unread) {
			Map<RowKind, Integer> left = new EnumMap<>(counts);
			Integer runs = left.remove(RowKind.RUN);
			Integer replays = left.remove(RowKind.REPLAY);
			Integer diffs = left.remove(RowKind.DIFF);
			Map<String, Integer> others = new TreeMap<>();
			left.forEach((kind, count) -> {
				if (count > 0) {
					others.put(kind.table(), count);
				}
			});
			return new Rebuilt((runs != null) ? runs : 0, (replays != null) ? replays : 0, (diffs != null) ? diffs : 0,
					others, unread);
		}

	}

}
