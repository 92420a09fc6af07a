package dev.reprise.executor.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

import dev.reprise.executor.Cause;
import dev.reprise.executor.Ending;
import dev.reprise.executor.Execution;
import dev.reprise.runtime.Mount;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Who ended it, and whether anything is left. Every job is a real process.
 */
@Timeout(60)
class LocalExecutorTests {

	private static final Duration SOON = Duration.ofSeconds(10);

	@TempDir
	private Path temp;

	private final LocalExecutor executor = new LocalExecutor(InstantSource.system(), Duration.ofSeconds(1),
			ControlGroups.find(), LocalExecutor.missingForVolumes());

	private Job job;

	@BeforeEach
	void createJob() throws IOException {
		this.job = new Job(this.temp);
	}

	@AfterEach
	void nothingIsLeft() throws IOException {
		this.executor.close();
		Job.releaseAll(this.temp);
		assertThat(this.job.alive()).isEmpty();
		for (Path group : new AttemptFiles(this.job.attempt()).paths("groups")) {
			assertThat(group).doesNotExist();
		}
	}

	private Ending run() throws InterruptedException {
		Ending ending = this.executor.start(this.job.launch()).await();
		assertThat(ending.leftovers()).isFalse();
		return ending;
	}

	private Execution startUntil(String text) throws InterruptedException {
		Execution execution = this.executor.start(this.job.launch());
		assertThat(Waiting.until(SOON, () -> this.job.wrote(text))).as("the job says " + text).isTrue();
		return execution;
	}

	@Test
	void jobThatReturnsZeroSucceeds() throws Exception {
		this.job.shell("echo out; echo err >&2");
		Ending ending = run();
		assertThat(ending.succeeded()).as(ending.toString()).isTrue();
		assertThat(this.job.out()).isEqualTo("out\n");
		assertThat(this.job.err()).isEqualTo("err\n");
		assertThat(ending.sawPython()).isFalse();
		assertThat(ending.logTruncated()).isFalse();
	}

	@Test
	void exitCodeIsTheJobs() throws Exception {
		this.job.shell("exit 7");
		Ending ending = run();
		assertThat(ending.cause()).isEqualTo(Cause.EXIT);
		assertThat(ending.exitCode()).isEqualTo(7);
	}

	@Test
	void programThatIsMissingIsTheJobsFailure() throws Exception {
		this.job.command = List.of("no-such-program");
		Ending ending = run();
		assertThat(ending.cause()).isEqualTo(Cause.EXIT);
		assertThat(ending.exitCode()).isEqualTo(127);
		assertThat(this.job.err()).contains("no-such-program");
	}

	@Test
	void selfKillIsASignal() throws Exception {
		this.job.shell("kill -9 $$");
		Ending ending = run();
		assertThat(ending.cause()).isEqualTo(Cause.SIGNAL);
		assertThat(ending.exitCode()).isEqualTo(137);
	}

	@Test
	void sandboxThatCannotBeSetUpIsNotTheJobsFailure() throws Exception {
		this.job.mounts.add(new Mount(this.temp.resolve("missing"), "/data", false));
		Ending ending = run();
		assertThat(ending.cause()).isEqualTo(Cause.START);
		assertThat(ending.message()).contains("missing");
	}

	@Test
	void workspaceWithoutAJobIsNotStarted() throws Exception {
		Files.delete(this.job.workspace.resolve("job.json"));
		assertThat(run().cause()).isEqualTo(Cause.START);
	}

	@Test
	void timeIsLimited() throws Exception {
		this.job.shell("sleep 100").timeout = Duration.ofMillis(500);
		Ending ending = run();
		assertThat(ending.cause()).isEqualTo(Cause.TIMEOUT);
		assertThat(Duration.between(ending.startedAt(), ending.endedAt())).isLessThan(Duration.ofSeconds(2));
	}

	@Test
	void memoryIsLimited() throws Exception {
		this.job.shell("exec tail /dev/zero").memory = 64 * Job.MIB;
		Ending ending = run();
		assertThat(ending.cause()).as(ending.toString()).isEqualTo(Cause.OUT_OF_MEMORY);
	}

	@Test
	void memoryIsWatchedWhereThereIsNoControlGroup() throws Exception {
		this.job.shell("tail /dev/zero").memory = 256 * Job.MIB;
		try (LocalExecutor plain = new LocalExecutor(InstantSource.system(), Duration.ofSeconds(1), ControlGroups.NONE,
				"a test wants none")) {
			Ending ending = plain.start(this.job.launch()).await();
			assertThat(ending.cause()).as(ending.toString()).isEqualTo(Cause.OUT_OF_MEMORY);
			assertThat(ending.peakMemory()).isGreaterThan(256 * Job.MIB);
		}
	}

