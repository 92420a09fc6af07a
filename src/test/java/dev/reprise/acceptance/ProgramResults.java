package dev.reprise.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What was found of each program when it last ran for the table, and the table.
 */
final class ProgramResults {

	static final Path PAGE = Path.of("docs/programs.md");

	private static final Path FILE = RealProgram.FOLDER.resolve("results.json");

	private final ObjectNode results;

	private ProgramResults(ObjectNode results) {
		this.results = results;
	}

	static ProgramResults read() {
		try {
			return new ProgramResults((ObjectNode) JsonMapper.shared().readTree(Files.readString(FILE)));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	void put(RealProgram program, JsonNode run, JsonNode replay, JsonNode diff) {
		ObjectNode result = this.results.putObject(program.name());
		result.put("verdict", diff.path("verdict").asString());
		result.put("files", diff.path("coverage").path("outputs").asLong());
		result.put("bytes", diff.path("coverage").path("bytes").asLong());
		ArrayNode differing = result.putArray("differing");
		program.differs().stream().filter((pattern) -> !differing(diff).isEmpty()).forEach(differing::add);
		result.put("run", seconds(run)).put("replay", seconds(replay));
	}

	/**
	 * How long a run ran, to a tenth of a second.
	 */
	private static double seconds(JsonNode run) {
		Duration time = Duration.between(Instant.parse(run.path("startedAt").asString()),
				Instant.parse(run.path("finishedAt").asString()));
		return Math.round(time.toMillis() / 100.0) / 10.0;
	}

	/**
	 * The paths of a diff that are not equal, or that were left out of it.
	 */
	static List<String> differing(JsonNode diff) {
		List<String> paths = new ArrayList<>();
		for (JsonNode result : diff.path("results")) {
			if (result.path("layer").asString().equals("outputs")) {
				result.path("differences").forEach((difference) -> paths.add(difference.path("path").asString()));
				result.path("excepted").forEach((excepted) -> paths.add(excepted.path("path").asString()));
			}
		}
		return paths;
	}

	void write() throws IOException {
		Files.writeString(FILE,
				this.results.properties()
					.stream()
					.sorted(Map.Entry.comparingByKey())
					.map((entry) -> "  \"" + entry.getKey() + "\": " + entry.getValue())
					.collect(Collectors.joining(",\n", "{\n", "\n}\n")));
		Files.writeString(PAGE, page());
	}

	/**
	 * The page with the table as it must be.
	 */
	String page() throws IOException {
		String page = Files.readString(PAGE);
		int from = page.indexOf("<!-- programs: ");
		from = page.indexOf("-->\n", from) + "-->\n".length();
		int to = page.indexOf("<!-- /programs -->");
		return page.substring(0, from) + String.join("\n", table()) + "\n" + page.substring(to);
	}

	private List<String> table() throws IOException {
		List<String> lines = new ArrayList<>(
				List.of("| program | it shows | verdict | what differs | files equal, bytes | run, replay | it needs |",
						"|---|---|---|---|---|---|---|"));
		for (RealProgram program : RealProgram.all()) {
			JsonNode result = this.results.path(program.name());
			List<String> differing = result.path("differing")
				.valueStream()
				.map((path) -> "`" + path.asString() + "`")
				.toList();
			lines.add(
					"| **" + program.name() + "**: `" + program.program() + "` of " + origin(program) + " | "
							+ program.shows() + " | "
							+ (result.isMissingNode() ? "not run yet" : "`" + result.path("verdict").asString() + "` | "
									+ (differing.isEmpty() ? "nothing" : String.join(", ", differing)) + " | "
									+ String.format(Locale.ROOT, "%,d, %,d", result.path("files").asLong(),
											result.path("bytes").asLong())
									+ " | " + result.path("run").asString() + " s, " + result.path("replay").asString()
									+ " s")
							+ " | " + needs(program) + " |");
		}
		return lines;
	}

	private static String origin(RealProgram program) {
		if (!program.fetched()) {
			return "`" + program.from() + "`";
		}
		int at = program.from().indexOf('@');
		return "`" + program.from().substring("github:".length(), at) + "` at `"
				+ program.from().substring(at + 1, at + 13) + "`";
	}

	private static String needs(RealProgram program) {
		List<String> needs = new ArrayList<>();
		program.spec().path("env").properties().forEach((one) -> needs.add("`" + one.getKey() + "`"));
		program.text().keySet().forEach((path) -> needs.add("names at `" + path + "`"));
		program.files().forEach((path, text) -> needs.add("`" + path + "` with `" + text + "`"));
		if (program.made() != null) {
			needs.add("what `" + program.made() + "` makes");
		}
		return needs.isEmpty() ? "nothing" : String.join(", ", needs);
	}

}
