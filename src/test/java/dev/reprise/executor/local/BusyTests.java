package dev.reprise.executor.local;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.reprise.executor.Cause;
import dev.reprise.executor.Ending;
import dev.reprise.executor.Execution;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What keeps the cores of a job busy beside it.
 */
@Timeout(120)
class BusyTests {

	private static final String WAITS = "echo ready; while [ ! -e go ]; do sleep 0.05; done";

	@TempDir
	private Path temp;

	private final LocalExecutor executor = new LocalExecutor(InstantSource.system());

	private Job job;

	@BeforeEach
	void createJob() throws IOException {
		this.job = new Job(Files.createDirectories(this.temp.resolve("attempt-1")));
		this.job.busy = true;
	}

	@AfterEach
	void close() throws IOException {
		this.executor.close();
		Job.releaseAll(this.temp);
		assertThat(this.job.alive()).isEmpty();
		assertThat(load(this.job)).isEmpty();
	}

	@Test
	void itIsThereOnTheJobsCoresUntilTheJobEndsAndTheJobSeesNothingOfIt() throws Exception {
		this.job.cpus = Set.of(1);
		this.job.shell("ls -d /proc/[0-9]* | wc -l; grep -l dd /proc/[0-9]*/comm; " + WAITS);
		Execution execution = this.executor.start(this.job.launch());
		assertThat(Waiting.until(Duration.ofSeconds(20), () -> this.job.wrote("ready"))).isTrue();
		Set<Long> load = load(this.job);
		assertThat(load).hasSize(1);
		assertThat(Waiting.until(Duration.ofSeconds(20), () -> ticks(load) > 5)).as("it computes").isTrue();
		assertThat(Files.readString(Path.of("/proc/" + load.iterator().next() + "/status")))
			.containsPattern("Cpus_allowed_list:\\s+1\n");
		go();
		Ending ending = execution.await();
		assertThat(ending.succeeded()).as(ending.toString()).isTrue();
		assertThat(ending.busy()).isTrue();
		assertThat(load(this.job)).isEmpty();
		// The shell, ls and wc, and what bubblewrap or a namespace without it begins
		// with.
		assertThat(Integer.parseInt(this.job.out().lines().findFirst().orElseThrow().strip())).isLessThanOrEqualTo(5);
		assertThat(this.job.out()).doesNotContain("comm");
	}

	@Test
	void whereItWasNotThereToTheEndThatIsSaid() throws Exception {
		this.job.shell(WAITS);
		Execution execution = this.executor.start(this.job.launch());
		assertThat(Waiting.until(Duration.ofSeconds(20), () -> this.job.wrote("ready"))).isTrue();
		ProcessHandle one = ProcessHandle.of(load(this.job).iterator().next()).orElseThrow();
		one.destroyForcibly();
		assertThat(Waiting.until(Duration.ofSeconds(10), () -> !one.isAlive())).isTrue();
		go();
		Ending ending = execution.await();
		assertThat(ending.succeeded()).as(ending.toString()).isTrue();
		assertThat(ending.busy()).isFalse();
	}

	@Test
	void aCoreThatIsNotThereIsNotKeptBusy() throws Exception {
		this.job.busy = false;
		this.job.shell("true");
		assertThat(this.executor.start(this.job.launch()).await().busy()).as("it was not asked for").isNull();
	}

	@Test
	void itEndsWithAJobThatIsCancelled() throws Exception {
		this.job.shell(WAITS);
		Execution execution = this.executor.start(this.job.launch());
		assertThat(Waiting.until(Duration.ofSeconds(20), () -> this.job.wrote("ready"))).isTrue();
		execution.cancel("enough");
		assertThat(execution.await().cause()).isEqualTo(Cause.CANCELLED);
		assertThat(load(this.job)).isEmpty();
	}

	@Test
	void itEndsWithTheService() throws Exception {
		List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java", "-Xshare:auto",
				"-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), StartsOneJob.class.getName(),
				this.job.folder.toString(), this.job.marker, "busy", "/bin/sh", "-c", "echo ready; sleep 100"));
		Process service = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
		BufferedReader said = new BufferedReader(
				new InputStreamReader(service.getInputStream(), StandardCharsets.UTF_8));
		assertThat(said.readLine()).isEqualTo("starting");
		assertThat(Waiting.until(Duration.ofSeconds(20), () -> this.job.wrote("ready"))).isTrue();
		assertThat(load(this.job)).isNotEmpty();
		service.destroyForcibly();
		assertThat(service.waitFor(10, TimeUnit.SECONDS)).isTrue();
		assertThat(Waiting.until(Duration.ofSeconds(2), () -> load(this.job).isEmpty())).isTrue();
		Ending ending = this.executor.endLeftovers(this.job.attempt());
		assertThat(ending.cause()).isEqualTo(Cause.LOST);
		assertThat(ending.busy()).isNull();
	}

	private void go() throws IOException {
		Files.createFile(this.job.workspace.resolve("work/go"));
	}

	/**
	 * Processes by that name whose working folder is the attempt's.
	 */
	private static Set<Long> load(Job job) {
		Set<Long> found = new TreeSet<>();
		try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
			for (Path process : processes.filter((path) -> path.getFileName().toString().matches("[0-9]+")).toList()) {
				try {
					if (Files.readString(process.resolve("comm")).strip().equals("dd")
							&& Files.readSymbolicLink(process.resolve("cwd")).equals(job.attempt())) {
						found.add(Long.valueOf(process.getFileName().toString()));
					}
				}
				catch (IOException ex) {
					// it has ended
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return found;
	}

	private static long ticks(Set<Long> processes) {
		long ticks = 0;
		for (long pid : processes) {
			try {
				String[] stat = Files.readString(Path.of("/proc/" + pid + "/stat"))
					.replaceFirst(".*\\) ", "")
					.split(" ", -1);
				ticks += Long.parseLong(stat[11]) + Long.parseLong(stat[12]);
			}
			catch (IOException ex) {
				// it has ended
			}
		}
		return ticks;
	}

}
