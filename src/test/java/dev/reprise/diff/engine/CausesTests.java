package dev.reprise.diff.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import dev.reprise.diff.reader.TextDifference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * The rules by which causes are named, each by itself; real runs for each are in
 * {@code src/test/evidence}.
 */
class CausesTests {

	private static final Path PAGE = Path.of("docs/causes.md");

	private static final Suspect THREADS = suspect(Layer.SETTINGS, "resources.threads", Family.THREADS);

	private static final Suspect CODE = suspect(Layer.CODE, "train.py", Family.CODE);

	private static final Suspect SEED = suspect(Layer.SETTINGS, "seed", Family.SEED);

	private static final Suspect DATA = suspect(Layer.CODE, "data.npz", Family.DATA);

	private static final Suspect WEIGHTS = suspect(Layer.CODE, "checkpoint.pt", Family.WEIGHTS);

	private static final Suspect ARGUMENTS = suspect(Layer.SETTINGS, "runtime.args", Family.COMMAND);

	private static final Suspect PACKAGE = suspect(Layer.ENVIRONMENT, "packages.rich.version", Family.PACKAGE);

	private static final Suspect KNOB = suspect(Layer.RECIPE, "MKL_CBWR", Family.KNOB);

	private static final Suspect WARNED = suspect(Layer.RECIPE, "put_ at train.py:3", Family.WARNED);

	private static final Suspect URANDOM = suspect(Layer.RECIPE, "os.urandom at train.py:9", Family.SOURCE);

	private static final Suspect HASHES = suspect(Layer.RECIPE, "PYTHONHASHSEED", Family.ORDER);

	private static final Suspect LISTING = suspect(Layer.RECIPE, "os.listdir at train.py:4", Family.LISTING);

