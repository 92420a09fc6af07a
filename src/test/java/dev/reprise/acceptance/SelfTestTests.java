package dev.reprise.acceptance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.reprise.executor.gpu.FakeDriver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@code ./reprise selftest --gpu} where there is no GPU, and where there only seems to
 * be one: it must not pass on either. That it passes takes a GPU.
 */
@Timeout(300)
class SelfTestTests {

	@TempDir
	Path folder;

	private int status;

	private String run(String... options) throws IOException, InterruptedException {
		List<String> command = new ArrayList<>(Product.service());
		command.addAll(List.of("selftest", "--gpu", "--data", this.folder.resolve("data").toString(),
				"--reprise.environments.default=" + ServiceProcess.environment()));
		command.addAll(List.of(options));
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		this.status = process.waitFor();
		return output;
	}

	@Test
	void withoutAGpuItSaysThatNothingWasTested() throws IOException, InterruptedException {
		String output = run("--reprise.gpus.path=" + this.folder);
		assertThat(this.status).as(output).isEqualTo(3);
		assertThat(output).isEqualTo("Nothing was tested: nvidia-smi lists no GPU on this machine.\n");
		assertThat(this.folder.resolve("data/gpu-selftests.json")).doesNotExist();
	}

	@Test
	void whereTorchSeesNoGpuItDoesNotPassAndThatIsKept() throws IOException, InterruptedException {
		FakeDriver driver = FakeDriver.install("one");
		String output = run(driver.properties().stream().map((property) -> "--" + property).toArray(String[]::new));
		assertThat(this.status).as(output).isEqualTo(1);
		assertThat(output).contains("NVIDIA H200 " + FakeDriver.uuid(0), "FAILED  the recipe's program runs",
				"did not pass; runs there carry unverifiedOnGpu");
		JsonNode stored = JsonMapper.shared()
			.readTree(Files.readAllBytes(this.folder.resolve("data/gpu-selftests.json")))
			.path("results");
		assertThat(stored.size()).isEqualTo(1);
		assertThat(stored.get(0).path("passed").asBoolean(true)).isFalse();
		assertThat(stored.get(0).path("kind").path("model").asString()).isEqualTo("NVIDIA H200");
		assertThat(stored.get(0).path("kind").path("driver").asString()).isEqualTo("580.159.03");
		assertThat(stored.get(0).path("checks").get(0).path("said").asString()).contains("torch sees no GPU");
	}

}
