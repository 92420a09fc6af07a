package dev.reprise.acceptance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.reprise.artifact.Digest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Injects differences into real runs on the JVM, and asks what a diff says of each. What
 * is true is found without any of Reprise: the outputs are compared byte by byte, and the
 * programs note themselves, in SHA-256, what goes through each step. With
 * {@code -Dreprise.rewrite=true} the second table of {@code docs/evidence.md} is written
 * again.
 */
class JvmEvidenceTests extends WithService {

	private static final Path PAGE = Path.of("docs/evidence.md");

	private static final String BEGIN = "<!-- jvm -->\n";

	private static final String END = "<!-- /jvm -->";

	private static final int SAMPLE = 37;

	private static final String OWN_SEED = "Engine.getInstance().setRandomSeed(7);";

	private static final Side PLAIN = new Side("Witnessed", Map.of(), List.of(), "seeded", 42, 1, "plain", 0);

	private static final Side OFF = PLAIN.with("seed", OWN_SEED).in("off");

	private static final Side CONV = PLAIN.args("--net", "conv");

	private static final Side PREFETCHING = new Side("Prefetching", Map.of(), List.of(), "off", 42, 1, "plain", 0);

	private static final String CODE = "code app.jar";

	private static final List<Case> CASES = List.of(
			new Case("job-seed", "the job's seed", PLAIN.in("strict"), PLAIN.in("strict").seed(43), "generator", 0,
					"torch", "settings seed"),
			new Case("program-seed", "the seed that the program gives the engine",
					PLAIN.with("seed", "Engine.getInstance().setRandomSeed(1);"),
					PLAIN.with("seed", "Engine.getInstance().setRandomSeed(2);"), "generator", 0, "torch",
					"recipe Engine.setRandomSeed at org/example/Witnessed.java:"),
			new Case("no-seed", "nobody seeds anything (mode off)", PLAIN.in("off"), PLAIN.in("off").again(),
					"generator", 0, "torch", "recipe torch.manual_seed"),
			twice("unseeded-random", "noise of a `new Random()` (mode off)",
					OFF.with("batch", "batch = batch.add(new java.util.Random().nextFloat());"), "batch", 0, "",
					"recipe new Random at org/example/Witnessed.java:"),
			twice("math-random", "noise of `Math.random`, which no mode pins",
					PLAIN.in("strict").with("batch", "batch = batch.add(Math.random());"), "batch", 0, "",
					"recipe Math.random at org/example/Witnessed.java:"),
			twice("secure-random", "a label drawn by a `SecureRandom`, which no mode pins",
					PLAIN.in("strict")
						.with("batch", "digits[0] = Math.floorMod(new java.security.SecureRandom().nextInt(), 4);"),
					"loss", null, "", "recipe new SecureRandom at org/example/Witnessed.java:"),
			new Case("seed-of-javas-generators", "the job's seed, where the program gives the engine one of its own",
					PLAIN.with("seed", OWN_SEED).with("order", "order = shuffled(order);"),
					PLAIN.with("seed", OWN_SEED).with("order", "order = shuffled(order);").seed(43), "batch", 0, "",
					"recipe jvm.Random.seed"),
			twice("time", "a learning rate that has the time in it",
					PLAIN.in("strict").with("rate", "rate *= 1 + System.nanoTime() % 99991 / 1e8f;"), "parameter", 0,
					"01fc1_weight", "recipe System.nanoTime at org/example/Witnessed.java:"),
			twice("order-of-a-set", "order of a `Set.of` (mode off)",
					OFF.with("order",
							"order = java.util.Set.of(0, 1, 2, 3, 4, 5, 6, 7).stream().map(i -> first + i).toList();"),
					"batch", null, "", "recipe jvm.ImmutableCollections.SALT"),
			twice("two-loaders", "two threads that prefetch, with a random transform (mode off)", PREFETCHING, null,
					null, null, "recipe djl.dataLoaders"),
			new Case("threads", "two threads for one", CONV, CONV.threads(2), "accumulated", 0, null,
					"settings resources.threads"),
			new Case("threads-later", "two threads from step 5 on", CONV,
					CONV.with("load", "if (step == 5) { JniUtils.setNumThreads(2); }"), "accumulated", 5, null,
					"recipe torch.num_threads changed at org/example/Witnessed.java:"),
			new Case("rate", "learning rate 0.04 for 0.05", PLAIN, PLAIN.args("--rate", "0.04"), "parameter", 0,
					"01fc1_weight", "settings runtime.args"),
			new Case("dropout-rate", "dropout 0.4 for 0.5", PLAIN, PLAIN.args("--dropout", "0.4"), "output", 0,
					"04drop", "settings runtime.args"),
			new Case("running-statistics", "momentum of the running statistics", PLAIN, PLAIN.args("--momentum", "0.2"),
					"buffer", 0, "02norm_runningMean", "settings runtime.args"),
			new Case("one-sample", "one number of one sample", PLAIN, PLAIN.data("sample"), "batch", SAMPLE / 8, "",
					"code data.csv"),
			new Case("one-label", "one label", PLAIN, PLAIN.data("label"), "loss", SAMPLE / 8, "", "code data.csv"),
			new Case("init-of-one-layer", "weights of one layer begin 1 % larger", PLAIN,
					PLAIN.with("model", "net.getParameters().get(\"05head_weight\").getArray().muli(1.01f);"), "output",
					0, "05head", CODE),
			new Case("halved-late", "gradients of step 7 halved before the optimizer takes them", PLAIN, PLAIN.with(
					"backward",
					"if (step == 7) { net.getParameters().get(\"05head_weight\").getArray().getGradient().divi(2); }"),
					"gradient", 7, "05head_weight", CODE),
			new Case("reseeded", "the engine is seeded anew before step 5", PLAIN,
					PLAIN.with("load", "if (step == 5) { Engine.getInstance().setRandomSeed(7); }"), "generator", 5,
					"torch", "recipe Engine.setRandomSeed at org/example/Witnessed.java:"),
			new Case("draw-between", "one number drawn between steps 4 and 5", PLAIN,
					PLAIN.with("end", "if (step == 4) { manager.randomNormal(new Shape(1)); }"), "generator", 5,
					"torch", CODE));

