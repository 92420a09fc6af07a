package dev.reprise.acceptance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A command of {@code ./reprise} as a process of its own, in some folder.
 *
 * @param folder where it is called
 * @param cache its cache, in place of the person's own
 */
record Command(Path folder, Path cache) {

	/**
	 * Runs it to its end.
	 */
	Ended run(String... arguments) throws IOException, InterruptedException {
		Path err = Files.createTempFile("reprise-command-", ".err");
		try {
			Process process = start(err, arguments);
			String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			return new Ended(process.waitFor(), out, Files.readString(err));
		}
		finally {
			Files.delete(err);
		}
	}

	/**
	 * Starts it, without {@code java}'s own shortcuts: this is about what it does. A
	 * shell that runs the tests in the background has all of them ignore SIGINT.
	 */
	Process start(Path err, String... arguments) throws IOException {
		List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
		command.addAll(Product.command());
		command.addAll(List.of(arguments));
		ProcessBuilder builder = new ProcessBuilder(command).directory(this.folder.toFile())
			.redirectError(err.toFile())
			.redirectInput(Path.of("/dev/null").toFile());
		builder.environment().putAll(Map.of("XDG_CACHE_HOME", this.cache.toString(), "LC_ALL", "C.UTF-8"));
		return builder.start();
	}

	/**
	 * The interpreter of the environment that the tests have, with torch.
	 */
	static String python() {
		return ServiceProcess.environment().resolve("bin/python").toString();
	}

	/**
	 * A command that has ended.
	 *
	 * @param status its exit code
	 * @param out standard output
	 * @param err standard error
	 */
	record Ended(int status, String out, String err) {
	}

}
