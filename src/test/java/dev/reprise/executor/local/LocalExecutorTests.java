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

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Who ended it, and whether anything is left. Every job is a real process.
 */
@Timeout(60)
class LocalExecutorTests {

	private static final Duration SOON = Duration.ofSeconds(10);

	@TempDir
	private Path temp;

	private final LocalExecutor executor = new LocalExecutor(InstantSource.system(), Duration.ofSeconds(1),
			ControlGroups.find());

	private Job job;

	@BeforeEach
	void createJob() throws IOException {
		this.job = new Job(this.temp);
	}

	@AfterEach
	void nothingIsLeft() throws IOException {
		this.executor.close();
		assertThat(this.job.alive()).isEmpty();
		for (Path group : new AttemptFiles(this.job.attempt()).groups()) {
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
		try (LocalExecutor plain = new LocalExecutor(InstantSource.system(), Duration.ofSeconds(1),
				ControlGroups.NONE)) {
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

	@Test
	void diskIsLimited() throws Exception {
		this.job.shell("dd if=/dev/zero of=big bs=1M count=64 2>/dev/null; sleep 100").disk = 16 * Job.MIB;
		assertThat(run().cause()).isEqualTo(Cause.OUT_OF_DISK);
	}

	@Test
	void logIsLimitedAndCut() throws Exception {
		this.job.shell("yes").logs = Job.MIB;
		Ending ending = run();
		assertThat(ending.cause()).isEqualTo(Cause.LOG_LIMIT);
		assertThat(ending.logTruncated()).isTrue();
		assertThat(Files.size(this.job.stdout())).isEqualTo(Job.MIB);
	}

	@Test
	void processesAreLimited() throws Exception {
		this.job.shell("for i in $(seq 100); do sleep 100 & done; wait").processes = 20;
		Ending ending = run();
		assertThat(ending.cause()).as(ending.toString()).isEqualTo(Cause.PROCESS_LIMIT);
	}

	@Test
	void forkBombEndsWithItsTime() throws Exception {
		this.job.shell("b() { b | b & }; b; sleep 100");
		this.job.processes = 100;
		this.job.timeout = Duration.ofSeconds(1);
		assertThat(run().cause()).isIn(Cause.TIMEOUT, Cause.PROCESS_LIMIT);
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
		assertThat(JobProcesses.asksForPython(this.job.launch())).isTrue();
		this.job.shell("cp /bin/sleep /tmp/python3.11; /tmp/python3.11 0.5");
		assertThat(JobProcesses.asksForPython(this.job.launch())).isFalse();
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

	@Test
	void leftoversOfAnAttemptThatNeverStartedAreLost() {
		assertThat(this.executor.endLeftovers(this.temp.resolve("never")).cause()).isEqualTo(Cause.LOST);
	}

}