	private final Map<Side, String> submitted = new HashMap<>();

	private final Map<String, String> codes = new HashMap<>();

	private final List<Score> scores = new ArrayList<>();

	private Path folder = Path.of("");

	private static Case twice(String name, String what, Side side, @Nullable String kind, @Nullable Integer step,
			@Nullable String tensor, String cause) {
		return new Case(name, what, side, side.again(), kind, step, tensor, cause);
	}

	@BeforeAll
	void judge(@TempDir Path temp) throws IOException, InterruptedException {
		this.folder = temp;
		for (Case one : CASES) {
			run(one.left());
			run(one.right());
		}
		for (Case one : CASES) {
			String left = run(one.left());
			Side side = one.right();
			Parting noted = null;
			String right;
			do {
				right = run(side);
				noted = Parting.of(notes(left), notes(right));
				side = side.again();
			}
			while (noted == null && side.attempt() < 8);
			this.scores.add(score(one, left, right, noted));
		}
	}

	private String run(Side side) throws IOException, InterruptedException {
		String known = this.submitted.get(side);
		if (known == null) {
			known = this.client.submit(
					"""
							{"seed": %d, "determinism": "%s", "code": "%s", "resources": {"cpus": %d, "threads": %d, "memory": "2GiB", "disk": "1GiB"},
							 "runtime": {"type": "djl", "main": "org.example.%s", "args": [%s]}}"""
						.formatted(side.seed(), side.mode(), code(side), side.threads(), side.threads(), side.program(),
								side.args().stream().map((arg) -> "\"" + arg + "\"").collect(Collectors.joining(", "))),
					Map.of());
			this.submitted.put(side, known);
		}
		return known;
	}

	private String code(Side side) throws IOException, InterruptedException {
		String key = side.program() + side.edits() + side.data();
		String known = this.codes.get(key);
		if (known == null) {
			String text = JavaProgram.text(side.program());
			for (Map.Entry<String, String> edit : side.edits().entrySet()) {
				String place = "// HERE: " + edit.getKey() + "\n";
				assertThat(text.split(place, -1)).as(place).hasSize(2);
				text = text.replace(place, edit.getValue() + "\n");
			}
			byte[] jar = JavaProgram.jar(this.folder,
					Map.of(side.program(), text, "Witness", JavaProgram.text("Witness")));
			byte[] archive = JavaProgram.zip(List.of(new JavaProgram.Entry("app.jar", jar),
					new JavaProgram.Entry("data.csv", data(side.data()).getBytes(StandardCharsets.UTF_8))));
			known = Digest.of(archive).value();
			this.client.put("/blobs/" + known, archive);
			this.codes.put(key, known);
		}
		return known;
	}

	/**
	 * Samples of 16 numbers and a label.
	 */
	private static String data(String changed) {
		Random random = new Random(11);
		StringBuilder lines = new StringBuilder();
		for (int sample = 0; sample < 64; sample++) {
			int label = random.nextInt(4);
			boolean here = sample == SAMPLE;
			for (int i = 0; i < 16; i++) {
				float number = label + (float) random.nextGaussian();
				lines.append((here && i == 5 && changed.equals("sample")) ? number + 0.5f : number).append(',');
			}
			lines.append((here && changed.equals("label")) ? (label + 1) % 4 : label).append('\n');
		}
		return lines.toString();
	}

