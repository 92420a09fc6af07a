package dev.reprise.run;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A log that is too long is kept in parts while its job runs: {@code stdout.log} with its
 * beginning, and {@code stdout.log.tail-HEAD-OFFSET} with what came last, of which there
 * are two at most. Once the job has ended, {@link #join} makes one file of them, with a
 * mark where something was left out. The first file only ever grows, so that it can be
 * followed by its offsets.
 */
public final class LogParts {

	private static final Pattern TAIL = Pattern.compile("tail-(\\d{1,18})-(\\d{1,18})");

	private LogParts() {
	}

	/**
	 * Where a part of the tail is written.
	 * @param head bytes of the stream that the first file holds
	 * @param offset in the stream of the part's first byte
	 */
	public static Path tail(Path log, long head, long offset) {
		return log.resolveSibling(log.getFileName() + ".tail-" + head + "-" + offset);
	}

	/**
	 * Makes one file of the parts. Begun again where it was interrupted.
	 */
	public static void join(Path log) throws IOException {
		List<Tail> tails = tails(log);
		if (tails.isEmpty()) {
			return;
		}
		Tail first = tails.getFirst();
		try (FileChannel out = FileChannel.open(log, StandardOpenOption.WRITE)) {
			// What an interrupted join had added is in the parts still.
			out.truncate(first.head).position(first.head);
			try (OutputStream to = Channels.newOutputStream(out)) {
				to.write(mark(first.offset - first.head));
				for (Tail tail : tails) {
					Files.copy(tail.file, to);
				}
				out.force(true);
			}
		}
		for (Tail tail : tails) {
			Files.delete(tail.file);
		}
	}

	/**
	 * The log as it is now, tail and all.
	 */
	static InputStream now(Path log) throws IOException {
		List<Tail> tails = tails(log);
		if (tails.isEmpty()) {
			return Files.newInputStream(log);
		}
		List<InputStream> parts = new ArrayList<>();
		parts.add(Files.newInputStream(log));
		long left = tails.getFirst().head;
		for (Tail tail : tails) {
			try {
				InputStream in = Files.newInputStream(tail.file);
				parts.add(new ByteArrayInputStream(mark(tail.offset - left)));
				parts.add(in);
				left = tail.offset + Files.size(tail.file);
			}
			catch (NoSuchFileException ex) {
				// it is no longer among the last
			}
		}
		return new SequenceInputStream(Collections.enumeration(parts));
	}

	private static byte[] mark(long leftOut) {
		return (leftOut <= 0) ? new byte[0]
				: ("\n--- " + leftOut + " bytes were left out here ---\n").getBytes(StandardCharsets.US_ASCII);
	}

	private static List<Tail> tails(Path log) throws IOException {
		String prefix = log.getFileName() + ".";
		List<Tail> tails = new ArrayList<>();
		Path folder = log.toAbsolutePath().getParent();
		if (folder == null || !Files.isDirectory(folder)) {
			return tails;
		}
		try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
			for (Path file : files) {
				String name = file.getFileName().toString();
				Matcher matcher = TAIL.matcher(name.startsWith(prefix) ? name.substring(prefix.length()) : "");
				if (matcher.matches()) {
					tails.add(new Tail(file, Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2))));
				}
			}
		}
		tails.sort(Comparator.comparingLong(Tail::offset));
		return tails;
	}

	private record Tail(Path file, long head, long offset) {
	}

}
