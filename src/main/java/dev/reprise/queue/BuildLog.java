package dev.reprise.queue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What uv says while it builds an environment: its last line for who waits, its last
 * words where it failed.
 *
 * @param file where they are written
 */
record BuildLog(Path file) {

	private static final int TAIL = 16 << 10;

	private static final int MAX_LINE = 200;

	private static final int MAX_WORDS = 2000;

	/**
	 * The last line that is whole and not empty.
	 */
	String last() throws IOException {
		List<String> lines = lines();
		String line = lines.isEmpty() ? "it begins" : lines.getLast();
		return (line.length() <= MAX_LINE) ? line : line.substring(0, MAX_LINE - 1) + "…";
	}

	/**
	 * From its first error on, or all.
	 */
	String words() throws IOException {
		List<String> lines = lines();
		int first = 0;
		for (int i = lines.size() - 1; i >= 0; i--) {
			if (lines.get(i).startsWith("error:")) {
				first = i;
			}
		}
		String words = lines.subList(first, lines.size()).stream().collect(Collectors.joining("\n"));
		return (words.length() <= MAX_WORDS) ? words : words.substring(0, MAX_WORDS - 1) + "…";
	}

	private List<String> lines() throws IOException {
		return tail().lines()
			.map((line) -> line.replaceAll("\\p{Cntrl}", "").replaceAll("://[^/@\\s]*@", "://").stripTrailing())
			// It names a folder of this machine, and the same in each build.
			.filter((line) -> !line.isBlank() && !line.startsWith("Using Python "))
			.map(String::strip)
			.toList();
	}

	private String tail() throws IOException {
		if (!Files.exists(this.file)) {
			return "";
		}
		try (FileChannel channel = FileChannel.open(this.file)) {
			long size = channel.size();
			ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(size, TAIL));
			long at = size - buffer.capacity();
			int read = 0;
			while (buffer.hasRemaining() && read >= 0) {
				read = channel.read(buffer, at + buffer.position());
			}
			return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
		}
	}

}
