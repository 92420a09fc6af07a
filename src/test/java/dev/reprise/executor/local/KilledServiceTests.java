package dev.reprise.executor.local;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import dev.reprise.executor.Cause;
import dev.reprise.executor.Ending;
import dev.reprise.executor.FrozenProcesses;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * What is left when the service is killed with {@code kill -9}, at several moments after
 * it began to start a job that forks twice, calls setsid and ignores every signal it can.
 */
@Timeout(120)
class KilledServiceTests {

	private static final String DAEMONS = "trap '' TERM HUP INT PIPE; (setsid sh -c 'trap \"\" TERM HUP; sleep 100 & sleep 100' &); "
			+ "(sh -c 'setsid sleep 100 & sleep 100' &); sleep 100 & echo ready; wait; sleep 100";

	@TempDir
	private Path temp;

	private final LocalExecutor next = new LocalExecutor(InstantSource.system());

	@AfterEach
	void close() throws IOException {
		this.next.close();
		Job.releaseAll(this.temp);
	}

	private Process service(Job job, String groups, String script) throws IOException {
		List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java", "-Xshare:auto",
				"-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), StartsOneJob.class.getName(),
				job.folder.toString(), job.marker, groups));
		command.addAll(List.of("/bin/sh", "-c", script));
		return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
	}

	private Job job(String name) throws IOException {
		return new Job(Files.createDirectories(this.temp.resolve(name)));
	}

	/**
	 * The moments are counted from when the service, warm by then, begins to start the
	 * job; the supervisor starts after about 10 ms, the job after about 40.
	 */
	@ParameterizedTest
	@ValueSource(longs = { 0, 3, 6, 9, 12, 15, 18, 21, 24, 28, 32, 36, 40, 60, 100, 300 })
	void nothingIsLeftAfterTheServiceWasKilled(long millis) throws Exception {
		for (String groups : List.of("groups", "none")) {
			Job job = job("after-" + millis + "-" + groups);
			Process service = service(job, groups, DAEMONS);
			BufferedReader said = new BufferedReader(
					new InputStreamReader(service.getInputStream(), StandardCharsets.UTF_8));
			assertThat(said.readLine()).isEqualTo("starting");
			LockSupport.parkNanos(Duration.ofMillis(millis).toNanos());
			service.destroyForcibly();
			assertThat(service.waitFor(10, TimeUnit.SECONDS)).isTrue();
			assertNothingIsLeftSoon(job);
			Ending ending = this.next.endLeftovers(job.attempt());
			assertThat(ending.cause()).isEqualTo(Cause.LOST);
			assertThat(ending.leftovers()).isFalse();
			assertThat(new AttemptFiles(job.attempt()).paths("groups")).noneMatch(Files::exists);
		}
	}

	/**
	 * Forty moments by chance, of which nobody chose one; the seed is said where one
	 * fails. Each is looked at two seconds after its own kill, while others are started
	 * and killed: nothing that comes later may be what ends it.
	 */
	@Test
	@Timeout(600)
	void nothingIsLeftTwoSecondsAfterAnyOfFortyKills() throws Exception {
		long seed = Long.getLong("reprise.test.seed", System.nanoTime());
		Random random = new Random(seed);
		Map<Job, Future<Set<String>>> killed = new LinkedHashMap<>();
		try (ScheduledExecutorService later = Executors.newScheduledThreadPool(2)) {
			for (int kill = 0; kill < 40; kill++) {
				Job job = job("kill-" + kill);
				Process service = service(job, random.nextBoolean() ? "groups" : "none", DAEMONS);
				BufferedReader said = new BufferedReader(
						new InputStreamReader(service.getInputStream(), StandardCharsets.UTF_8));
				assertThat(said.readLine()).isEqualTo("starting");
				LockSupport.parkNanos(random.nextLong(40_000_000));
				service.destroyForcibly();
				killed.put(job, later.schedule(() -> survivors(job), 2, TimeUnit.SECONDS));
				assertThat(service.waitFor(10, TimeUnit.SECONDS)).isTrue();
			}
			for (Map.Entry<Job, Future<Set<String>>> entry : killed.entrySet()) {
				assertThat(entry.getValue().get())
					.as("processes that were left 2 s after %s, reprise.test.seed=%d", entry.getKey().folder, seed)
					.isEmpty();
			}
		}
		for (Job job : killed.keySet()) {
			assertThat(this.next.endLeftovers(job.attempt()).leftovers()).isFalse();
		}
	}

	/**
	 * Each with what it does, since it is gone when somebody reads of it.
	 */
	private static Set<String> survivors(Job job) {
		Set<Long> left = new TreeSet<>(job.alive());
		left.addAll(new ControlGroup(new AttemptFiles(job.attempt()).paths("groups")).processes());
		Set<String> told = new LinkedHashSet<>();
		for (long pid : left) {
			told.add(pid + " " + told(pid, "stat") + " in " + told(pid, "wchan") + ": " + told(pid, "cmdline"));
		}
		return told;
	}

	private static String told(long pid, String file) {
		try {
			return Files.readString(Path.of("/proc/" + pid, file), StandardCharsets.ISO_8859_1)
				.replace('\0', ' ')
				.strip();
		}
		catch (IOException ex) {
			return "gone";
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "groups", "none" })
	void nothingIsLeftAfterServiceAndSupervisorWereKilled(String groups) throws Exception {
		Job job = job("both");
		Process service = service(job, groups, DAEMONS);
		BufferedReader said = new BufferedReader(
				new InputStreamReader(service.getInputStream(), StandardCharsets.UTF_8));
		assertThat(said.readLine()).isEqualTo("starting");
		String started = said.readLine();
		assertThat(Waiting.until(Duration.ofSeconds(10), () -> job.wrote("ready"))).isTrue();
		assertThat(job.alive()).hasSizeGreaterThan(5);
		ProcessHandle.of(Long.parseLong(started.substring("started ".length()))).orElseThrow().destroyForcibly();
		service.destroyForcibly();
		assertNothingIsLeftSoon(job);
		assertThat(this.next.endLeftovers(job.attempt()).leftovers()).isFalse();
	}

	/**
	 * Whoever is not told takes what it holds for free.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "groups", "none" })
	@SuppressWarnings("try")
	void whatCannotBeEndedIsSaidToBeLeft(String groups) throws Exception {
		assumeTrue(FrozenProcesses.canBe(), "only a frozen control group of version 1 keeps a process from dying");
		Job job = job("frozen");
		Process service = service(job, groups, "sleep 100 & echo ready; wait");
		assertThat(Waiting.until(Duration.ofSeconds(10), () -> job.wrote("ready"))).isTrue();
		// The shell may not have become the program yet that it was forked for.
		Set<Long> sleeping = new TreeSet<>();
		assertThat(Waiting.until(Duration.ofSeconds(10), () -> {
			sleeping.clear();
			sleeping.addAll(job.alive());
			sleeping.removeIf((pid) -> !ProcessHandle.of(pid)
				.flatMap((one) -> one.info().command())
				.orElse("")
				.endsWith("/sleep"));
			return sleeping.size() == 1;
		})).isTrue();
		try (FrozenProcesses frozen = new FrozenProcesses(sleeping)) {
			service.destroyForcibly();
			assertThat(this.next.endLeftovers(job.attempt()).leftovers()).isTrue();
			assertThat(job.alive()).containsAll(sleeping);
		}
		assertThat(this.next.endLeftovers(job.attempt()).leftovers()).isFalse();
		assertThat(job.alive()).isEmpty();
	}

	/**
	 * A job that writes dies of its broken pipe at the same moment as the service.
	 */
	@Test
	void jobThatDiesOfTheServicesEndIsLost() throws Exception {
		for (int trial = 0; trial < 3; trial++) {
			Job job = job("writes-" + trial);
			Process service = service(job, "groups",
					"yes 2>/dev/null | head -c 4000; while :; do echo x || exit 3; done");
			assertThat(Waiting.until(Duration.ofSeconds(10), () -> job.wrote("x"))).isTrue();
			service.destroyForcibly();
			assertNothingIsLeftSoon(job);
			assertThat(this.next.endLeftovers(job.attempt()).cause()).isEqualTo(Cause.LOST);
		}
	}

	/**
	 * The service hangs while its job comes to its end, and dies then: nobody has decided
	 * why.
	 */
	@ParameterizedTest
	@CsvSource({ "exec tail /dev/zero, OUT_OF_MEMORY", "exec dd if=/dev/zero of=big bs=1M, OUT_OF_DISK" })
	void whyAJobEndedIsFoundOutByTheNextServiceWhereNoneHadDecided(String script, Cause cause) throws Exception {
		String missing = LocalExecutor.missingForVolumes();
		assumeTrue(missing == null, missing);
		assumeTrue(this.next.containment().hardMemory(), "only a memory control group remembers a kill");
		Job job = job("undecided");
		Process service = service(job, "groups", "echo ready; until [ -e go ]; do sleep 0.05; done; " + script);
		assertThat(Waiting.until(Duration.ofSeconds(10), () -> job.wrote("ready"))).isTrue();
		assertThat(new ProcessBuilder("kill", "-STOP", Long.toString(service.pid())).start().waitFor()).isZero();
		Files.createFile(job.workspace.resolve("work/go"));
		assertThat(Waiting.until(Duration.ofSeconds(60), () -> Files.exists(job.attempt().resolve("status")))).isTrue();
		service.destroyForcibly();
		assertNothingIsLeftSoon(job);
		Ending ending = this.next.endLeftovers(job.attempt());
		assertThat(ending.cause()).as(ending.toString()).isEqualTo(cause);
		assertThat(new AttemptFiles(job.attempt()).reason()).isNull();
	}

	private static void assertNothingIsLeftSoon(Job job) throws InterruptedException {
		Waiting.until(Duration.ofSeconds(2), () -> job.alive().isEmpty());
		assertThat(job.alive()).as("processes that are left after 2 s").isEmpty();
	}

}
