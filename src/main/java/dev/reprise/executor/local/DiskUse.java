package dev.reprise.executor.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What lies below folders that a hostile process writes to. {@code du} counts blocks,
 * does not follow links that it finds, does not leave the file system, and can be ended
 * when it takes too long.
 *
 * @param bytes of the blocks in use; {@link Long#MAX_VALUE} if there is too much to walk
 * through
 * @param files files and folders
 */
record DiskUse(long bytes, long files) {

	/**
	 * A walk that takes longer than this is as good as too much.
	 */
	static final Duration PATIENCE = Duration.ofSeconds(20);

	/**
	 * How long it must have calculated for that.
	 */
	private static final Duration WORK = Duration.ofSeconds(1);

	private static final int MAX_NAMELESS = 4096;

	/**
	 * Measures.
	 * @param nameless links to files that have no name any more
	 */
	static DiskUse of(List<Path> folders, List<Path> nameless) throws IOException, InterruptedException {
		List<Path> all = new ArrayList<>(folders);
		all.addAll(nameless);
		return new DiskUse(du("-B1", all), du("--inodes", all));
	}

	/**
	 * Files that processes have open on the file system of a folder and that have no name
	 * any more, as links below {@code /proc}.
	 */
	static List<Path> nameless(Collection<Long> processes, Path folder) throws IOException {
		Object device = Files.getAttribute(folder, "unix:dev");
		List<Path> found = new ArrayList<>();
		for (long process : processes) {
			try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + process + "/fd"))) {
				descriptors.filter((link) -> isNameless(link, device))
					.limit(MAX_NAMELESS - found.size())
					.forEach(found::add);
			}
			catch (IOException ex) {
				// it ended
			}
		}
		return found;
	}

	private static boolean isNameless(Path link, Object device) {
		try {
			return Files.readSymbolicLink(link).toString().endsWith(" (deleted)")
					&& Files.getAttribute(link, "unix:dev").equals(device);
		}
		catch (IOException ex) {
			return false;
		}
	}

	private static long du(String unit, List<Path> paths) throws IOException, InterruptedException {
		// -D: a link below /proc is given to be followed
		List<String> command = new ArrayList<>(List.of(Sandbox.program("du"), "-sxcD", unit, "--"));
		paths.forEach((path) -> command.add(path.toString()));
		ProcessBuilder builder = new ProcessBuilder(command);
		builder.environment().clear();
		builder.environment().put("LC_ALL", "C");
		builder.redirectError(ProcessBuilder.Redirect.DISCARD);
		builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
		Process process = builder.start();
		try {
			if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
				// Beside a fork bomb it hardly gets to run, which says nothing of the
				// files.
				if (process.info().totalCpuDuration().orElse(Duration.ZERO).compareTo(WORK) < 0) {
					throw new IOException("du did not get to run");
				}
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
