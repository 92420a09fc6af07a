package dev.reprise.database;

import java.sql.JDBCType;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;

/**
 * Rows of any table as JSON and back, by the columns that the table has: a migration that
 * adds one needs no change here. Names of tables and columns come from {@link RowKind}
 * and from the database, never from a file.
 */
final class TableRows {

	private final JdbcClient jdbc;

	private final Map<String, Map<String, JDBCType>> columns = new TreeMap<>();

	TableRows(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	/**
	 * The rows of a table that have one of some ids in a column, by that id.
	 */
	Map<String, ArrayNode> read(String table, String column, List<String> ids) {
		Map<String, ArrayNode> rows = new LinkedHashMap<>();
		this.jdbc.sql("select * from " + table + " where " + column + " = any(?)")
			.param(new SqlArrayValue("varchar", ids.toArray()))
			.query((RowCallbackHandler) (row) -> rows
				.computeIfAbsent(row.getString(column), (id) -> JsonNodeFactory.instance.arrayNode())
				.add(json(row)));
		return rows;
	}

	private static ObjectNode json(ResultSet row) throws SQLException {
		ResultSetMetaData columns = row.getMetaData();
		ObjectNode json = JsonNodeFactory.instance.objectNode();
		for (int i = 1; i <= columns.getColumnCount(); i++) {
			String name = columns.getColumnName(i).toLowerCase(Locale.ROOT);
			switch (type(columns, i)) {
				case INTEGER -> json.put(name, row.getObject(i, Integer.class));
				case BIGINT -> json.put(name, row.getObject(i, Long.class));
				case BOOLEAN -> json.put(name, row.getObject(i, Boolean.class));
				case TIMESTAMP_WITH_TIMEZONE -> {
					OffsetDateTime time = row.getObject(i, OffsetDateTime.class);
					json.put(name, (time != null) ? time.toInstant().toString() : null);
				}
				default -> json.put(name, row.getString(i));
			}
		}
		return json;
	}

	/**
	 * Adds a row. What the table does not have any more is left out, what it has gained
	 * since gets its default.
	 * @throws IllegalArgumentException if a value is not of its column's type
	 */
	void insert(String table, JsonNode row) {
		List<String> names = new ArrayList<>();
		List<@Nullable Object> values = new ArrayList<>();
		columns(table).forEach((name, type) -> {
			if (row.has(name)) {
				names.add(name);
				values.add(value(table + "." + name, row.get(name), type));
			}
		});
		this.jdbc
			.sql("insert into " + table + " (" + String.join(", ", names) + ") values ("
					+ String.join(", ", names.stream().map((name) -> "?").toList()) + ")")
			.params(values)
			.update();
	}

	private static @Nullable Object value(String name, JsonNode value, JDBCType type) {
		if (value.isNull()) {
			return null;
		}
		boolean fits = switch (type) {
			case INTEGER -> value.isInt();
			case BIGINT -> value.isIntegralNumber() && value.canConvertToLong();
			case BOOLEAN -> value.isBoolean();
			default -> value.isString();
		};
		if (!fits) {
			throw new IllegalArgumentException(name + " is no " + type);
		}
		return switch (type) {
			case INTEGER -> value.asInt();
			case BIGINT -> value.asLong();
			case BOOLEAN -> value.asBoolean();
			case TIMESTAMP_WITH_TIMEZONE -> Instant.parse(value.asString()).atOffset(ZoneOffset.UTC);
			default -> value.asString();
		};
	}

	private Map<String, JDBCType> columns(String table) {
		return this.columns.computeIfAbsent(table,
				(name) -> this.jdbc.sql("select * from " + name + " where 1 = 0").query((ResultSet rows) -> {
					Map<String, JDBCType> types = new LinkedHashMap<>();
					ResultSetMetaData columns = rows.getMetaData();
					for (int i = 1; i <= columns.getColumnCount(); i++) {
						types.put(columns.getColumnName(i).toLowerCase(Locale.ROOT), type(columns, i));
					}
					return types;
				}));
	}

	/**
	 * PostgreSQL's driver calls a boolean a bit, and knows of no time zones.
	 */
	private static JDBCType type(ResultSetMetaData columns, int column) throws SQLException {
		JDBCType type = JDBCType.valueOf(columns.getColumnType(column));
		return switch (type) {
			case BIT -> JDBCType.BOOLEAN;
			case TIMESTAMP -> JDBCType.TIMESTAMP_WITH_TIMEZONE;
			default -> type;
		};
	}

}