	@Test
	void memoryOfTheSandboxesOwnFilesIsLimited() throws Exception {
		this.job.shell("dd if=/dev/zero of=/dev/shm/x bs=1M count=400").memory = 64 * Job.MIB;
		Ending ending = run();
		assertThat(ending.cause()).as(ending.toString()).isIn(Cause.EXIT, Cause.OUT_OF_MEMORY);
		assertThat(ending.exitCode()).isNotEqualTo(0);
	}

	private static LocalExecutor withoutVolumes() {
		return new LocalExecutor(InstantSource.system(), Duration.ofSeconds(1), ControlGroups.find(),
				"a test wants none");
	}

	private void assumeVolumes() {
		String missing = LocalExecutor.missingForVolumes();
		assumeTrue(missing == null, missing);
	}

	@Test
	void diskIsAHardLimitAndWhatFilledItIsKept() throws Exception {
		assumeVolumes();
		Files.createDirectories(this.job.workspace.resolve("work/package"));
		Files.writeString(this.job.workspace.resolve("work/package/code"), "code");
		this.job.shell("cat package/code; exec dd if=/dev/zero of=../outputs/big bs=1M count=64").disk = 16 * Job.MIB;
		Ending ending = run();
		assertThat(ending.cause()).as(ending.toString()).isEqualTo(Cause.OUT_OF_DISK);
		assertThat(ending.message()).contains("16777216 bytes was full");
		assertThat(ending.soft()).noneMatch((sentence) -> sentence.startsWith("disk"));
		assertThat(this.job.out()).isEqualTo("code");
		assertThat(Files.size(this.job.workspace.resolve("outputs/big"))).isBetween(16 * Job.MIB, 20 * Job.MIB);
		this.executor.release(this.job.attempt());
		assertThat(this.job.workspace.resolve("outputs")).isEmptyDirectory();
	}

	@Test
	void fileWithoutANameThatFilledTheDiskIsSeen() throws Exception {
		assumeVolumes();
		this.job.shell("exec 3>x; rm x; dd if=/dev/zero bs=1M count=64 >&3; sleep 0.3; exit 1").disk = 16 * Job.MIB;
		assertThat(run().cause()).isEqualTo(Cause.OUT_OF_DISK);
	}

	@Test
	void numberOfFilesIsAHardLimit() throws Exception {
		assumeVolumes();
		this.job.shell("seq 20000 | xargs touch").disk = 64 * Job.MIB;
		Ending ending = run();
		assertThat(ending.cause()).isEqualTo(Cause.OUT_OF_DISK);
		assertThat(ending.message()).contains("16384 files");
	}

	@Test
	void jobThatCopedWithAFullDiskHasNotFailed() throws Exception {
		assumeVolumes();
		this.job.shell("dd if=/dev/zero of=big bs=1M count=64; rm big; exit 0").disk = 16 * Job.MIB;
		assertThat(run().succeeded()).isTrue();
	}

	@Test
	void diskOfAMachineThatWasStartedAgainIsShownAgain() throws Exception {
		assumeVolumes();
		this.job.shell("echo kept >../outputs/x");
		run();
		// What a start of the machine leaves: the file, mounted nowhere.
		for (String place : List.of("workspace/work", "workspace/outputs", "workspace/record",
				"attempt/reprise-volume")) {
			assertThat(new ProcessBuilder("umount", this.temp.resolve(place).toString()).start().waitFor()).isZero();
		}
		assertThat(this.job.workspace.resolve("outputs")).isEmptyDirectory();
		assertThat(this.executor.endLeftovers(this.job.attempt()).message()).isEqualTo("the job returned 0");
		assertThat(this.job.workspace.resolve("outputs/x")).hasContent("kept");
	}

