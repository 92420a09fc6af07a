package dev.reprise.diff.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import dev.reprise.artifact.Digest;
import dev.reprise.artifact.ListedFile;
import dev.reprise.diff.engine.folder.Listings;
import dev.reprise.diff.engine.folder.RecordFolder;
import dev.reprise.record.BoundedJson;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Record pairs with their expected verdicts, written by
 * {@code src/test/python/corpus/generate.py}.
 */
class CorpusTests {

	private static final Path CORPUS = Path.of("src/test/resources/corpus");

	/** Cases about bytes that are not those of the listing. */
	private static final Set<String> ALTERED = Set.of("bytes-not-there", "bytes-are-not-those-listed",
			"output-that-is-a-link");

	private static final JsonMapper JSON = JsonMapper.shared();

	private final DiffEngine engine = new DiffEngine();

	static List<String> cases() throws IOException {
		try (Stream<Path> folders = Files.list(CORPUS)) {
			return folders.map((folder) -> folder.getFileName().toString()).sorted().toList();
		}
	}

	@ParameterizedTest
	@MethodSource("cases")
	void verdictIsTheExpectedOne(String name) throws Exception {
		JsonNode expected = BoundedJson.read(CORPUS.resolve(name).resolve("expected.json"));
		Diff diff = compare(name, "left", "right", comparison(expected));
		assertThat(diff.verdict()).as(diff.summary()).isEqualTo(Verdict.valueOf(expected.get("verdict").asString()));
		for (JsonNode part : expected.get("summaryContains")) {
			assertThat(diff.summary()).contains(part.asString());
		}
		assertThat(diff.summary()).endsWith(".").doesNotContain("\n");
		if (expected.has("missingContains")) {
			assertThat(diff.missing()).anyMatch((line) -> line.contains(expected.get("missingContains").asString()));
		}
		if (expected.has("kinds")) {
			assertThat(outputs(diff).differences().stream().map((difference) -> difference.kind().name()))
				.containsExactlyElementsOf(texts(expected.get("kinds")));
		}
		if (expected.has("causes")) {
			assertThat(diff.causes()
				.stream()
				.map((cause) -> cause.layer().word() + " " + cause.key() + " " + cause.confidence()))
				.containsExactlyElementsOf(texts(expected.get("causes")));
		}
	}

	@ParameterizedTest
	@MethodSource("cases")
	void whatIsSaidBesideTheVerdictIsTheExpected(String name) throws Exception {
		JsonNode expected = BoundedJson.read(CORPUS.resolve(name).resolve("expected.json"));
		Diff diff = compare(name, "left", "right", comparison(expected));
		if (expected.has("excepted")) {
			List<String> excepted = outputs(diff).excepted()
				.stream()
				.map((entry) -> entry.kind() + " " + entry.path() + " " + entry.detail())
				.toList();
			assertThat(excepted).hasSize(expected.get("excepted").size());
			for (int i = 0; i < excepted.size(); i++) {
				assertThat(excepted.get(i)).contains(expected.get("excepted").get(i).asString());
			}
		}
		if (expected.has("premises")) {
			List<String> premises = premises(diff);
			assertThat(premises).hasSize(expected.get("premises").size());
			for (int i = 0; i < premises.size(); i++) {
				assertThat(premises.get(i)).contains(texts(expected.get("premises").get(i)));
			}
		}
	}

	@ParameterizedTest
	@MethodSource("cases")
	void whatIsSaidOfTracesIsTheExpected(String name) throws Exception {
		JsonNode expected = BoundedJson.read(CORPUS.resolve(name).resolve("expected.json"));
		Diff diff = compare(name, "left", "right", comparison(expected));
		Result.Trace trace = (Result.Trace) diff.results().get(1);
		assertThat(diff.coverage().trace()).isEqualTo(trace.coverage())
			.isEqualTo(expected.path("trace").asString(name.startsWith("trace-") ? trace.coverage() : "off"));
		if (expected.has("divergence")) {
			assertThat(words(diff.divergence())).isEqualTo(expected.get("divergence").asString(null));
		}
		if (expected.has("reading")) {
			assertThat(reading(diff)).contains(expected.get("reading").asString());
		}
		if (expected.has("evidence")) {
			assertThat(words(trace.evidence())).isEqualTo(expected.get("evidence").asString());
		}
		if (expected.has("healed")) {
			assertThat(trace.processes().getFirst().healedAt()).isEqualTo(expected.get("healed").asLong());
		}
		if (expected.has("ranks")) {
			List<String> ranks = trace.ranks().stream().map((found) -> found.side() + ": " + found.what()).toList();
			assertThat(ranks).hasSize(expected.get("ranks").size());
			for (int i = 0; i < ranks.size(); i++) {
				assertThat(ranks.get(i)).startsWith(expected.get("ranks").get(i).asString());
			}
		}
		if (diff.coverage().trace().equals("missing")) {
			assertThat(diff.verdict()).isNotIn(Verdict.IDENTICAL, Verdict.IDENTICAL_EXCEPT, Verdict.WITHIN_TOLERANCE);
		}
		if (diff.divergence() != null) {
			assertThat(diff.verdict()).isIn(Verdict.DIFFERENT, Verdict.WITHIN_TOLERANCE, Verdict.INCONCLUSIVE);
			assertThat(trace.same()).isFalse();
		}
	}

	private static @Nullable String words(Diff.@Nullable Divergence divergence) {
		return (divergence == null) ? null : divergence.step() + " " + divergence.kind()
				+ ((divergence.tensor() != null) ? " " + divergence.tensor() : "");
	}