	static List<Arguments> rows() {
		return List.of(
				// With another number of threads the backward pass names them first.
				row(at(Where.BACKWARD, 0), List.of(CODE, THREADS), "resources.threads likely", "train.py likely"),
				row(at(Where.FORWARD, 3), List.of(THREADS), "resources.threads likely"),
				row(at(Where.BATCH, 0), List.of(THREADS, CODE), "train.py likely", "resources.threads possible"),
				row(at(Where.OPTIMIZER, 0), List.of(THREADS, ARGUMENTS), "runtime.args likely",
						"resources.threads possible"),
				// A seed decides generators, and nothing where these are equal.
				row(generator(0, "numpy"), List.of(CODE, SEED), "seed likely", "train.py likely"),
				row(at(Where.BATCH, 0), List.of(SEED, DATA), "data.npz likely", "seed possible"),
				row(generator(57, "torch"), List.of(SEED, CODE), "train.py likely", "seed possible"),
				// A seeding call decides its own generator, from its step on.
				row(generator(0, "numpy"), List.of(CODE, seeding("numpy", 0L)), "numpy.seed likely", "train.py likely"),
				row(generator(0, "torch"), List.of(seeding("numpy", 0L), CODE), "train.py likely",
						"numpy.seed possible"),
				row(generator(5, "torch"), List.of(CODE, seeding("torch", 5L)), "torch.seed likely", "train.py likely"),
				row(generator(5, "torch"), List.of(CODE, seeding("torch", 7L)), "train.py likely"),
				row(at(Where.BATCH, 0), List.of(seeding("torch", 0L)), "torch.seed possible", "?"),
				// A knob that drifts, in its step first, and never for what came before.
				row(at(Where.BACKWARD, 5), List.of(CODE, THREADS, drift(5L)), "knob likely", "resources.threads likely",
						"train.py likely"),
				row(at(Where.BACKWARD, 5), List.of(CODE, drift(6L)), "train.py likely"),
				row(at(Where.BATCH, 5), List.of(CODE, drift(5L)), "train.py likely", "knob possible"),
				// Data, weights, code.
				row(at(Where.BATCH, 9), List.of(CODE, DATA), "data.npz likely", "train.py likely"),
				row(at(Where.START, 0), List.of(CODE, WEIGHTS), "checkpoint.pt likely", "train.py likely"),
				row(at(Where.FORWARD, 4), List.of(CODE, WEIGHTS), "train.py likely", "checkpoint.pt possible"),
				row(at(Where.LOSS, 4), List.of(CODE, DATA), "data.npz likely", "train.py likely"),
				row(at(Where.FIRST_LOSS, 0), List.of(CODE, DATA), "train.py likely", "data.npz likely"),
				row(at(Where.TREATMENT, 2), List.of(THREADS, ARGUMENTS), "runtime.args likely",
						"resources.threads likely"),
				row(at(Where.BUFFER, 2), List.of(DATA, CODE), "train.py likely", "data.npz possible"),
				// What a program is started with acts from the first step on, code in
				// any.
				row(at(Where.OPTIMIZER, 0), List.of(CODE, ARGUMENTS), "runtime.args likely", "train.py likely"),
				row(at(Where.OPTIMIZER, 8), List.of(ARGUMENTS, CODE), "train.py likely", "runtime.args likely"),
				row(at(Where.START, 0), List.of(CODE, THREADS), "resources.threads likely", "train.py likely"),
				// What is weak is likely only where it is alone.
				row(at(Where.FORWARD, 0), List.of(KNOB), "MKL_CBWR likely"),
				row(at(Where.FORWARD, 0), List.of(KNOB, PACKAGE), "MKL_CBWR possible",
						"packages.rich.version possible"),
				row(at(Where.BATCH, 0), List.of(KNOB), "MKL_CBWR possible", "?"),
				// What is the same on both sides is named only where nothing differs that
				// fits.
				row(at(Where.FORWARD, 0), List.of(WARNED), "put_ at train.py:3 likely"),
				row(at(Where.FORWARD, 0), List.of(WARNED, THREADS), "resources.threads likely"),
				row(at(Where.BATCH, 0), List.of(WARNED, URANDOM), "os.urandom at train.py:9 likely"),
				row(at(Where.BATCH, 0), List.of(URANDOM, HASHES), "os.urandom at train.py:9 possible",
						"PYTHONHASHSEED possible"),
				row(at(Where.BATCH, 0), List.of(HASHES), "PYTHONHASHSEED possible"),
				row(at(Where.OPTIMIZER, 0), List.of(HASHES), "?"),
				row(at(Where.BATCH, 0), List.of(LISTING, URANDOM), "os.listdir at train.py:4 likely"),
				row(at(Where.BATCH, 0), List.of(LISTING), "os.listdir at train.py:4 likely"),
				// Nothing is an answer.
				row(at(Where.BACKWARD, 17), List.of(), "?"),
				// Without a trace: by the premises alone.
				row(new Scene(Where.NOWHERE, null, 1, null, null), List.of(KNOB, SEED, CODE), "train.py likely",
						"seed likely", "MKL_CBWR possible"),
				row(new Scene(Where.NOWHERE, null, 1, null, null), List.of(), "?"));
	}

	@ParameterizedTest
	@MethodSource("rows")
	void aRuleNamesWhatItKnows(Scene scene, List<Suspect> suspects, List<String> expected) {
		Causes causes = Causes.of(suspects, List.of(scene));
		List<String> said = new ArrayList<>(
				causes.list().stream().map((cause) -> cause.key() + " " + cause.confidence()).toList());
		if (causes.unknown() != null) {
			said.add("?");
			assertThat(causes.unknown()).startsWith("Nothing that is known to differ explains ").endsWith(".");
		}
		assertThat(said).isEqualTo(expected);
		causes.list().forEach((cause) -> assertThat(cause.evidence()).isNotBlank());
	}

	@Test
	void whereResultsPartLaterThanGeneratorsBothAreExplained() {
		Causes causes = Causes.of(List.of(THREADS, seeding("python", 0L)),
				List.of(generator(0, "python"), at(Where.BACKWARD, 812)));
		assertThat(causes.list()).extracting(Diff.Cause::key).containsExactly("python.seed", "resources.threads");
		assertThat(causes.list().getLast().confidence()).isEqualTo("likely");
		assertThat(causes.list().getLast().evidence()).contains("the traces part in step 812");
	}

