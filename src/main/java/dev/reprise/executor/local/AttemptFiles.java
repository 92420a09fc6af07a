package dev.reprise.executor.local;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import dev.reprise.executor.Cause;
import org.jspecify.annotations.Nullable;

/**
 * The files by which the service and the supervisor of one attempt talk.
 */
record AttemptFiles(Path folder) {

	private static final int MAX_BYTES = 64 * 1024;

	private static final Pattern STATUS = Pattern.compile("exit (\\d{1,3})\\s*");

	private static final Pattern OUTER = Pattern.compile("(\\d{1,10}) (\\d{1,20})\\s*");

	/**
	 * The supervisor's outer process.
	 *
	 * @param pid as the service sees it
	 * @param started field 22 of its {@code /proc/PID/stat}, since pids are used again
	 */
	record Outer(long pid, String started) {

	}

	void create() throws IOException {
		Files.createDirectories(this.folder);
		Files.setPosixFilePermissions(this.folder, PosixFilePermissions.fromString("rwx------"));
		for (String stale : List.of("status", "status.new", "asked", "closed", "started", "ended", "pid",
				"supervisor.log", "reason", "reason.new", "busy")) {
			Files.deleteIfExists(file(stale));
		}
	}

	Path file(String name) {
		return this.folder.resolve(name);
	}

	/**
	 * A name that no other attempt has, by which its processes are found; empty where
	 * none was given.
	 */
	String mark() {
		return read("mark").strip();
	}

	Path lock() {
		return file("lock");
	}

	void write(String name, String text) throws IOException {
		Files.writeString(file(name), text);
	}

	/**
	 * Keeps why the service ends the attempt, or why it ended where its exit code does
	 * not say so.
	 */
	void reason(Verdict why) {
		try {
			write("reason.new", why.cause() + " " + why.message());
			Files.move(file("reason.new"), file("reason"), StandardCopyOption.ATOMIC_MOVE);
		}
		catch (IOException ex) {
			// The disk may be full, and then the reason is known to this life alone.
		}
	}

	/**
	 * What was kept of why it ended, or null where that is nothing.
	 */
	@Nullable Verdict reason() {
		String text = read("reason");
		int blank = text.indexOf(' ');
		return (blank > 0) ? new Verdict(Cause.valueOf(text.substring(0, blank)), text.substring(blank + 1)) : null;
	}

	/**
	 * What the job returned, by the supervisor's word; empty if the supervisor was killed
	 * or had to end the job because the service was gone.
	 */
	OptionalInt exitCode() {
		Matcher matcher = STATUS.matcher(read("status"));
		return matcher.matches() ? OptionalInt.of(Integer.parseInt(matcher.group(1))) : OptionalInt.empty();
	}

	/**
	 * Bytes that its disk may hold; empty where the service died before it wrote that
	 * down, or was of a version that did not.
	 */
	OptionalLong disk() {
		try {
			return OptionalLong.of(Long.parseLong(read("disk").strip()));
		}
		catch (NumberFormatException ex) {
			return OptionalLong.empty();
		}
	}

	/**
	 * Whether the sandbox stood and the job's first process was about to start.
	 */
	boolean started() {
		return !read("started").isEmpty();
	}

	String supervisorLog() {
		return read("supervisor.log").strip();
	}

	/**
	 * Whether the job's cores were kept busy from its start to its end, by the
	 * supervisor's word; null where it did not come to say so.
	 */
	@Nullable Boolean busy() {
		String word = read("busy").strip();
		return word.isEmpty() ? null : Boolean.valueOf(word.equals("yes"));
	}

	@Nullable Outer outer() {
		Matcher matcher = OUTER.matcher(read("pid"));
		return matcher.matches() ? new Outer(Long.parseLong(matcher.group(1)), matcher.group(2)) : null;
	}

	void write(String name, List<?> lines) throws IOException {
		write(name, lines.stream().map((line) -> line + "\n").collect(Collectors.joining()));
	}

	List<String> lines(String name) {
		return read(name).lines().filter((line) -> !line.isBlank()).toList();
	}

	List<Path> paths(String name) {
		return lines(name).stream().map(Path::of).toList();
	}

	private String read(String name) {
		try (InputStream in = Files.newInputStream(file(name))) {
			return new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			return "";
		}
	}

}
