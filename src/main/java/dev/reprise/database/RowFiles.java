package dev.reprise.database;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The folder {@code rows/}: one file for each run, diff and replay, whole under its name
 * or not there; and a log of those that were only accepted yet.
 */
final class RowFiles implements AutoCloseable {

	static final String UNFINISHED = ".unfinished";

	private static final long MOST_BYTES = 16 << 20;

	private final Path folder;

	private final AcceptedLog accepted;

	/**
	 * Whether names have changed since they were last forced.
	 */
	private final AtomicBoolean renamed = new AtomicBoolean();

	private final AtomicLong unfinished = new AtomicLong();

	/**
	 * Files below a data folder; what a former life had not finished is removed.
	 */
	RowFiles(Path data) throws IOException {
		this.folder = Files.createDirectories(data.resolve("rows"));
		try (DirectoryStream<Path> left = Files.newDirectoryStream(this.folder, "*" + UNFINISHED)) {
			for (Path one : left) {
				Files.delete(one);
			}
		}
		this.accepted = new AcceptedLog(this.folder.resolve("accepted.jsonl"),
				(name) -> Files.exists(this.folder.resolve(name)));
		this.renamed.set(true);
	}

	Path path(RowKind kind, String id) {
		return this.folder.resolve(name(kind, id));
	}

	private static String name(RowKind kind, String id) {
		return id + "." + kind.word() + ".json";
	}

	/**
	 * Ids of what has a file or a line, oldest first.
	 */
	Set<String> ids(RowKind kind) throws IOException {
		String ending = "." + kind.word() + ".json";
		Set<String> ids = new TreeSet<>();
		try (DirectoryStream<Path> files = Files.newDirectoryStream(this.folder, "*" + ending)) {
			for (Path file : files) {
				String name = String.valueOf(file.getFileName());
				ids.add(name.substring(0, name.length() - ending.length()));
			}
		}
		this.accepted.read()
			.keySet()
			.stream()
			.filter((name) -> name.endsWith(ending))
			.forEach((name) -> ids.add(name.substring(0, name.length() - ending.length())));
		return ids;
	}

	/**
	 * What is kept of one.
	 */
	String read(RowKind kind, String id) throws IOException {
		Path file = path(kind, id);
		if (!Files.exists(file)) {
			return this.accepted.read().getOrDefault(name(kind, id), "");
		}
		if (Files.size(file) > MOST_BYTES) {
			throw new IOException("it has more than " + MOST_BYTES + " bytes");
		}
		return Files.readString(file);
	}

	/**
	 * Keeps what was just accepted, each by its id.
	 */
	void first(RowKind kind, Map<String, String> contents) throws IOException {
		Map<String, String> lines = new LinkedHashMap<>();
		contents.forEach((id, content) -> lines.put(name(kind, id), content));
		this.accepted.append(lines);
	}

	/**
	 * Keeps a file in the place of what was there.
	 * @param forced whether its bytes are to be on the disk before it has its name
	 */
	void replace(RowKind kind, String id, String content, boolean forced) throws IOException {
		Files.move(write(content, forced), path(kind, id), StandardCopyOption.ATOMIC_MOVE);
		this.renamed.set(true);
	}

	/**
	 * Forces the lines and the names; the bytes of files were forced when they were
	 * written.
	 */
	void force() throws IOException {
		this.accepted.force();
		if (!this.renamed.getAndSet(false)) {
			return;
		}
		try (FileChannel channel = FileChannel.open(this.folder, StandardOpenOption.READ)) {
			channel.force(true);
		}
	}

	private Path write(String content, boolean forced) throws IOException {
		Path temporary = this.folder.resolve(this.unfinished.incrementAndGet() + UNFINISHED);
		try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW,
				StandardOpenOption.WRITE)) {
			ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
			while (bytes.hasRemaining()) {
				channel.write(bytes);
			}
			if (forced) {
				channel.force(true);
			}
			return temporary;
		}
		catch (IOException ex) {
			Files.deleteIfExists(temporary);
			throw ex;
		}
	}

	@Override
	public void close() throws IOException {
		this.accepted.close();
	}

}
