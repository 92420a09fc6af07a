package dev.reprise.executor.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Measures what lies below folders that a hostile process writes to. {@code du} counts
 * blocks, does not follow links, does not leave the file system, and can be ended when it
 * takes too long.
 */
final class DiskUse {

	/**
	 * A walk that takes longer than this is as good as too much.
	 */
	static final Duration PATIENCE = Duration.ofSeconds(20);

	private DiskUse() {
	}

	/**
	 * Bytes of the blocks in use, without files that are open but have no name any more.
	 * @return {@link Long#MAX_VALUE} if there is too much to walk through
	 */
	static long of(List<Path> folders) throws IOException, InterruptedException {
		List<String> command = new ArrayList<>(List.of(Sandbox.program("du"), "-sxcP", "-B1", "--"));
		folders.forEach((folder) -> command.add(folder.toString()));
		ProcessBuilder builder = new ProcessBuilder(command);
		builder.environment().clear();
		builder.environment().put("LC_ALL", "C");
		builder.redirectError(ProcessBuilder.Redirect.DISCARD);
		builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
		Process process = builder.start();
		try {
			if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
				return Long.MAX_VALUE;
			}
			String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
			String last = out.substring(out.lastIndexOf('\n') + 1);
			return Long.parseLong(last.substring(0, last.indexOf('\t')));
		}
		catch (NumberFormatException | StringIndexOutOfBoundsException ex) {
			throw new IOException("du gave no figure", ex);
		}
		finally {
			process.destroyForcibly();
		}
	}

}
