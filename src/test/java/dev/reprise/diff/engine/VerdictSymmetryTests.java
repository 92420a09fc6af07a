package dev.reprise.diff.engine;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import dev.reprise.diff.engine.folder.RecordFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs that are put together at random, from fixed seeds, are compared both ways.
 */
class VerdictSymmetryTests {

	private static final List<String> PATHS = List.of("a.bin", "b/c.txt", "log.txt");

	private final DiffEngine engine = new DiffEngine();

	@TempDir
	Path folder;

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3 })
	void swappingTheSidesMirrorsTheDiff(int seed) throws Exception {
		Random random = new Random(seed);
		Set<Verdict> seen = new HashSet<>();
		for (int i = 0; i < 60; i++) {
			RecordFolder a = run(seed + "-" + i + "-a", random);
			RecordFolder b = run(seed + "-" + i + "-b", random);
			Comparison comparison = new Comparison(0, 0, 0, (random.nextInt(4) == 0) ? List.of("*.txt") : List.of());
			Diff forth = this.engine.compare(a, b, comparison);
			Diff back = this.engine.compare(b, a, comparison);
			assertThat(back.verdict()).isEqualTo(forth.verdict());
			assertThat(back.coverage()).isEqualTo(forth.coverage());
			assertThat(kinds(back)).containsExactlyElementsOf(mirrored(kinds(forth)));
			assertThat(sides(back.missing())).containsExactlyInAnyOrderElementsOf(swapped(forth.missing()));
			seen.add(forth.verdict());
		}
		assertThat(seen).contains(Verdict.DIFFERENT, Verdict.INCONCLUSIVE);
	}

	@Test
	void runComparedWithItselfIsNeverDifferent() throws Exception {
		Random random = new Random(7);
		for (int i = 0; i < 60; i++) {
			RecordFolder run = run("self-" + i, random);
			assertThat(this.engine.compare(run, run, Comparison.EXACT).verdict()).isNotIn(Verdict.DIFFERENT,
					Verdict.NOT_COMPARABLE, Verdict.WITHIN_TOLERANCE);
		}
	}

	private RecordFolder run(String name, Random random) throws Exception {
		WrittenRun run = new WrittenRun(this.folder.resolve(name));
		Map<String, String> outputs = new HashMap<>();
		for (String path : PATHS) {
			if (random.nextInt(5) > 0) {
				outputs.put(path, (random.nextInt(3) == 0) ? "x" + random.nextInt(3) : "same");
			}
		}
		Instant start = Instant.ofEpochSecond(1_800_000_000L + 86_400L * random.nextInt(5));
		for (int i = 0; i < 3; i++) {
			if (random.nextInt(2) > 0) {
				outputs.put("t_" + (start.getEpochSecond() + random.nextInt(1000)) + "/" + random.nextInt(2),
						(random.nextInt(3) == 0) ? "x" + i : "same");
			}
		}
		run.start(start);
		run.outputs(outputs);
		run.complete(random.nextInt(6) > 0);
		run.end(switch (random.nextInt(8)) {
			case 0 -> "CANCELLED";
			case 1 -> "FAILED";
			default -> "SUCCEEDED";
		});
		return run.write();
	}

	private static List<FileDifference.Kind> kinds(Diff diff) {
		return ((Result.Outputs) diff.results().get(2)).differences().stream().map(FileDifference::kind).toList();
	}

	private static List<FileDifference.Kind> mirrored(List<FileDifference.Kind> kinds) {
		return kinds.stream().map((kind) -> switch (kind) {
			case MISSING_LEFT -> FileDifference.Kind.MISSING_RIGHT;
			case MISSING_RIGHT -> FileDifference.Kind.MISSING_LEFT;
			default -> kind;
		}).toList();
	}

	private static List<String> sides(List<String> missing) {
		return new ArrayList<>(missing);
	}

	private static List<String> swapped(List<String> missing) {
		return missing.stream()
			.map((line) -> line.startsWith("left:") ? "right:" + line.substring(5)
					: line.startsWith("right:") ? "left:" + line.substring(6) : line)
			.toList();
	}

}
