package dev.reprise.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Who ended a run, each cause provoked in a program that has torch loaded, and what it
 * left collected whatever the cause. Those of disk and log are in
 * {@link HostileJobsTests}.
 */
class EndsTests extends WithService {

	private String submit(String settings, String program) throws IOException, InterruptedException {
		return this.client
			.submit("{" + settings + "\"runtime\": {\"type\": \"python\", \"entrypoint\": \"train.py\"}}", Map.of(
					"train.py",
					"import os, signal, sys, threading, time, torch\nopen('left.txt', 'w').write('left')\n" + program));
	}

	private JsonNode failed(String run, String kind) throws InterruptedException {
		JsonNode ended = this.client.ended(run);
		assertThat(ended.path("failure").path("kind").asString("none")).as(ended.toString()).isEqualTo(kind);
		assertThat(ended.path("outputs").path("files").asInt()).as("what it left is collected").isEqualTo(1);
		return ended;
	}

	@Test
	void codesAndSignalsAreTheJobs() throws IOException, InterruptedException {
		String exit = submit("", "sys.exit(137 - 130)\n");
		String signal = submit("", "os.kill(os.getpid(), signal.SIGKILL)\n");
		assertThat(failed(exit, "EXIT").path("failure").path("exitCode").asInt()).isEqualTo(7);
		assertThat(failed(signal, "SIGNAL").path("failure").path("message").asString()).contains("signal 9");
	}

	@Test
	void timeIsTheServices() throws IOException, InterruptedException {
		JsonNode ended = failed(submit("\"timeout\": \"PT15S\", ", "signal.pause()\n"), "TIMEOUT");
		assertThat(ended.path("failure").path("message").asString()).contains("PT15S");
	}

	@Test
	void loaderWorkerThatTheKernelKillsForMemoryIsToldFromOneThatKillsItself()
			throws IOException, InterruptedException {
		String program = """
				class Data(torch.utils.data.Dataset):
				    def __len__(self): return 8
				    def __getitem__(self, i):
				        %s
				        return i
				for _ in torch.utils.data.DataLoader(Data(), num_workers=1): pass
				""";
		String memory = submit("\"resources\": {\"memory\": \"1GiB\"}, ",
				program.formatted("self.held = [torch.ones(1 << 26) for _ in range(8)]"));
		String itself = submit("", program.formatted("os.kill(os.getpid(), signal.SIGKILL)"));
		failed(memory, "OUT_OF_MEMORY");
		failed(itself, "EXIT");
	}

	@Test
	void loaderWorkersShareMemory() throws IOException, InterruptedException {
		JsonNode ended = this.client.ended(submit("\"resources\": {\"memory\": \"2GiB\"}, ", """
				data = torch.utils.data.TensorDataset(torch.randn(64, 3, 256, 256))
				total = sum(float(x.sum()) for x, in torch.utils.data.DataLoader(data, 16, num_workers=2))
				print(total)
				"""));
		assertThat(ended.path("state").asString()).as(ended.toString()).isEqualTo("SUCCEEDED");
	}

	@Test
	void threadThatTheKernelRefusesIsTheProcessLimit() throws IOException, InterruptedException {
		String run = submit("", """
				event = threading.Event()
				for _ in range(1000):
				    threading.Thread(target=event.wait, daemon=True).start()
				""");
		boolean noticed = !this.client.ended(run)
			.path("softLimits")
			.toString()
			.contains("processes: limited, but reaching the limit is not noticed");
		failed(run, noticed ? "PROCESS_LIMIT" : "EXIT");
	}

	@Test
	void cancelAsksFirstAndWhatTheJobThenWritesIsCollected() throws IOException, InterruptedException {
		String run = submit("", """
				def end(*_):
				    open('/workspace/outputs/checkpoint', 'w').write('saved')
				    sys.exit(0)
				signal.signal(signal.SIGTERM, end)
				print("ready", flush=True)
				while True: time.sleep(0.05)
				""");
		awaitReady(run);
		this.client.post("/runs/" + run + "/cancel", "", 202);
		JsonNode ended = this.client.ended(run);
		assertThat(ended.path("state").asString()).isEqualTo("CANCELLED");
		assertThat(ended.path("outputs").path("files").asInt()).isEqualTo(2);
	}

	@Test
	void jobWhoseSupervisorIsKilledIsLost() throws IOException, InterruptedException {
		String marker = UUID.randomUUID().toString();
		String run = submit("\"env\": {\"MARKER\": \"" + marker + "\"}, ",
				"print('ready', flush=True)\nsignal.pause()\n");
		awaitReady(run);
		ProcessHandle job = of(marker);
		Path folder = Path.of("attempts", run + "-1");
		ProcessHandle.allProcesses()
			.filter((process) -> commandLine(process).contains(folder + "\0inside"))
			.forEach(ProcessHandle::destroyForcibly);
		failed(run, "LOST");
		assertThat(job.isAlive()).isFalse();
	}

	private void awaitReady(String run) throws InterruptedException {
		Await.until(Duration.ofMinutes(1),
				() -> Optional.of(this.client.text("/runs/" + run + "/logs").contains("ready")));
	}

	private static ProcessHandle of(String marker) {
		try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
			return all.filter((process) -> read(process, "environ").contains(marker)).findFirst().orElseThrow();
		}
	}

	private static String commandLine(ProcessHandle process) {
		return read(process, "cmdline");
	}

	private static String read(ProcessHandle process, String file) {
		try {
			return Files.readString(Path.of("/proc", Long.toString(process.pid()), file),
					java.nio.charset.StandardCharsets.ISO_8859_1);
		}
		catch (IOException ex) {
			return "";
		}
	}

}
