package dev.reprise.database;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Copies of what was just accepted, a line each, so that one force is enough for all that
 * come at once; a file of its own follows with the first change. What has one is left out
 * when the log is opened, and when it has grown.
 */
final class AcceptedLog implements AutoCloseable {

	private static final long GROWN = 64 << 20;

	private final long grown;

	private final Path file;

	private final Predicate<String> hasFile;

	private FileChannel channel;

	private long bound;

	/**
	 * Opens a log.
	 * @param hasFile whether there is a file of that name by now
	 */
	AcceptedLog(Path file, Predicate<String> hasFile) throws IOException {
		this(file, hasFile, GROWN);
	}

	/**
	 * Opens one.
	 * @param grown bytes from which on it is looked at whether it can be shorter
	 */
	AcceptedLog(Path file, Predicate<String> hasFile, long grown) throws IOException {
		this.grown = grown;
		this.file = file;
		this.hasFile = hasFile;
		this.channel = compacted();
	}

	/**
	 * Adds lines by their names, which are those of the files that will follow.
	 * @param lines JSON without line breaks
	 */
	synchronized void append(Map<String, String> lines) throws IOException {
		if (this.channel.position() > this.bound) {
			FileChannel before = this.channel;
			this.channel = compacted();
			before.close();
		}
		long end = this.channel.position();
		try {
			StringBuilder text = new StringBuilder();
			lines.forEach((name, content) -> text.append(name).append(' ').append(content).append('\n'));
			write(this.channel, text.toString().getBytes(StandardCharsets.UTF_8));
		}
		catch (IOException ex) {
			// What comes next is to begin a line.
			this.channel.truncate(end);
			throw ex;
		}
	}

	/**
	 * All lines by their names.
	 */
	synchronized Map<String, String> read() throws IOException {
		Map<String, String> lines = new LinkedHashMap<>();
		try (BufferedReader reader = Files.newBufferedReader(this.file, StandardCharsets.ISO_8859_1)) {
			for (String line = reader.readLine(); line != null; line = reader.readLine()) {
				int blank = line.indexOf(' ');
				lines.put((blank > 0) ? line.substring(0, blank) : line, decoded(line.substring(blank + 1)));
			}
		}
		return lines;
	}

	/**
	 * Lines are told apart by their bytes: one that a kill cut in the middle of a
	 * character is no reason not to read the others.
	 */
	private static String decoded(String bytes) {
		return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
	}

	/**
	 * Forces what was appended before.
	 */
	void force() throws IOException {
		FileChannel now;
		synchronized (this) {
			now = this.channel;
		}
		try {
			now.force(false);
		}
		catch (ClosedChannelException ex) {
			// It was compacted meanwhile, which forces all.
		}
	}

	/**
	 * Writes the log anew with what is still needed. A last line without its end was told
	 * to nobody.
	 */
	private FileChannel compacted() throws IOException {
		if (!Files.exists(this.file)) {
			Files.createFile(this.file);
		}
		Path fresh = this.file.resolveSibling("log" + RowFiles.UNFINISHED);
		FileChannel written = FileChannel.open(fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
				StandardOpenOption.WRITE);
		String whole = Files.readString(this.file, StandardCharsets.ISO_8859_1);
		StringBuilder kept = new StringBuilder();
		for (int start = 0, end; (end = whole.indexOf('\n', start)) >= 0; start = end + 1) {
			int blank = whole.indexOf(' ', start);
			if (blank < 0 || blank > end || !this.hasFile.test(whole.substring(start, blank))) {
				kept.append(whole, start, end + 1);
			}
		}
		write(written, kept.toString().getBytes(StandardCharsets.ISO_8859_1));
		written.force(true);
		Files.move(fresh, this.file, StandardCopyOption.ATOMIC_MOVE);
		this.bound = Math.max(this.grown, 2 * written.position());
		return written;
	}

	private static void write(FileChannel channel, byte[] text) throws IOException {
		ByteBuffer bytes = ByteBuffer.wrap(text);
		while (bytes.hasRemaining()) {
			channel.write(bytes);
		}
	}

	@Override
	public void close() throws IOException {
		this.channel.close();
	}

}