	/**
	 * What a program noted: by step, kind and name the digests in the order in which they
	 * came.
	 */
	private Map<Integer, Map<String, List<String>>> notes(String run) throws IOException, InterruptedException {
		JsonNode ended = this.client.ended(run);
		String log = this.client.text("/runs/" + run + "/logs");
		assertThat(ended.path("state").asString()).as(ended.toPrettyString() + log).isEqualTo("SUCCEEDED");
		Map<Integer, Map<String, List<String>>> notes = new LinkedHashMap<>();
		log.lines().filter((line) -> line.startsWith("note ")).forEach((line) -> {
			String[] words = line.split(" ", -1);
			notes.computeIfAbsent(Integer.valueOf(words[1]), (missing) -> new LinkedHashMap<>())
				.computeIfAbsent(words[2] + " " + words[3], (missing) -> new ArrayList<>())
				.add(words[4]);
		});
		return notes;
	}

	private Score score(Case one, String left, String right, @Nullable Parting noted)
			throws IOException, InterruptedException {
		boolean differ = !Arrays.equals(this.client.bytes("/runs/" + left + "/artifacts/weights.txt"),
				this.client.bytes("/runs/" + right + "/artifacts/weights.txt"));
		JsonNode diff = this.client.diff(left, right);
		JsonNode evidence = evidence(diff);
		return new Score(one, differ, noted, diff.path("verdict").asString(), Parting.of(diff.path("divergence")),
				Parting.of(evidence.isObject() ? evidence : diff.path("divergence")),
				diff.path("causes").isEmpty() || diff.path("unknown").isString() ? "unknown"
						: diff.path("causes").get(0).path("layer").asString() + " "
								+ diff.path("causes").get(0).path("key").asString(),
				diff.toPrettyString());
	}

	/**
	 * Where the traces part, generators counted.
	 */
	private static JsonNode evidence(JsonNode diff) {
		for (JsonNode result : diff.path("results")) {
			if (result.path("layer").asString().equals("trace")) {
				return result.path("evidence");
			}
		}
		throw new AssertionError("no traces were compared: " + diff.toPrettyString());
	}

	@Test
	void eachDifferenceIsOneByOtherMeans() {
		assertThat(this.scores).hasSameSizeAs(CASES).allSatisfy((one) -> {
			assertThat(one.outputs()).as(one.toString()).isTrue();
			assertThat(one.noted()).as(one.toString()).isNotNull();
		});
	}

	@Test
	void noneIsCalledIdentical() {
		assertThat(this.scores)
			.allSatisfy((one) -> assertThat(one.verdict()).as(one.toString()).isEqualTo("DIFFERENT"));
	}

	@Test
	void resultsPartWhereTheProgramsNotedThatTheyDo() {
		assertThat(this.scores)
			.allSatisfy((one) -> assertThat(one.results()).as(one.toString()).isEqualTo(one.noted()));
	}

	@Test
	void theFirstToDifferIsWhatFollowsFromTheProgram() {
		assertThat(this.scores).allSatisfy((one) -> assertThat(one.isPlaced()).as(one.toString()).isTrue());
	}

	@Test
	void whatWasInjectedIsNamedFirst() {
		assertThat(this.scores)
			.allSatisfy((one) -> assertThat(one.named()).as(one.toString()).startsWith(one.of().cause()));
	}

	@Test
	void thePageHasWhatWasFound() throws IOException {
		String page = Files.readString(PAGE);
		List<String> lines = new ArrayList<>(
				List.of("| case | what differs | mode | the programs' outputs | verdict | first to differ | cause | |",
						"|---|---|---|---|---|---|---|---|"));
		this.scores.forEach((one) -> lines.add(one.line()));
		lines.add("");
		lines.add(
				"%d differences, none called identical. Kind, step and tensor are right wherever they are defined in %d, the cause is named first in %d."
					.formatted(this.scores.size(), this.scores.stream().filter(Score::isPlaced).count(),
							this.scores.stream().filter(Score::isNamed).count()));
		String current = page.substring(0, page.indexOf(BEGIN) + BEGIN.length()) + String.join("\n", lines) + "\n"
				+ page.substring(page.indexOf(END));
		if (Boolean.getBoolean("reprise.rewrite")) {
			Files.writeString(PAGE, current);
		}
		assertThat(Files.readString(PAGE)).isEqualTo(current);
	}

