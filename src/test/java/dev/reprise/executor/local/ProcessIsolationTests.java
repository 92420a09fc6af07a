package dev.reprise.executor.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;

import dev.reprise.executor.Cause;
import dev.reprise.executor.Ending;
import dev.reprise.executor.Execution;
import dev.reprise.executor.Isolation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Isolation {@code process}: what holds without bubblewrap, and who may have it.
 */
@Timeout(120)
class ProcessIsolationTests {

	@TempDir
	private Path temp;

	private final LocalExecutor executor = new LocalExecutor(InstantSource.system(), Holding.PROCESS);

	private Job job;

	@BeforeEach
	void createJob() throws IOException {
		assumeTrue(this.executor.containment().ownUsers(), "not root");
		this.job = new Job(Files.createDirectories(this.temp.resolve("job")));
	}

	@AfterEach
	void nothingIsLeft() throws IOException {
		this.executor.close();
		Job.releaseAll(this.temp);
		if (this.job != null) {
			assertThat(this.job.alive()).isEmpty();
		}
	}

	private String run(String script) throws Exception {
		this.job.shell(script);
		Ending ending = this.executor.start(this.job.launch()).await();
		assertThat(ending.succeeded()).as(ending + this.job.err()).isTrue();
		return this.job.out();
	}

	@Test
	void foldersUserAndHostAreThoseOfTheContract() throws Exception {
		assertThat(run("id -un; hostname; pwd; ls /workspace; ls -d /home/*; umask; echo o >/workspace/outputs/o"))
			.isEqualTo("job\nreprise\n/workspace/work\ninputs\njob.json\noutputs\nrecord\nwork\n/home/job\n0022\n");
		assertThat(this.job.workspace.resolve("outputs/o")).hasContent("o");
		assertThat(Files.getAttribute(this.job.workspace.resolve("outputs/o"), "unix:uid"))
			.isEqualTo(LocalExecutor.FIRST_USER);
	}

	@Test
	void jobHoldsNoPrivilegesAndSeesItsOwnProcessesAlone() throws Exception {
		assertThat(
				run("grep -E 'Cap(Prm|Eff|Bnd)|NoNewPrivs' /proc/self/status | tr -d '\\t'; ls /proc/self/fd | wc -l;"
						+ " (: >/usr/new) 2>/dev/null && echo wrote; (: >/workspace/job.json) 2>/dev/null && echo wrote;"
						+ " kill -9 -1; ls /proc | grep -c '^[0-9]'; ip -o link | cut -d: -f2"))
			.matches("""
					CapPrm:0000000000000000
					CapEff:0000000000000000
					CapBnd:0000000000000000
					NoNewPrivs:1
					4
					[2-6]
					 lo
					""");
	}

	@Test
	void daemonsAreGoneAndTheCodeIsTheJobs() throws Exception {
		this.job.shell("(setsid sleep 100 &); exit 7");
		Ending ending = this.executor.start(this.job.launch()).await();
		assertThat(ending.exitCode()).as(ending.toString()).isEqualTo(7);
		assertThat(this.job.alive()).isEmpty();
		this.job.shell("kill -9 $$");
		assertThat(this.executor.start(this.job.launch()).await().cause()).isEqualTo(Cause.SIGNAL);
	}

	@Test
	void cancelGivesTheJobTimeToEnd() throws Exception {
		this.job.shell("trap 'echo bye; exit 3' TERM; echo ready; while :; do sleep 0.05; done");
		Execution execution = this.executor.start(this.job.launch());
		assertThat(Waiting.until(Duration.ofSeconds(10), () -> this.job.wrote("ready"))).isTrue();
		execution.cancel("asked by a test");
		Ending ending = execution.await();
		assertThat(ending.cause()).isEqualTo(Cause.CANCELLED);
		assertThat(ending.exitCode()).isEqualTo(3);
	}

	@Test
	void torchRunsInAnEnvironmentBelowAFolderThatIsClosed() throws Exception {
		Environment environment = Environment.python();
		this.job.mounts.addAll(environment.mounts());
		this.job.environment.put("PATH", environment.bin() + ":/usr/bin:/bin");
		this.job.memory = 4096 * Job.MIB;
		assertThat(run("python -c 'import torch; print(torch.ones(2).sum().item())'")).isEqualTo("2.0\n");
	}

	@Test
	void probeNamesItAndSaysWhatIsWeaker() throws Exception {
		Isolation isolation = IsolationProbe.probe(this.executor, this.temp);
		assertThat(isolation.refusal()).isNull();
		assertThat(isolation.name()).isEqualTo("process");
		assertThat(isolation.notes()).anyMatch((note) -> note.startsWith("files: a job can read"));
	}

	@Test
	void itIsForLoopbackAlone() throws Exception {
		assertThat(LocalConfiguration.checked(Holding.PROCESS, "127.0.0.1")).isEqualTo(Holding.PROCESS);
		assertThat(LocalConfiguration.checked(Holding.SANDBOX, "0.0.0.0")).isEqualTo(Holding.SANDBOX);
		for (String address : new String[] { "", "0.0.0.0", "192.0.2.1" }) {
			assertThatExceptionOfType(IsolationRefusedException.class)
				.isThrownBy(() -> LocalConfiguration.checked(Holding.PROCESS, address))
				.withMessageContaining("loopback");
		}
		assertThatExceptionOfType(IsolationRefusedException.class).isThrownBy(() -> Holding.of("none"))
			.withMessageContaining("sandbox");
	}

}
