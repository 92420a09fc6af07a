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
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A service that is not root: where these are root they run it as the user nobody, in one
 * test what is tested elsewhere in many. All of them run so by
 * {@code ./reprise test --as-user}.
 */
@Timeout(120)
class OrdinaryUserTests {

	private static final int NOBODY = 65534;

	@TempDir
	private Path temp;

	private Job job;

	private boolean root;

	private int user;

	@BeforeEach
	void giveTheFolderAway() throws IOException {
		this.job = new Job(this.temp);
		this.user = (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
		this.root = this.user == 0;
		if (!this.root) {
			return;
		}
		this.user = NOBODY;
		try (var paths = Files.walk(this.temp)) {
			for (Path path : paths.toList()) {
				Files.setAttribute(path, "unix:uid", NOBODY);
			}
		}
	}

	private Process service(String... command) throws IOException {
		List<String> words = new ArrayList<>();
		if (this.root) {
			words.addAll(List.of("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"));
		}
		words.addAll(List.of(System.getProperty("java.home") + "/bin/java", "-XX:TieredStopAtLevel=1", "-cp",
				System.getProperty("java.class.path"), StartsOneJob.class.getName(), this.job.folder.toString(),
				this.job.marker, "find"));
		words.addAll(List.of(command));
		return new ProcessBuilder(words).redirectErrorStream(true).start();
	}

	private String run(String... command) throws Exception {
		Process service = service(command);
		String said = new String(service.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(service.waitFor(30, TimeUnit.SECONDS)).isTrue();
		assertThat(this.job.alive()).isEmpty();
		return said;
	}

	@Test
	void jobRunsInTheSameSandbox() throws Exception {
		String said = run("sh", "-c", "id -u; hostname; pwd; grep CapEff /proc/self/status; ls /; ls /root; "
				+ "(setsid sleep 100 &); echo x >made; exit 4");
		assertThat(said).contains("cause=EXIT", "exitCode=4");
		assertThat(this.job.out()).startsWith("1000\nreprise\n/workspace/work\nCapEff:\t0000000000000000\nbin\n");
		assertThat(this.job.err()).contains("cannot access '/root'");
		assertThat(Files.getAttribute(this.job.workspace.resolve("work/made"), "unix:uid")).isEqualTo(this.user);
	}

	@Test
	void memoryIsWatched() throws Exception {
		assertThat(run("tail", "/dev/zero")).contains("cause=OUT_OF_MEMORY");
	}

	@Test
	void processesAreLimited() throws Exception {
		String said = run("sh", "-c", "for i in $(seq 400); do sleep 100 & done; wait");
		assertThat(said).contains("cause=EXIT", "exitCode=2");
		assertThat(this.job.err()).contains("Cannot fork");
	}

	@Test
	void nothingIsLeftAfterTheServiceWasKilled() throws Exception {
		Process service = service("sh", "-c",
				"trap '' TERM HUP; (setsid sh -c 'trap \"\" TERM; sleep 100' &); echo ready; sleep 100; sleep 100");
		assertThat(Waiting.until(Duration.ofSeconds(20), () -> this.job.wrote("ready"))).isTrue();
		assertThat(this.job.alive()).hasSizeGreaterThan(4);
		service.destroyForcibly();
		assertThat(Waiting.until(Duration.ofSeconds(2), () -> this.job.alive().isEmpty())).isTrue();
		try (LocalExecutor next = new LocalExecutor(InstantSource.system())) {
			assertThat(next.endLeftovers(this.job.attempt()).leftovers()).isFalse();
		}
	}

	@Test
	void killedSupervisorTakesTheJobAlong() throws Exception {
		Process service = service("sh", "-c", "(setsid sleep 100 &); echo ready; sleep 100");
		BufferedReader said = new BufferedReader(
				new InputStreamReader(service.getInputStream(), StandardCharsets.UTF_8));
		assertThat(said.readLine()).isEqualTo("starting");
		String started = said.readLine();
		assertThat(Waiting.until(Duration.ofSeconds(20), () -> this.job.wrote("ready"))).isTrue();
		ProcessHandle.of(Long.parseLong(started.substring("started ".length()))).orElseThrow().destroyForcibly();
		assertThat(said.readLine()).contains("cause=LOST", "leftovers=false");
		assertThat(this.job.alive()).isEmpty();
	}

}