	/**
	 * One run: a program, lines that stand in places of its text, and how it is started.
	 *
	 * @param data which samples lie beside it
	 * @param attempt tells two runs of the same side apart
	 */
	private record Side(String program, Map<String, String> edits, List<String> args, String mode, int seed,
			int threads, String data, int attempt) {

		Side with(String place, String line) {
			Map<String, String> all = new LinkedHashMap<>(this.edits);
			all.put(place, line);
			return new Side(this.program, all, this.args, this.mode, this.seed, this.threads, this.data, this.attempt);
		}

		Side args(String... more) {
			List<String> all = new ArrayList<>(this.args);
			all.addAll(List.of(more));
			return new Side(this.program, this.edits, all, this.mode, this.seed, this.threads, this.data, this.attempt);
		}

		Side in(String other) {
			return new Side(this.program, this.edits, this.args, other, this.seed, this.threads, this.data,
					this.attempt);
		}

		Side seed(int other) {
			return new Side(this.program, this.edits, this.args, this.mode, other, this.threads, this.data,
					this.attempt);
		}

		Side threads(int other) {
			return new Side(this.program, this.edits, this.args, this.mode, this.seed, other, this.data, this.attempt);
		}

		Side data(String other) {
			return new Side(this.program, this.edits, this.args, this.mode, this.seed, this.threads, other,
					this.attempt);
		}

		Side again() {
			return new Side(this.program, this.edits, this.args, this.mode, this.seed, this.threads, this.data,
					this.attempt + 1);
		}

	}

	/**
	 * Two sides that differ in one thing, and what has to be said of them.
	 *
	 * @param kind of the first column that differs, generators counted, null where it is
	 * not defined; then it is what the programs noted
	 * @param step null as the kind
	 * @param tensor null as the kind
	 * @param cause layer and begin of the key of what has to be named first
	 */
	private record Case(String name, String what, Side left, Side right, @Nullable String kind, @Nullable Integer step,
			@Nullable String tensor, String cause) {
	}

	/**
	 * The first that differs.
	 */
	private record Parting(int step, String kind, String name) {

		/**
		 * In causal order; what a model is given and gives and the loss stand as they
		 * were made.
		 */
		private static final List<String> KINDS = List.of("batch", "output", "loss", "accumulated", "gradient",
				"parameter", "buffer");

		static @Nullable Parting of(JsonNode place) {
			return place.isObject() ? new Parting(place.path("step").asInt(), place.path("kind").asString(),
					place.path("tensor").asString()) : null;
		}

		static @Nullable Parting of(Map<Integer, Map<String, List<String>>> left,
				Map<Integer, Map<String, List<String>>> right) {
			int steps = Math.max(left.size(), right.size());
			for (int step : IntStream.range(0, steps).toArray()) {
				Map<String, List<String>> one = left.getOrDefault(step, Map.of());
				Map<String, List<String>> other = right.getOrDefault(step, Map.of());
				for (String kind : KINDS) {
					for (Map.Entry<String, List<String>> note : one.entrySet()) {
						if (note.getKey().startsWith(kind + " ") && !note.getValue().equals(other.get(note.getKey()))) {
							String name = note.getKey().substring(kind.length() + 2, note.getKey().length() - 1);
							return new Parting(step, kind, name);
						}
					}
				}
			}
			return null;
		}

	}

	/**
	 * What was found of a case.
	 *
	 * @param outputs whether the weights differ, byte by byte
	 * @param noted where what the programs noted parts
	 * @param results where a diff says that results part
	 * @param first where it says that anything parts, generators counted
	 * @param named the first of its causes
	 */
	private record Score(Case of, boolean outputs, @Nullable Parting noted, String verdict, @Nullable Parting results,
			@Nullable Parting first, String named, String diff) {

		/**
		 * Whether step, kind and tensor are right, as far as they are defined.
		 */
		boolean isPlaced() {
			Parting found = this.first;
			if (found == null) {
				return false;
			}
			boolean declared = (this.of.kind() == null || this.of.kind().equals(found.kind()))
					&& (this.of.step() == null || this.of.step() == found.step())
					&& (this.of.tensor() == null || this.of.tensor().equals(found.name()));
			return declared && (found.kind().startsWith("generator") || found.equals(this.noted));
		}

		boolean isNamed() {
			return this.named.startsWith(this.of.cause());
		}

		String line() {
			Parting found = this.first;
			String place = (found == null) ? "no column" : (this.of.kind() == null) ? "not defined" : "`%s`, %s"
				.formatted(found.kind(), (this.of.step() != null) ? "step " + found.step() : "any step");
			String tensor = (found != null && this.of.tensor() != null && !found.name().isEmpty())
					? ", `" + found.name() + "`" : "";
			return "| %s | %s | %s | %s | `%s` | %s%s | `%s` | %s |".formatted(this.of.name(), this.of.what(),
					this.of.right().mode(), this.outputs ? "differ" : "are equal", this.verdict, place, tensor,
					this.named, (isPlaced() && isNamed()) ? "right" : "wrong");
		}

	}

}
