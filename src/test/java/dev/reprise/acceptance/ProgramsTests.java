package dev.reprise.acceptance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

import dev.reprise.artifact.Digest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The ways to start a program, what it finds, and what is said of one that cannot be
 * recorded.
 */
class ProgramsTests extends WithService {

	@Test
	void aModuleOfAPackageRunsWithItsArgumentsAndVariables() throws IOException, InterruptedException {
		String run = this.client.succeeded(
				"""
						{"runtime": {"type": "python", "module": "pkg.train", "args": ["--lr", "0.1"]}, "env": {"COLOUR": "blue"}}""",
				Map.of("pkg/__init__.py", "", "pkg/train.py",
						"import os, sys\nprint(sys.argv[1:], os.environ['COLOUR'], os.getcwd())"));
		assertThat(this.client.text("/runs/" + run + "/logs")).isEqualTo("['--lr', '0.1'] blue /workspace/work\n");
	}

	@Test
	void anInputIsFoundAtItsPathAndIsNoOutput() throws IOException, InterruptedException {
		byte[] data = "1,2,3\n".getBytes(StandardCharsets.UTF_8);
		String digest = Digest.of(data).value();
		this.client.put("/blobs/" + digest, data);
		String run = this.client.succeeded("""
				{"inputs": {"numbers": {"digest": "%s", "path": "data/numbers.csv"}},
				 "runtime": {"type": "python", "entrypoint": "train.py"}}""".formatted(digest), Map.of("train.py", """
				import os
				assert open("data/numbers.csv").read() == open("/workspace/inputs/numbers").read()
				try:
				    open("data/numbers.csv", "w")
				except OSError as error:
				    print("refused:", error.strerror)
				open("sum.txt", "w").write("6")
				open(os.environ["REPRISE_OUTPUT_DIR"] + "/mean.txt", "w").write("2")
				"""));
		assertThat(this.client.text("/runs/" + run + "/logs")).startsWith("refused:");
		JsonNode outputs = this.client.get("/runs/" + run + "/artifacts").path("outputs");
		assertThat(outputs.path("files").valueStream().map((file) -> file.path("path").asString()))
			.containsExactly("mean.txt", "sum.txt");
		assertThat(outputs.path("unmatched").size()).isZero();
		assertThat(this.client.text("/runs/" + run + "/artifacts/sum.txt")).isEqualTo("6");
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 3 })
	void aProgramThatNothingRecordedFailsWhateverItsExitCode(int exitCode) throws IOException, InterruptedException {
		String run = this.client.submit("""
				{"runtime": {"type": "python", "command": ["python", "-I", "train.py"]}}""",
				Map.of("train.py", "open('result.txt', 'w').write('1')\nraise SystemExit(%d)".formatted(exitCode)));
		JsonNode ended = this.client.ended(run);
		assertThat(ended.path("state").asString()).isEqualTo("FAILED");
		assertThat(ended.path("failure").path("kind").asString()).isEqualTo("RECORD");
		assertThat(ended.path("failure").path("exitCode").asInt()).isEqualTo(exitCode);
		assertThat(ended.path("outputs").path("files").asInt()).as("what it left is collected all the same")
			.isEqualTo(1);
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "num_workers=2, persistent_workers=True", "num_workers=2, multiprocessing_context='spawn'" })
	void aLoadersWorkersLeaveNoGapHoweverTheyEnd(String workers) throws IOException, InterruptedException {
		String run = this.client.succeeded("""
				{"seed": 42, "determinism": "strict", "runtime": {"type": "python", "entrypoint": "train.py"}}""",
				Map.of("train.py", """
						import random, torch

						class Draws(torch.utils.data.Dataset):
						    def __len__(self): return 4
						    def __getitem__(self, index): return random.random()

						if __name__ == "__main__":
						    loader = torch.utils.data.DataLoader(Draws(), %s)
						    open("draws.txt", "w").write(str(list(loader)))
						""".formatted(workers)));
		JsonNode replayed = this.client.replayed(run);
		assertThat(replayed.path("verdict").asString()).as(replayed.toString()).isEqualTo("IDENTICAL");
	}

	@Test
	void aFileOfTheCodeThatOneRunTookAwayIsADifference() throws IOException, InterruptedException {
		String spec = """
				{"runtime": {"type": "python", "entrypoint": "train.py", "args": ["%s"]}}""";
		Map<String, String> code = Map.of("data.csv", "1,2", "train.py", """
				import os, sys
				open("sum.txt", "w").write("3")
				os.remove("data.csv") if sys.argv[1] == "remove" else None
				""");
		String kept = this.client.succeeded(spec.formatted("keep"), code);
		String removed = this.client.succeeded(spec.formatted("remove"), code);
		assertThat(this.client.diff(kept, removed).path("verdict").asString()).isEqualTo("DIFFERENT");
		assertThat(this.client.replayed(removed).path("verdict").asString()).isEqualTo("IDENTICAL");
	}

	@Test
	void aCommandWithoutPythonIsNotApplicableAndItsReplayIdentical() throws IOException, InterruptedException {
		String run = this.client.succeeded("""
				{"runtime": {"type": "python", "command": ["sh", "-c", "echo 42 > answer.txt"]}}""",
				Map.of("unused.txt", "-"));
		assertThat(this.client.checklist(run, "python-random").path("held").asString()).isEqualTo("not-applicable");
		assertThat(this.client.replayed(run).path("verdict").asString()).isEqualTo("IDENTICAL");
	}

	@Test
	void whatFailsSaysWhereAndARunThatTakesTooLongIsEnded() throws IOException, InterruptedException {
		JsonNode raised = this.client.ended(this.client.submit("""
				{"runtime": {"type": "python", "entrypoint": "train.py"}}""",
				Map.of("train.py", "def load():\n    raise ValueError('no data')\nload()\n")));
		assertThat(raised.path("failure").path("kind").asString()).isEqualTo("EXIT");
		assertThat(raised.path("failure").path("message").asString()).contains("ValueError").contains("no data");
		assertThat(raised.path("failure").path("location").asString()).isEqualTo("train.py:2");
		String endless = this.client.submit("""
				{"timeout": "PT1S", "runtime": {"type": "python", "entrypoint": "train.py"}}""",
				Map.of("train.py", "open('begun.txt', 'w').write('x')\nimport signal\nsignal.pause()\n"));
		JsonNode ended = this.client.ended(endless);
		assertThat(ended.path("failure").path("kind").asString()).isEqualTo("TIMEOUT");
		assertThat(ended.path("outputs").path("files").asInt()).isEqualTo(1);
	}

	@Test
	void aRunIsCancelledWhileItRunsAndWhatItLeftIsCollected() throws IOException, InterruptedException {
		String run = this.client.submit("""
				{"runtime": {"type": "python", "entrypoint": "train.py"}}""", Map.of("train.py",
				"import signal\nopen('begun.txt', 'w').write('x')\nprint('begun')\nsignal.pause()\n"));
		Await.until(Duration.ofMinutes(1),
				() -> Optional.of(this.client.text("/runs/" + run + "/logs").contains("begun")));
		this.client.post("/runs/" + run + "/cancel", "", 202);
		JsonNode ended = this.client.ended(run);
		assertThat(ended.path("state").asString()).isEqualTo("CANCELLED");
		assertThat(ended.path("failure").isNull()).isTrue();
		assertThat(ended.path("outputs").path("files").asInt()).isEqualTo(1);
	}

}
