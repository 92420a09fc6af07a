package dev.reprise.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

import dev.reprise.cli.bench.Measurement.Bar;

/**
 * The measurements as text for people, on a terminal and in Markdown.
 *
 * @param circumstances where and how it was measured, a line each
 * @param measurements the ratios
 */
record Report(List<String> circumstances, List<Measurement> measurements) {

	static final String BEGIN = "<!-- result of ./reprise bench: begin -->";

	static final String END = "<!-- result of ./reprise bench: end -->";

	private static final int WIDTH = 40;

	Report {
		circumstances = List.copyOf(circumstances);
		measurements = List.copyOf(measurements);
	}

	List<Measurement> missed() {
		return this.measurements.stream().filter((measurement) -> !measurement.met()).toList();
	}

	/**
	 * One measurement as it is printed.
	 */
	static String text(Measurement measurement) {
		StringBuilder text = new StringBuilder();
		text.append(measurement.title()).append('\n');
		for (String line : bars(measurement.bars())) {
			text.append("   ").append(line).append('\n');
		}
		text.append("   ")
			.append(measurement.figure())
			.append(": ")
			.append(measurement.median())
			.append(" (")
			.append(measurement.spread())
			.append(", ")
			.append(measurement.pairs())
			.append(" pairs), target ")
			.append(measurement.target())
			.append(measurement.met() ? ": held" : ": MISSED")
			.append('\n');
		measurement.notes().forEach((note) -> text.append("   ").append(note).append('\n'));
		return text.toString();
	}

	private static List<String> bars(List<Bar> bars) {
		double most = bars.stream().mapToDouble(Bar::value).max().orElse(1);
		int label = bars.stream().mapToInt((bar) -> bar.label().length()).max().orElse(1);
		return bars.stream().map((bar) -> {
			int length = Math.clamp(Math.round(WIDTH * bar.value() / most), 1, WIDTH);
			return String.format(Locale.ROOT, "%-" + label + "s %-" + WIDTH + "s %s", bar.label(), "#".repeat(length),
					bar.text());
		}).toList();
	}

	/**
	 * Everything as Markdown.
	 */
	String markdown() {
		StringBuilder text = new StringBuilder();
		this.circumstances.forEach((line) -> text.append("- ").append(line).append('\n'));
		text.append("\n| figure | median | least to most | pairs | target | |\n|---|---|---|---|---|---|\n");
		for (Measurement each : this.measurements) {
			text.append(List
				.of(each.figure(), each.median(), each.spread(), String.valueOf(each.pairs()), each.target(),
						each.met() ? "held" : "**missed**")
				.stream()
				.collect(Collectors.joining(" | ", "| ", " |\n")));
		}
		text.append("\n```\n")
			.append(this.measurements.stream().map(Report::text).collect(Collectors.joining("\n")))
			.append("```\n");
		return text.toString();
	}

	/**
	 * Writes the Markdown, between its marks if the file has them.
	 */
	void write(Path file) throws IOException {
		String block = BEGIN + "\n" + markdown() + END;
		String whole = block + "\n";
		if (Files.exists(file)) {
			String before = Files.readString(file);
			int begin = before.indexOf(BEGIN);
			int end = before.indexOf(END);
			if (begin >= 0 && end > begin) {
				whole = before.substring(0, begin) + block + before.substring(end + END.length());
			}
		}
		Files.writeString(file, whole);
	}

}
