package dev.reprise.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Injects differences into real runs, by {@code src/test/evidence/suite.py}, and asks
 * what a diff says of each. With {@code -Dreprise.rewrite=true} the table of
 * {@code docs/evidence.md} is written again; {@code -Dreprise.evidence.drawn=} and
 * {@code -Dreprise.evidence.seed=} draw more cases, or others.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EvidenceTests {

	private static final Path PAGE = Path.of("docs/evidence.md");

	private static final int LEAST = 24;

	private List<JsonNode> injected = List.of();

	private List<JsonNode> drawn = List.of();

	private String page = "";

	private String said = "";

	@BeforeAll
	void run(@TempDir Path temp) throws IOException, InterruptedException {
		Path results = temp.resolve("results.json");
		Path table = Files.copy(PAGE, temp.resolve("evidence.md"));
		List<String> command = new ArrayList<>(
				List.of(Command.python(), "src/test/evidence/suite.py", "--results", results.toString(), "--page",
						table.toString(), "--drawn", Integer.toString(Integer.getInteger("reprise.evidence.drawn", 8)),
						"--seed", Integer.toString(Integer.getInteger("reprise.evidence.seed", 6)), "--"));
		command.addAll(Product.command());
		Path log = temp.resolve("log");
		ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
		builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
		builder.start().waitFor();
		this.said = Files.readString(log);
		assertThat(results).as(this.said).exists();
		assertThat(this.said).contains(" 0 not scored");
		List<JsonNode> all = StreamSupport
			.stream(JsonMapper.shared().readTree(Files.readString(results)).spliterator(), false)
			.toList();
		this.injected = all.stream().filter((one) -> !isDrawn(one)).toList();
		this.drawn = all.stream().filter(EvidenceTests::isDrawn).toList();
		this.page = Files.readString(table);
	}

	private static boolean isDrawn(JsonNode one) {
		return one.path("name").asString().startsWith("drawn-");
	}

	@Test
	void eachDifferenceIsOneByOtherMeans() {
		assertThat(this.injected).hasSizeGreaterThanOrEqualTo(LEAST);
		for (JsonNode one : this.injected) {
			assertThat(one.path("problems")).as(one.toString()).isEmpty();
		}
	}

	@Test
	void noneIsCalledIdentical() {
		assertThat(this.injected).extracting((one) -> one.path("verdict").asString())
			.doesNotContain("IDENTICAL", "IDENTICAL_EXCEPT", "WITHIN_TOLERANCE");
	}

	@Test
	void kindStepAndTensorAreThoseThatTheProgramsNoted() {
		long right = this.injected.stream().filter((one) -> one.path("sure").asBoolean()).count();
		assertThat(right).as(this.said).isGreaterThanOrEqualTo((long) Math.ceil(0.95 * this.injected.size()));
		assertThat(this.injected.stream().filter((one) -> one.path("sure").asBoolean()))
			.allSatisfy((one) -> assertThat(one.path("placed").asBoolean()).as(one.toString()).isTrue());
	}

	@Test
	void noCauseIsWrongAndUnknownIsWhatNoRecordTells() {
		assertThat(this.injected).allSatisfy((one) -> {
			boolean open = one.path("open").asBoolean() && one.path("verdict").asString().equals("DIFFERENT");
			assertThat(one.path("cause").asString()).as(one.toString()).isEqualTo(open ? "unknown" : "right");
		});
	}

	@Test
	void whatASeedDrawsIsJudgedRightToo() {
		assertThat(this.drawn).isNotEmpty().allSatisfy((one) -> {
			assertThat(one.path("problems")).as(one.toString()).isEmpty();
			assertThat(one.path("placed").asBoolean()).as(one.toString()).isTrue();
			assertThat(one.path("cause").asString()).as(one.toString()).isNotEqualTo("wrong");
		});
	}

	@Test
	void thePageHasWhatWasFound() throws IOException {
		if (Boolean.getBoolean("reprise.rewrite")) {
			Files.writeString(PAGE, this.page);
		}
		assertThat(Files.readString(PAGE)).isEqualTo(this.page);
	}

}
