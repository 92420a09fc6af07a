package dev.reprise.acceptance;

import java.io.IOException;
import java.util.Map;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Programs that are started by another: what fails is told in the words of the process
 * that failed, not of its launcher.
 */
class LaunchersTests extends WithService {

	private static final String TORCHRUN = """
			{"seed": 42, "determinism": "strict",
			 "runtime": {"type": "python", "command": ["torchrun", "--nproc-per-node=2", "train.py"]}}""";

	@Test
	void aRankThatRaisesIsTheOneThatIsTold() throws IOException, InterruptedException {
		JsonNode failure = failure(TORCHRUN, """
				import torch.distributed as dist

				def load():
				    if dist.get_rank() == 1:
				        raise ValueError("no data")
				    dist.barrier()

				dist.init_process_group("gloo")
				load()
				""");
		assertThat(failure.path("kind").asString()).isEqualTo("EXIT");
		assertThat(failure.path("message").asString()).startsWith("ValueError: no data (in its process pid-");
		assertThat(failure.path("location").asString()).isEqualTo("train.py:5");
	}

	@Test
	void anOperationThatARankIsRefusedIsNamed() throws IOException, InterruptedException {
		JsonNode failure = failure(TORCHRUN, """
				import torch

				torch.zeros(4).put_(torch.tensor([0, 1]), torch.tensor([1.0, 2.0]))
				""");
		assertThat(failure.path("kind").asString()).isEqualTo("REFUSED_OPERATION");
		assertThat(failure.path("operation").asString()).isEqualTo("put_");
		assertThat(failure.path("location").asString()).isEqualTo("train.py:3");
	}

	@Test
	void theSecondProgramOfAShellIsTheOneThatIsTold() throws IOException, InterruptedException {
		JsonNode failure = failure("""
				{"runtime": {"type": "python", "command": ["sh", "-c", "python -c 'print(1)' && python train.py"]}}""",
				"raise ValueError('no data')");
		assertThat(failure.path("message").asString()).startsWith("ValueError: no data (in its process pid-");
		assertThat(failure.path("location").asString()).isEqualTo("train.py:1");
	}

	@Test
	void aProgramThatSurvivesAChildsFailureIsToldItself() throws IOException, InterruptedException {
		JsonNode failure = failure("""
				{"runtime": {"type": "python", "entrypoint": "train.py"}}""", """
				import subprocess, sys

				subprocess.run([sys.executable, "-c", "raise KeyError('tried')"])
				raise ValueError("no data")
				""");
		assertThat(failure.path("message").asString()).isEqualTo("ValueError: no data");
		assertThat(failure.path("location").asString()).isEqualTo("train.py:4");
	}

	private JsonNode failure(String spec, String program) throws IOException, InterruptedException {
		JsonNode ended = this.client.ended(this.client.submit(spec, Map.of("train.py", program)));
		assertThat(ended.path("state").asString()).isEqualTo("FAILED");
		return ended.path("failure");
	}

}