	@Test
	void ofOneFamilyFiveAreNamed() {
		List<Suspect> files = Stream.of("a", "b", "c", "d", "e", "f")
			.map((name) -> suspect(Layer.CODE, name + ".py", Family.CODE))
			.toList();
		assertThat(Causes.of(files, List.of(at(Where.LOSS, 1))).list()).extracting(Diff.Cause::key)
			.containsExactly("a.py", "b.py", "c.py", "d.py", "e.py");
	}

	@ParameterizedTest
	@EnumSource(Where.class)
	void everyPlaceHasRulesAndSaysWhatIsLeft(Where where) {
		assertThat(where.families()).doesNotHaveDuplicates().isNotEmpty();
		assertThat(where.rest()).isNotBlank();
	}

	@Test
	void commentsAreNoProgram() {
		assertThat(family("train.py", "-# one", "+# two", "+")).isEqualTo(Family.IDLE);
		assertThat(family("train.py", "-# one", "+x = 2")).isEqualTo(Family.CODE);
		assertThat(family("run.sh", "-# one", "+# two")).isEqualTo(Family.CODE);
		assertThat(family("README.md", "-one", "+two")).isEqualTo(Family.IDLE);
		assertThat(CodeFamily.of("data/x.csv")).isEqualTo(Family.DATA);
		assertThat(CodeFamily.of("a.b/model.safetensors")).isEqualTo(Family.WEIGHTS);
		assertThat(CodeFamily.of("Makefile")).isEqualTo(Family.CODE);
	}

	@Test
	void thePageHasTheseRules() throws IOException {
		String page = Files.readString(PAGE);
		int from = page.indexOf("<!-- rules -->\n") + "<!-- rules -->\n".length();
		int to = page.indexOf("<!-- /rules -->");
		String current = page.substring(0, from) + String.join("\n", table()) + "\n" + page.substring(to);
		if (Boolean.getBoolean("reprise.rewrite")) {
			Files.writeString(PAGE, current);
		}
		assertThat(Files.readString(PAGE)).isEqualTo(current);
		for (Family family : Family.values()) {
			assertThat(page).as("the sort " + family).contains("| " + word(family) + " |");
		}
	}

	private static List<String> table() {
		List<String> lines = new ArrayList<>(
				List.of("| first to differ | what can make it so, the most likely first | if nothing of it differs |",
						"|---|---|---|"));
		for (Where where : Where.values()) {
			List<String> families = where.families()
				.stream()
				.map((family) -> family.strong() ? "**" + word(family) + "**" : word(family))
				.toList();
			lines.add("| " + where.words() + " | " + String.join(", ", families) + " | " + where.rest() + " |");
		}
		return lines;
	}

	private static String word(Family family) {
		return family.name().toLowerCase(Locale.ROOT);
	}

	private static Family family(String path, String... lines) {
		List<String> diff = new ArrayList<>(List.of("--- left", "+++ right", "@@ -1 +1 @@"));
		diff.addAll(List.of(lines));
		return CodeFamily.of(new Diff.KeyDifference(path, "a", "b", null, new TextDifference(1, diff, 0)));
	}

	private static Arguments row(Scene scene, List<Suspect> suspects, String... expected) {
		return arguments(scene, suspects, Arrays.asList(expected));
	}

	private static Scene at(Where where, long step) {
		return new Scene(where, step, 1, null, "step " + step + ", " + where);
	}

	private static Scene generator(long step, String name) {
		return new Scene((step == 0) ? Where.SEEDS : Where.DRAW, step, 1, name, "step " + step + ", generator " + name);
	}

	private static Suspect suspect(Layer layer, String key, Family family) {
		return new Suspect(layer, key, family, "1 on the left, 2 on the right");
	}

	private static Suspect seeding(String generator, @Nullable Long step) {
		return new Suspect(Layer.RECIPE, generator + ".seed", Family.SEEDING, null, "1 on the left, 2 on the right",
				generator, step);
	}

	private static Suspect drift(@Nullable Long step) {
		return new Suspect(Layer.RECIPE, "knob", Family.DRIFT, null, "nothing on the left, 2 on the right", null, step);
	}

}
