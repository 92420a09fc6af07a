package dev.reprise.acceptance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The commands as a person sees them.
 */
class CommandsTests {

	@TempDir
	Path folder;

	@Test
	void theDemoShowsTheChecklistAReplayThatIsIdenticalAndASeedThatIsNot() throws IOException, InterruptedException {
		List<String> command = new ArrayList<>(ServiceProcess.java());
		command.addAll(List.of("dev.reprise.cli.Main", "demo", "--data", this.folder.resolve("data").toString(),
				"--reprise.environments.default=" + ServiceProcess.environment()));
		Ended demo = run(command);
		assertThat(demo.status()).as(demo.output()).isZero();
		assertThat(demo.output()).contains("verdict: IDENTICAL", "verdict: DIFFERENT", "Python's random",
				"random.seed = 42", "model.safetensors", "in ULPs", "As promised");
	}

	@Test
	void aSecondServiceOnOneDataFolderIsRefusedInASentence() throws IOException, InterruptedException {
		Path data = this.folder.resolve("data");
		ServiceProcess first = ServiceProcess.start(data);
		try {
			List<String> command = new ArrayList<>(ServiceProcess.java());
			command.addAll(List.of("dev.reprise.cli.Main", "serve", "--port", "0", "--data", data.toString(),
					"--reprise.environments.default=" + ServiceProcess.environment()));
			Ended second = run(command);
			assertThat(second.status()).isNotZero();
			assertThat(second.output()).contains("another Reprise holds the data folder").contains("--data");
			assertThat(second.output()).doesNotContain("\tat ");
		}
		finally {
			first.stop();
		}
	}

	@Test
	void theLauncherNamesAllThatIsMissingWithItsMendBeforeItDoesAnything() throws IOException, InterruptedException {
		Path bin = Files.createDirectory(this.folder.resolve("bin"));
		for (String tool : List.of("bash", "dirname", "readlink", "uname", "id", "find", "sort", "xargs", "sha256sum",
				"cat", "grep", "cut", "env")) {
			Path program = Files.isExecutable(Path.of("/usr/bin", tool)) ? Path.of("/usr/bin", tool)
					: Path.of("/bin", tool);
			Path script = Files.writeString(bin.resolve(tool), "#!/bin/bash\nexec " + program + " \"$@\"\n");
			Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
		}
		Path home = Files.createDirectory(this.folder.resolve("home"));
		Ended launcher = run(List.of("/usr/bin/env", "-i", "PATH=" + bin, "HOME=" + home, "/bin/bash",
				Path.of("reprise").toAbsolutePath().toString(), "demo"));
		assertThat(launcher.status()).as(launcher.output()).isEqualTo(3);
		assertThat(launcher.output()).contains("Maven 3.8 or later", "bubblewrap", "setpriv", "mend:");
		assertThat(home).isEmptyDirectory();
	}

	@Test
	void aCommandOrAnOptionThatIsNotThereIsAnErrorOfUsage() throws IOException, InterruptedException {
		Ended launcher = run(List.of("/bin/bash", Path.of("reprise").toAbsolutePath().toString(), "dance"));
		assertThat(launcher.status()).isEqualTo(2);
		assertThat(launcher.output()).contains("there is no command dance", "serve");
		List<String> command = new ArrayList<>(ServiceProcess.java());
		command.addAll(List.of("dev.reprise.cli.Main", "serve", "--colour"));
		Ended serve = run(command);
		assertThat(serve.status()).isEqualTo(2);
		assertThat(serve.output()).contains("there is no option --colour");
	}

	private static Ended run(List<String> command) throws IOException, InterruptedException {
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		process.getOutputStream().close();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		return new Ended(process.waitFor(), output);
	}

	/**
	 * A command that has ended.
	 *
	 * @param status its exit code
	 * @param output all that it printed
	 */
	record Ended(int status, String output) {
	}

}
