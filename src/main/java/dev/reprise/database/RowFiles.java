package dev.reprise.database;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The folder {@code rows/}: one file for each run, diff and replay, whole under its name
 * or not there.
 */
final class RowFiles {

	private static final String UNFINISHED = ".unfinished";

	private final Path folder;

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
	}

	Path path(RowKind kind, String id) {
		return this.folder.resolve(id + "." + kind.word() + ".json");
	}

	/**
	 * Ids of what has a file, oldest first.
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
		return ids;
	}

	/**
	 * Keeps a file where there is none yet: whoever knew more has written already.
	 */
	void first(RowKind kind, String id, byte[] content) throws IOException {
		Path written = write(content);
		try {
			Files.createLink(path(kind, id), written);
		}
		catch (FileAlreadyExistsException ex) {
			// It is newer than ours.
		}
		finally {
			Files.delete(written);
		}
	}

	/**
	 * Keeps a file in the place of what was there.
	 */
	void replace(RowKind kind, String id, byte[] content) throws IOException {
		Files.move(write(content), path(kind, id), StandardCopyOption.ATOMIC_MOVE);
	}

	/**
	 * Forces the names; the bytes were forced when they were written.
	 */
	void force() throws IOException {
		try (FileChannel channel = FileChannel.open(this.folder, StandardOpenOption.READ)) {
			channel.force(true);
		}
	}

	private Path write(byte[] content) throws IOException {
		Path temporary = this.folder.resolve(this.unfinished.incrementAndGet() + UNFINISHED);
		try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW,
				StandardOpenOption.WRITE)) {
			ByteBuffer bytes = ByteBuffer.wrap(content);
			while (bytes.hasRemaining()) {
				channel.write(bytes);
			}
			channel.force(true);
			return temporary;
		}
		catch (IOException ex) {
			Files.deleteIfExists(temporary);
			throw ex;
		}
	}

}
