package dev.reprise.database;

import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Keeps a copy of what the database knows of each run, diff and replay as a file, from
 * which the database can be made anew. The database is what counts: a copy that cannot be
 * written is removed, so that the next start writes it again, and nobody is kept waiting.
 */
@Component
public class RowCopies {

	private static final Logger log = LoggerFactory.getLogger(RowCopies.class);

	static final int SCHEMA = 1;

	private final TableRows rows;

	private final RowFiles files;

	RowCopies(JdbcClient jdbc, RowFiles files) {
		this.rows = new TableRows(jdbc);
		this.files = files;
	}

	/**
	 * Copies what was just made. Whoever changed it since, and knew more, has given it a
	 * file, which counts.
	 */
	public void first(RowKind kind, List<String> ids) {
		if (ids.isEmpty()) {
			return;
		}
		try {
			this.files.first(kind, content(kind, ids));
		}
		catch (IOException ex) {
			ids.forEach((id) -> failed(kind, id, ex));
		}
	}

	/**
	 * Copies what has changed, as the transaction around this sees it.
	 */
	public void replace(RowKind kind, String id) {
		replace(kind, id, true);
	}

	/**
	 * Copies what a loss of power may undo, as it may in the database itself: that a run
	 * was claimed, which is nothing without its process.
	 */
	public void replaceUnforced(RowKind kind, String id) {
		replace(kind, id, false);
	}

	private void replace(RowKind kind, String id, boolean forced) {
		try {
			this.files.replace(kind, id, Objects.requireNonNull(content(kind, List.of(id)).get(id)), forced);
		}
		catch (IOException ex) {
			failed(kind, id, ex);
		}
	}

	private Map<String, String> content(RowKind kind, List<String> ids) {
		Map<String, ObjectNode> tables = new LinkedHashMap<>();
		this.rows.read(kind.table(), "id", ids).forEach((id, rows) -> {
			ObjectNode own = JsonMapper.shared().createObjectNode();
			own.set(kind.table(), rows);
			tables.put(id, own);
		});
		for (RowKind.Part part : kind.parts()) {
			this.rows.read(part.table(), part.column(), ids)
				.forEach((id, rows) -> tables.computeIfPresent(id, (same, own) -> own.set(part.table(), rows)));
		}
		Map<String, String> copies = new LinkedHashMap<>();
		tables.forEach((id, rows) -> {
			ObjectNode copy = JsonMapper.shared().createObjectNode();
			copy.put("schema", SCHEMA).put("kind", kind.word()).put("id", id);
			copy.set("rows", rows);
			copies.put(id, copy.toString());
		});
		return copies;
	}

	private void failed(RowKind kind, String id, IOException failure) {
		log.error("the copy of {} {} could not be written; the next start writes it again", kind.word(), id, failure);
		try {
			Files.deleteIfExists(this.files.path(kind, id));
		}
		catch (IOException ex) {
			log.error("an old copy of {} {} could not be removed: ./reprise rebuild would take it for the latest",
					kind.word(), id, ex);
		}
	}

}
