package dev.reprise.acceptance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The commands as a person sees them.
 */
class CommandsTests {

	/**
	 * Hides every interpreter from what follows, where root may.
	 */
	private static final String NO_PYTHON = """
			for folder in $(echo "$PATH" | tr : ' '); do
			  for one in "$folder"/python3 "$folder"/python3.[0-9] "$folder"/python3.[0-9][0-9]; do
			    if [ -f "$one" ]; then mount --bind /dev/null "$(readlink -f "$one")"; fi
			  done
			done
			if python3 -c 1 2>/dev/null; then echo "there is still a Python" >&2; exit 1; fi
			exec "$@"
			""";

	@TempDir
	Path folder;

	@Test
	void theDemoNeedsNoPythonAndShowsTheChecklistAReplayThatIsIdenticalAndASeedThatIsNot()
			throws IOException, InterruptedException {
		String djl = System.getProperty("reprise.test.djl");
		assertThat(djl).as("the tests are run through ./reprise test, which prepares DJL").isNotNull();
		assertThat(demo(List.of("unshare", "-m", "sh", "-c", NO_PYTHON, "sh"), "--reprise.djl=" + djl)).contains(
				"the trainer cnn, on the JVM with DJL", "verdict: IDENTICAL", "verdict: DIFFERENT", "model.safetensors",
				"in ULPs", "As promised");
	}

	@Test
	void theDemoOfPyTorchShowsTheSame() throws IOException, InterruptedException {
		assertThat(demo(List.of(), "--python", "--reprise.environments.default=" + ServiceProcess.environment()))
			.contains("examples/digits/train.py", "verdict: IDENTICAL", "verdict: DIFFERENT", "Python's random",
					"random.seed = 42", "model.safetensors", "in ULPs", "As promised");
	}

	private static boolean isRoot() throws IOException {
		return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
	}

	private String demo(List<String> within, String... options) throws IOException, InterruptedException {
		List<String> command = new ArrayList<>(isRoot() ? within : List.of());
		command.addAll(Product.service());
		command.addAll(List.of("demo", "--data", this.folder.resolve("data").toString()));
		command.addAll(List.of(options));
		Ended demo = run(command);
		assertThat(demo.status()).as(demo.output()).isZero();
		return demo.output();
	}

	@Test
	void aSecondServiceOnOneDataFolderIsRefusedInASentence() throws IOException, InterruptedException {
		Path data = this.folder.resolve("data");
		ServiceProcess first = ServiceProcess.start(data);
		try {
			List<String> command = new ArrayList<>(Product.service());
			command.addAll(List.of("serve", "--port", "0", "--data", data.toString(),
					"--reprise.environments.default=" + ServiceProcess.environment()));
			Ended second = run(command);
			assertThat(second.status()).isNotZero();
			assertThat(second.output()).contains("another Reprise holds the data folder").contains("--data");
			assertThat(second.output()).startsWith("reprise: ").doesNotContain("\tat ");
			command.set(command.indexOf("--port") + 1, first.port());
			command.set(command.indexOf("--data") + 1, this.folder.resolve("other").toString());
			Ended third = run(command);
			assertThat(third.status()).isNotZero();
			assertThat(third.output()).contains("reprise: port " + first.port() + " is in use", "mend: ", "--port N")
				.doesNotContain("\tat ", "APPLICATION FAILED");
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
				launcherThatFinds(false).toString(), "demo"));
		assertThat(launcher.status()).as(launcher.output()).isEqualTo(3);
		assertThat(launcher.output()).contains("Maven 3.8 or later", "bubblewrap", "setpriv", "mend:");
		assertThat(home).isEmptyDirectory();
	}

	/**
	 * The launcher, with or without what {@code ./reprise build} leaves.
	 */
	private Path launcherThatFinds(boolean built) throws IOException {
		String launcher = Files.readString(Path.of("reprise"))
			.replace("needs_build() {", "needs_build() { return " + (built ? 1 : 0) + "; }\nunused() {");
		return Files.writeString(this.folder.resolve("reprise"), launcher);
	}

	@Test
	void theLauncherWantsMavenForTestsWhateverIsBuilt() throws IOException, InterruptedException {
		Path script = launcherThatFinds(true);
		Path bin = Files.createDirectory(this.folder.resolve("bin"));
		for (String folder : List.of("/usr/bin", "/bin", "/usr/sbin")) {
			try (Stream<Path> programs = Files.list(Path.of(folder))) {
				for (Path program : programs.filter((path) -> !path.endsWith("mvn")).toList()) {
					if (!Files.exists(bin.resolve(program.getFileName()), LinkOption.NOFOLLOW_LINKS)) {
						Files.createSymbolicLink(bin.resolve(program.getFileName()), program);
					}
				}
			}
		}
		Ended tests = run(List.of("/usr/bin/env", "-i", "PATH=" + bin, "HOME=" + this.folder,
				"JAVA_HOME=" + System.getProperty("java.home"), "/bin/bash", script.toString(), "test"));
		assertThat(tests.status()).as(tests.output()).isEqualTo(3);
		assertThat(tests.output()).contains("Maven 3.8 or later");
	}

	@Test
	void theLauncherSaysThatItWantsAHome() throws IOException, InterruptedException {
		Ended launcher = run(List.of("/usr/bin/env", "-u", "HOME", "/bin/bash",
				Path.of("reprise").toAbsolutePath().toString(), "help"));
		assertThat(launcher.status()).isEqualTo(3);
		assertThat(launcher.output()).contains("reprise: HOME is not set", "mend:").doesNotContain("unbound");
	}

	@ParameterizedTest
	@ValueSource(strings = { "local", "serve", "test", "build" })
	void whoeverAsksACommandForHelpGetsIt(String command) throws IOException, InterruptedException {
		Ended launcher = run(List.of("/bin/bash", Path.of("reprise").toAbsolutePath().toString(), command, "--help"));
		assertThat(launcher.status()).isZero();
		assertThat(launcher.output()).startsWith("Usage: ./reprise COMMAND").contains("\n  " + command);
	}

	@ParameterizedTest
	@CsvSource({ "--reprise.capacity.cpus=abc, reprise.capacity.cpus is abc: give a whole number",
			"--reprise.capacity.cpus=-3, reprise.capacity.cpus is -3: give a whole number",
			"--reprise.data=/proc/version, the data folder /proc/version cannot be used: /proc/version is no folder" })
	void anOptionThatIsWrongIsSaidInASentence(String option, String sentence) throws IOException, InterruptedException {
		List<String> command = new ArrayList<>(Product.service());
		command.addAll(List.of("serve", "--port", "0", option));
		if (!option.startsWith("--reprise.data")) {
			command.addAll(List.of("--data", this.folder.resolve("data").toString()));
		}
		Ended serve = run(command);
		assertThat(serve.status()).isNotZero();
		assertThat(serve.output()).contains("reprise: " + sentence).doesNotContain("\tat ");
	}

	@Test
	void aCommandOrAnOptionThatIsNotThereIsAnErrorOfUsage() throws IOException, InterruptedException {
		Ended launcher = run(List.of("/bin/bash", Path.of("reprise").toAbsolutePath().toString(), "dance"));
		assertThat(launcher.status()).isEqualTo(2);
		assertThat(launcher.output()).contains("there is no command dance", "serve");
		List<String> command = new ArrayList<>(Product.service());
		command.addAll(List.of("serve", "--colour"));
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
