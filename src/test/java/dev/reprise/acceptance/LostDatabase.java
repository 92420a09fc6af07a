package dev.reprise.acceptance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.reprise.artifact.Folders;
import dev.reprise.service.TestDatabase;

/**
 * A database that is lost while the data folder is not, and is made anew from that.
 */
final class LostDatabase {

	private LostDatabase() {
	}

	/**
	 * Loses it.
	 * @return the options with which a service finds an empty one
	 */
	static List<String> lose(TestDatabase database, Path data, List<String> options) throws IOException {
		if (database == TestDatabase.POSTGRESQL) {
			return database.options(data);
		}
		Folders.remove(data.resolve("db"));
		return options;
	}

	/**
	 * Runs {@code ./reprise rebuild}.
	 * @return what it printed, and its exit code
	 */
	static String rebuild(Path data, List<String> options) throws IOException, InterruptedException {
		List<String> command = new ArrayList<>(Product.service());
		command.addAll(List.of("rebuild", "--data", data.toString()));
		command.addAll(options);
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		return said + "\nexit " + process.waitFor();
	}

}
