package dev.reprise.recipe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * The knob table of {@code docs/contract.md}, read as it stands there: a cell may name
 * several knobs, shorten a name with an ellipsis, and give a value beside a name.
 */
final class ContractTable {

	private static final Pattern TICKED = Pattern.compile("`([^`]+)`");

	private static final Pattern IN_MODE = Pattern.compile("`([^`]+)` in (\\w+)");

	private static final Pattern WITH_PORTABLE = Pattern.compile("`([^`]+)` with `portable`");

	private ContractTable() {
	}

	/**
	 * One knob of the table.
	 *
	 * @param value the value's cell, or what stands beside the name
	 */
	record Row(String name, String value, String when, String level, String item) {

		boolean portableOnly() {
			return this.value.contains("with `portable` only");
		}

		String value(DeterminismMode mode, boolean portable, int seed, int threads) {
			if (this.value.startsWith("seed")) {
				return String.valueOf(seed);
			}
			if (this.value.startsWith("threads")) {
				return String.valueOf(threads);
			}
			if (this.value.startsWith("true") || this.value.startsWith("false")) {
				return this.value.startsWith("true") ? "true" : "false";
			}
			Matcher inMode = IN_MODE.matcher(this.value);
			while (inMode.find()) {
				if (inMode.group(2).equals(mode.wire())) {
					return unquoted(inMode.group(1));
				}
			}
			Matcher withPortable = WITH_PORTABLE.matcher(this.value);
			if (portable && withPortable.find()) {
				return unquoted(withPortable.group(1));
			}
			Matcher ticked = TICKED.matcher(this.value);
			if (!ticked.find()) {
				throw new IllegalStateException("no value in the contract for " + this.name + ": " + this.value);
			}
			return unquoted(ticked.group(1));
		}

		private static String unquoted(String value) {
			return value.replace("\"", "");
		}

	}

	static List<Row> read() throws IOException {
		return read("## Knobs");
	}

	static List<Row> readJvm() throws IOException {
		return read("### Knobs of the JVM");
	}

	private static List<Row> read(String heading) throws IOException {
		List<Row> rows = new ArrayList<>();
		try (Stream<String> lines = Files.lines(Path.of("docs/contract.md"))) {
			List<String> table = lines.dropWhile((line) -> !line.equals(heading))
				.dropWhile((line) -> !line.equals("| name | value | when | level | item |"))
				.skip(2)
				.takeWhile((line) -> line.startsWith("|"))
				.toList();
			for (String line : table) {
				addRows(line, rows);
			}
		}
		return rows;
	}

	private static void addRows(String line, List<Row> rows) {
		String[] cells = Stream.of(line.substring(1, line.length() - 1).split("\\|", -1))
			.map(String::strip)
			.toArray(String[]::new);
		if (cells.length != 5) {
			throw new IllegalStateException("a row of the contract with other than five cells: " + line);
		}
		String before = null;
		for (String part : cells[0].split(", ", -1)) {
			Matcher ticked = TICKED.matcher(part);
			if (!ticked.find()) {
				throw new IllegalStateException("a row of the contract without a name: " + line);
			}
			String name = full(ticked.group(1), before);
			String beside = part.substring(ticked.end()).strip();
			String value = beside.isEmpty() ? cells[1] : (beside + " " + cells[1]).strip();
			rows.add(new Row(name, value, cells[2], cells[3], cells[4].replace("`", "")));
			before = name;
		}
	}

	private static String full(String name, @Nullable String before) {
		if (!name.startsWith("…") || before == null) {
			return name;
		}
		return before.substring(0, before.lastIndexOf('.') + 1) + name.substring(1);
	}

}
