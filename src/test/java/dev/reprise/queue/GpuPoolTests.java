package dev.reprise.queue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import dev.reprise.RepriseApplication;
import dev.reprise.environment.InstalledTorch;
import dev.reprise.executor.gpu.FakeDriver;
import dev.reprise.queue.GpuSelfTests.Kind;
import dev.reprise.queue.GpuSelfTests.Result;
import dev.reprise.service.Answer;
import dev.reprise.service.Api;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The whole service on a machine whose driver is a script: what is given to whom, what a
 * job sees of it, and what becomes of a GPU that goes. That a job computes on it needs a
 * GPU.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
class GpuPoolTests {

	private static final String WORKERS = "/api/v1/workers";

	private final Path environment = Path
		.of(System.getProperty("reprise.test.python",
				System.getProperty("user.home") + "/.cache/reprise/environments/manual/bin/python"))
		.resolveSibling("..")
		.normalize();

	private final FakeDriver driver;

	private final ConfigurableApplicationContext context;

	private final Api api;

	GpuPoolTests(@TempDir Path data) throws IOException {
		this.driver = FakeDriver.install("eight");
		List<String> options = new ArrayList<>(List.of("--server.port=0", "--reprise.data=" + data,
				"--reprise.environments.default=" + this.environment, "--reprise.capacity.memory=64GiB",
				"--reprise.capacity.cpus=2"));
		this.driver.properties().forEach((property) -> options.add("--" + property));
		SpringApplication application = new SpringApplication(RepriseApplication.class);
		application.setRegisterShutdownHook(false);
		this.context = application.run(options.toArray(String[]::new));
		this.api = new Api(this.context.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
	}

	@BeforeAll
	void thePythonIsThere() {
		assertThat(this.environment.resolve("bin/python")).isExecutable();
	}

	@AfterAll
	void stop() {
		this.context.close();
	}

	@BeforeEach
	void eightThatAnswer() throws IOException {
		this.driver.mode("eight");
		this.api.await(WORKERS, (now) -> free(now) == 8 && now.path("items").get(0).path("held").isEmpty());
	}

	private static int free(JsonNode workers) {
		int free = 0;
		for (JsonNode gpu : workers.path("items").get(0).path("gpus")) {
			free += (gpu.path("fault").isNull() && gpu.path("heldBy").isNull()) ? 1 : 0;
		}
		return free;
	}

	private JsonNode worker() {
		return this.api.get(WORKERS).is(200).json().path("items").get(0);
	}

	private ObjectNode spec(String script, int gpus) {
		ObjectNode spec = this.api.spec("{\"type\": \"python\", \"command\": [\"sh\", \"-c\", \"" + script + "\"]}");
		spec.withObjectProperty("resources").put("gpus", gpus);
		return spec;
	}

	private String out(String run) {
		this.api.ended(run);
		return this.api.get("/api/v1/runs/" + run + "/logs?stream=stdout").text();
	}

	private String nodes(int... minors) {
		StringBuilder nodes = new StringBuilder(
				this.driver.dev() + "/nvidia-uvm\n" + this.driver.dev() + "/nvidia-uvm-tools\n");
		for (int minor : minors) {
			nodes.append(this.driver.dev()).append("/nvidia").append(minor).append('\n');
		}
		return nodes.append(this.driver.dev()).append("/nvidiactl\n").toString();
	}

	@Test
	void aJobSeesTheGpusThatItWasGivenAndNoOther() {
		String script = "echo $CUDA_VISIBLE_DEVICES; ls -d " + this.driver.dev() + "/nv*";
		String run = this.api.submit(spec(script, 2));
		assertThat(out(run)).isEqualTo(FakeDriver.uuid(0) + "," + FakeDriver.uuid(1) + "\n" + nodes(6, 7));
		JsonNode attempt = this.api.get("/api/v1/runs/" + run).json().path("attempts").get(0);
		assertThat(attempt.path("gpus").toString())
			.isEqualTo("[\"" + FakeDriver.uuid(0) + "\",\"" + FakeDriver.uuid(1) + "\"]");
	}

	@Test
	void aJobWithoutGpusSeesNone() {
		String run = this.api.submit(spec("echo [${CUDA_VISIBLE_DEVICES-unset}]; ls -d " + this.driver.dev()
				+ "/nv* 2>&1 | wc -l; ls " + this.driver.dev() + " 2>/dev/null; true", 0));
		assertThat(out(run)).isEqualTo("[]\n1\n");
		assertThat(this.api.get("/api/v1/runs/" + run).json().path("unverifiedOnGpu").asBoolean(true)).isFalse();
	}

	@Test
	void twoJobsHaveGpusOfTheirOwnAndAThirdThatWantsAllWaitsItsTurn() {
		String first = this.api.submit(spec("exec sleep 600", 3));
		String second = this.api.submit(spec("exec sleep 600", 4).put("project", "other"));
		String all = this.api.submit(spec("echo $CUDA_VISIBLE_DEVICES", 8));
		this.api.await(WORKERS, (now) -> free(now) == 1);
		JsonNode worker = worker();
		List<String> given = new ArrayList<>();
		worker.path("held").forEach((held) -> held.path("gpus").forEach((uuid) -> given.add(uuid.asString())));
		assertThat(given).hasSize(7).doesNotHaveDuplicates();
		assertThat(worker.path("waitingCount").asInt()).isEqualTo(1);
		assertThat(worker.path("waiting").get(0).path("run").asString()).isEqualTo(all);
		assertThat(worker.path("waiting").get(0).path("why").asString()).contains("needs 8 GPUs of one model (1 free)",
				"1 core (0 free)", "its place is held for");
		this.api.post("/api/v1/runs/" + first + "/cancel", "").is(202);
		this.api.post("/api/v1/runs/" + second + "/cancel", "").is(202);
		assertThat(out(all).strip().split(",")).hasSize(8);
	}

	@Test
	void whatCanNeverFitIsRefusedAtItsFieldWithTheMend() {
		Answer many = this.api.post("/api/v1/runs", spec("true", 9).toString()).isProblem(422);
		assertThat(many.fields()).containsExactly("$.resources.gpus");
		assertThat(many.said("$.resources.gpus")).contains("from 1 to 8");
		ObjectNode model = spec("true", 1);
		model.withObjectProperty("resources").put("gpuModel", "B200");
		assertThat(this.api.post("/api/v1/runs", model.toString()).isProblem(422).said("$.resources.gpuModel"))
			.contains("NVIDIA H200");
		model.withObjectProperty("resources").put("gpuModel", "h200");
		this.api.ended(this.api.submit(model));
	}

	@Test
	void theJvmsLibraryForTheDriverIsNamedWhereItIsLacking() {
		ObjectNode spec = this.api.spec("{\"type\": \"djl\", \"trainer\": \"mlp\"}");
		spec.remove("code");
		spec.withObjectProperty("resources").put("gpus", 1);
		assertThat(this.api.post("/api/v1/runs", spec.toString()).isProblem(422).said("$.resources")).contains(
				"driver 580.159.03, which runs CUDA 13.0: ai.djl.pytorch:pytorch-native-cu128:2.7.1:linux-x86_64");
	}

	@Test
	void aGpuThatFallsOffIsTakenOutOfUseAndWhoHoldsItIsSaid() throws IOException {
		String holder = this.api.submit(spec("exec sleep 600", 2));
		this.api.await(WORKERS, (now) -> free(now) == 6);
		this.driver.mode("fallen");
		JsonNode worker = this.api.await(WORKERS, (now) -> free(now) == 0).path("items").get(0);
		JsonNode gone = worker.path("gpus").get(1);
		assertThat(gone.path("uuid").asString()).isEqualTo(FakeDriver.uuid(1));
		assertThat(gone.path("fault").asString()).contains("fallen off the bus");
		assertThat(gone.path("heldBy").asString()).isEqualTo(holder);
		assertThat(worker.path("gpuProblem").asString()).contains("Unable to determine the device handle");
		assertThat(worker.path("held").get(0).path("problem").asString()).contains(FakeDriver.uuid(1), "fallen off");
		String waits = this.api.submit(spec("echo $CUDA_VISIBLE_DEVICES", 2));
		this.api.await(WORKERS,
				(now) -> now.path("items")
					.get(0)
					.path("waiting")
					.path(0)
					.path("why")
					.asString("")
					.equals("needs 2 GPUs of one model (1 in use on this machine)"));
		this.api.post("/api/v1/runs/" + holder + "/cancel", "").is(202);
		this.api.ended(holder);
		this.driver.mode("eight");
		assertThat(out(waits).strip().split(",")).as("it starts when they answer again").hasSize(2);
	}

	@Test
	void runsCarryThatTheyAreNotVerifiedUntilTheSelfTestPassed() throws IOException {
		assertThat(unverified(this.api.submit(spec("true", 1)))).isTrue();
		GpuSelfTests tests = this.context.getBean(GpuSelfTests.class);
		String torch = InstalledTorch.version(this.environment).orElseThrow();
		tests.store(new Result(new Kind("NVIDIA H200", "580.159.03", torch), Instant.EPOCH, false, List.of()));
		assertThat(unverified(this.api.submit(spec("true", 1)))).as("it did not pass").isTrue();
		tests.store(new Result(new Kind("NVIDIA H200", "575.1", torch), Instant.EPOCH, true, List.of()));
		tests.store(new Result(new Kind("NVIDIA H200", "580.159.03", "2.0.0"), Instant.EPOCH, true, List.of()));
		tests.store(new Result(new Kind("NVIDIA H100", "580.159.03", torch), Instant.EPOCH, true, List.of()));
		assertThat(unverified(this.api.submit(spec("true", 1)))).as("others passed").isTrue();
		tests.store(new Result(new Kind("NVIDIA H200", "580.159.03", torch), Instant.EPOCH, true, List.of()));
		assertThat(unverified(this.api.submit(spec("true", 1)))).isFalse();
		Path file = Path.of(this.context.getEnvironment().getRequiredProperty("reprise.data"))
			.resolve("gpu-selftests.json");
		Files.writeString(file, "{\"schema\": 1, \"results\": [");
		assertThat(unverified(this.api.submit(spec("true", 1)))).as("what cannot be read verifies nothing").isTrue();
		Files.delete(file);
	}

	private boolean unverified(String run) {
		boolean unverified = this.api.ended(run).path("unverifiedOnGpu").asBoolean();
		JsonNode checklist = this.api.get("/api/v1/runs/" + run + "/checklist").is(200).json();
		assertThat(checklist.path("unverifiedOnGpu").asBoolean(!unverified)).isEqualTo(unverified);
		return unverified;
	}

}