	private static String reading(Diff diff) {
		return (diff.divergence() != null) ? diff.divergence().reading() : "";
	}

	/**
	 * Each difference of the premises as one text: layer and key, both values, the note,
	 * the lines.
	 */
	private static List<String> premises(Diff diff) {
		List<String> premises = new ArrayList<>();
		for (Diff.Premise premise : diff.premises()) {
			if (premise.unknown() != null) {
				premises.add(premise.layer().word() + " " + premise.unknown());
			}
			for (Diff.KeyDifference difference : premise.differences()) {
				List<String> parts = new ArrayList<>(List.of(premise.layer().word() + " " + difference.key(),
						json(difference.left()) + " -> " + json(difference.right())));
				if (difference.note() != null) {
					parts.add(difference.note());
				}
				if (difference.text() != null) {
					parts.addAll(difference.text().diff());
				}
				premises.add(String.join("\n", parts));
			}
		}
		return premises;
	}

	private static String json(@Nullable Object value) {
		return (value instanceof String text) ? text : JSON.writeValueAsString(value);
	}

	@ParameterizedTest
	@MethodSource("cases")
	void swappedSidesHaveTheSameVerdict(String name) throws Exception {
		JsonNode expected = BoundedJson.read(CORPUS.resolve(name).resolve("expected.json"));
		if (expected.has("symmetric")) {
			return;
		}
		assertThat(compare(name, "right", "left", comparison(expected)).verdict().name())
			.isEqualTo(expected.get("verdict").asString());
	}

	@ParameterizedTest
	@MethodSource("cases")
	void identicalRestsOnSomethingAndLacksNothing(String name) throws Exception {
		JsonNode expected = BoundedJson.read(CORPUS.resolve(name).resolve("expected.json"));
		Diff diff = compare(name, "left", "right", comparison(expected));
		if (diff.verdict() == Verdict.IDENTICAL) {
			assertThat(diff.missing()).isEmpty();
			assertThat(diff.coverage().bytes() + diff.coverage().steps()).isPositive();
			assertThat(diff.coverage().ignored()).isEmpty();
			assertThat(outputs(diff).same()).isNotEqualTo(false);
			assertThat(diff.coverage().trace()).isNotEqualTo("missing");
			if (diff.coverage().bytes() == 0) {
				assertThat(diff.summary()).contains("traces alone");
			}
		}
		if (diff.verdict() != Verdict.DIFFERENT) {
			assertThat(diff.causes()).isEmpty();
		}
	}

	@ParameterizedTest
	@MethodSource("cases")
	void diffIsWrittenAsTheApiShowsIt(String name) throws Exception {
		Diff diff = compare(name, "left", "right",
				comparison(BoundedJson.read(CORPUS.resolve(name).resolve("expected.json"))));
		JsonNode json = JSON.readTree(JSON.writeValueAsBytes(diff));
		assertThat(json.propertyNames()).containsExactlyInAnyOrder("verdict", "summary", "premises", "results",
				"coverage", "divergence", "causes", "unknown", "missing");
		assertThat(layers(json.get("premises"))).containsExactly("settings", "code", "inputs", "environment", "machine",
				"recipe");
		assertThat(layers(json.get("results"))).containsExactly("end", "trace", "outputs");
		for (JsonNode premise : json.get("premises")) {
			assertThat(premise.get("same").isNull()).isEqualTo(premise.has("unknown"));
		}
	}

	@ParameterizedTest
	@MethodSource("cases")
	void listingsAgreeWithTheFiles(String name) throws Exception {
		if (ALTERED.contains(name)) {
			return;
		}
		for (String side : List.of("left", "right")) {
			Path folder = CORPUS.resolve(name).resolve(side);
			Listings listings = RecordFolder.open(folder).listings();
			if (listings == null) {
				continue;
			}
			for (ListedFile file : listings.outputs().files()) {
				Path path = folder.resolve("outputs").resolve(file.path());
				assertThat(Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)).as(path.toString()).isTrue();
				assertThat(Digest.of(Files.readAllBytes(path))).isEqualTo(file.digest());
				assertThat(Files.size(path)).isEqualTo(file.size());
				assertThat(Files.isExecutable(path)).isEqualTo(file.mode().equals("755"));
			}
		}
	}

	@Test
	void corpusHoldsEveryVerdict() throws Exception {
		List<String> verdicts = new ArrayList<>();
		for (String name : cases()) {
			verdicts.add(BoundedJson.read(CORPUS.resolve(name).resolve("expected.json")).get("verdict").asString());
		}
		assertThat(verdicts).hasSizeGreaterThanOrEqualTo(45);
		for (Verdict verdict : Verdict.values()) {
			assertThat(verdicts).contains(verdict.name());
		}
	}

	private Diff compare(String name, String left, String right, Comparison comparison) throws Exception {
		return this.engine.compare(RecordFolder.open(CORPUS.resolve(name).resolve(left)),
				RecordFolder.open(CORPUS.resolve(name).resolve(right)), comparison);
	}

	private static Comparison comparison(JsonNode expected) {
		return expected.has("compare") ? JSON.treeToValue(expected.get("compare"), Comparison.class) : Comparison.EXACT;
	}

	private static Result.Outputs outputs(Diff diff) {
		return (Result.Outputs) diff.results().get(2);
	}

	private static List<String> texts(JsonNode list) {
		return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asString).toList();
	}

	private static List<String> layers(JsonNode list) {
		return StreamSupport.stream(list.spliterator(), false).map((node) -> node.get("layer").asString()).toList();
	}

}