	@Test
	void diskOfOneAttemptIsGivenBackWhileAnotherRuns() throws Exception {
		assumeVolumes();
		this.job.shell("echo ready; sleep 100");
		Execution first = startUntil("ready");
		Job second = new Job(Files.createDirectories(this.temp.resolve("second")));
		second.slot = 1;
		second.shell("echo ready; sleep 100");
		Execution beside = this.executor.start(second.launch());
		assertThat(Waiting.until(SOON, () -> second.wrote("ready"))).isTrue();
		first.cancel("no longer needed");
		first.await();
		this.executor.release(this.job.attempt());
		String image = this.job.attempt().resolve("volume.img").toString();
		try (var loops = Files.newDirectoryStream(Path.of("/sys/block"), "loop*")) {
			for (Path loop : loops) {
				Path file = loop.resolve("loop/backing_file");
				assertThat(Files.exists(file) ? Files.readString(file) : "").doesNotContain(image);
			}
		}
		beside.cancel("seen enough");
		assertThat(beside.await().cause()).isEqualTo(Cause.CANCELLED);
	}

	@ParameterizedTest
	@ValueSource(strings = { "dd if=/dev/zero of=big bs=1M count=64 2>/dev/null; sleep 100",
			"exec 3>x; rm x; dd if=/dev/zero bs=1M count=64 >&3 2>/dev/null; sleep 100",
			"seq 20000 | xargs touch; sleep 100" })
	void diskIsMeasuredWhereThereIsNoVolume(String script) throws Exception {
		this.job.shell(script).disk = 16 * Job.MIB;
		try (LocalExecutor plain = withoutVolumes()) {
			Ending ending = plain.start(this.job.launch()).await();
			assertThat(ending.cause()).as(ending.toString()).isEqualTo(Cause.OUT_OF_DISK);
			assertThat(ending.soft()).first().asString().startsWith("disk: soft").endsWith("because a test wants none");
		}
	}

	@Test
	void logIsLimitedAndItsBeginningAndItsEndAreKept() throws Exception {
		this.job.shell("echo first; seq 1 2000000; echo never").logs = Job.MIB;
		Ending ending = run();
		assertThat(ending.cause()).isEqualTo(Cause.LOG_LIMIT);
		assertThat(ending.logTruncated()).isTrue();
		assertThat(this.job.out()).startsWith("first\n1\n2\n").contains(" bytes were left out here ---\n");
		assertThat(Files.size(this.job.stdout())).isBetween(Job.MIB / 2, Job.MIB);
	}

	@Test
	void processesAreLimited() throws Exception {
		this.job.shell("for i in $(seq 100); do sleep 100 & done; wait").processes = 20;
		Ending ending = run();
		boolean noticed = this.executor.containment().hardProcesses();
		assertThat(ending.cause()).as(ending.toString()).isEqualTo(noticed ? Cause.PROCESS_LIMIT : Cause.EXIT);
		assertThat(ending.exitCode()).isNotEqualTo(0);
		assertThat(ending.soft().toString().contains("reaching the limit is not noticed")).isNotEqualTo(noticed);
	}

	@Test
	void forkBombEndsWithItsTime() throws Exception {
		this.job.shell("b() { b | b & }; b; sleep 100");
		this.job.processes = 100;
		this.job.timeout = Duration.ofSeconds(1);
		// Without a control group the job is refused processes, and nobody notices.
		assertThat(run().cause()).isIn(Cause.TIMEOUT,
				this.executor.containment().hardProcesses() ? Cause.PROCESS_LIMIT : Cause.EXIT);
	}

	@Test
	void cancelGivesTheJobTimeToEnd() throws Exception {
		this.job.shell("trap 'echo bye; exit 3' TERM; echo ready; while :; do sleep 0.05; done");
		Execution execution = startUntil("ready");
		execution.cancel("asked by a test");
		Ending ending = execution.await();
		assertThat(ending.cause()).isEqualTo(Cause.CANCELLED);
		assertThat(ending.message()).isEqualTo("asked by a test");
		assertThat(ending.exitCode()).isEqualTo(3);
		assertThat(this.job.out()).contains("bye");
	}

	@Test
	void jobThatIgnoresCancelIsKilledAfterTheGracePeriod() throws Exception {
		this.job.shell("trap '' TERM; echo ready; while :; do sleep 0.05; done");
		Execution execution = startUntil("ready");
		long begin = System.nanoTime();
		execution.cancel("asked by a test");
		assertThat(execution.await().cause()).isEqualTo(Cause.CANCELLED);
		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isBetween(Duration.ofMillis(900),
				Duration.ofMillis(2500));
	}

	@Test
	void cancelBeforeTheJobStartedEndsIt() throws Exception {
		this.job.shell("sleep 100");
		Execution execution = this.executor.start(this.job.launch());
		execution.cancel("at once");
		assertThat(execution.await().cause()).isEqualTo(Cause.CANCELLED);
	}

