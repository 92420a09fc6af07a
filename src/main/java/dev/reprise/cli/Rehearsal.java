package dev.reprise.cli;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Goes once through the commands that are to start in a moment, for the build: the JVM
 * keeps what it loads meanwhile, and need not load it again.
 */
final class Rehearsal {

	private Rehearsal() {
	}

	/**
	 * Rehearses.
	 * @param folder is made
	 * @return 0
	 */
	static int run(Path folder) throws InterruptedException {
		PrintStream nobody = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
		String left = folder.resolve("left").toString();
		String right = folder.resolve("right").toString();
		String archive = folder.resolve("run.tar").toString();
		RecordCommands.local(List.of("--seed", "1", "--record", left, "--", "true"), nobody);
		RecordCommands.local(List.of("--seed", "2", "--record", right, "--", "false"), nobody);
		RecordCommands.diff(List.of("--json", left, right), nobody, nobody);
		RecordCommands.diff(List.of(left, right), nobody, nobody);
		RecordCommands.export(List.of(left, "-o", archive), nobody, nobody);
		RecordCommands.check(List.of(archive), nobody, nobody);
		RecordCommands.verify(List.of(archive, archive), nobody, nobody);
		// Nobody answers there, but what asks is loaded.
		RecordCommands.diff(List.of("--server", "http://127.0.0.1:1", "0".repeat(26), left), nobody, nobody);
		return 0;
	}

}