	@Test
	void cancelAfterTheEndChangesNothing() throws Exception {
		Execution execution = this.executor.start(this.job.launch());
		Ending ending = execution.await();
		execution.cancel("too late");
		assertThat(execution.await()).isEqualTo(ending);
		assertThat(ending.succeeded()).isTrue();
	}

	@Test
	void daemonsAreGoneWhenTheJobEnds() throws Exception {
		this.job.shell("(setsid sleep 100 &) ; (sh -c 'setsid sh -c \"trap : TERM HUP; sleep 100\" &' &); sleep 0.1");
		assertThat(run().succeeded()).isTrue();
		assertThat(this.job.alive()).isEmpty();
	}

	@Test
	void daemonsAreGoneWhenTheJobIsCancelled() throws Exception {
		this.job.shell("(setsid sh -c 'trap \"\" TERM; sleep 100' &); echo ready; sleep 100");
		Execution execution = startUntil("ready");
		execution.cancel("asked by a test");
		assertThat(execution.await().cause()).isEqualTo(Cause.CANCELLED);
		assertThat(this.job.alive()).isEmpty();
	}

	@Test
	void daemonThatHoldsTheLogsOpenDoesNotDelayTheEnd() throws Exception {
		this.job.shell("setsid sleep 100 & exit 0");
		long begin = System.nanoTime();
		assertThat(run().succeeded()).isTrue();
		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(2));
	}

	@Test
	void killedSupervisorIsALostJob() throws Exception {
		this.job.shell("(setsid sleep 100 &); echo ready; sleep 100");
		Execution execution = startUntil("ready");
		ProcessHandle.of(execution.pid()).orElseThrow().destroyForcibly();
		Ending ending = execution.await();
		assertThat(ending.cause()).isEqualTo(Cause.LOST);
		assertThat(ending.leftovers()).isFalse();
		assertThat(this.job.alive()).isEmpty();
	}

	@Test
	void killedInnerSupervisorIsALostJob() throws Exception {
		this.job.shell("(setsid sleep 100 &); echo ready; sleep 100");
		Execution execution = startUntil("ready");
		ProcessHandle.of(execution.pid()).orElseThrow().children().forEach(ProcessHandle::destroyForcibly);
		assertThat(execution.await().cause()).isEqualTo(Cause.LOST);
		assertThat(this.job.alive()).isEmpty();
	}

	@Test
	void pythonIsSeenInTheCommandOrInTheProcesses() throws Exception {
		this.job.command = List.of("env", "python3", "--version");
		assertThat(run().sawPython()).isTrue();
		assertThat(JobProcesses.asksForPython(this.job.launch().command())).isTrue();
		this.job.shell("cp /bin/sleep /tmp/python3.11; /tmp/python3.11 0.5");
		assertThat(JobProcesses.asksForPython(this.job.launch().command())).isFalse();
		assertThat(run().sawPython()).isTrue();
	}

	@Test
	void leftoversOfAnAttemptThatEndedAreWhatItsStatusSays() throws Exception {
		this.job.shell("exit 9");
		run();
		Ending ending = this.executor.endLeftovers(this.job.attempt());
		assertThat(ending.cause()).isEqualTo(Cause.EXIT);
		assertThat(ending.exitCode()).isEqualTo(9);
		assertThat(ending.leftovers()).isFalse();
	}

	/**
	 * The control group is gone by then, and the disk has room again.
	 */
	@ParameterizedTest
	@CsvSource({ "exec tail /dev/zero, OUT_OF_MEMORY",
			"dd if=/dev/zero of=big bs=1M count=64; sleep 0.3; rm big; exit 1, OUT_OF_DISK" })
	void whyAnAttemptEndedIsToldByTheNextServiceToo(String script, Cause cause) throws Exception {
		assumeVolumes();
		this.job.shell(script).memory = 64 * Job.MIB;
		this.job.disk = 16 * Job.MIB;
		Ending told = run();
		assertThat(told.cause()).as(told.toString()).isEqualTo(cause);
		try (LocalExecutor next = new LocalExecutor(InstantSource.system())) {
			Ending ending = next.endLeftovers(this.job.attempt());
			assertThat(ending.cause()).isEqualTo(cause);
			assertThat(ending.message()).isEqualTo(told.message());
			assertThat(ending.exitCode()).isEqualTo(told.exitCode());
		}
	}

	@Test
	void leftoversOfAnAttemptThatNeverStartedAreLost() {
		assertThat(this.executor.endLeftovers(this.temp.resolve("never")).cause()).isEqualTo(Cause.LOST);
	}

}
