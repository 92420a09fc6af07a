package dev.reprise.cli.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

import dev.reprise.artifact.Folders;
import org.jspecify.annotations.Nullable;

/**
 * The folders that a job is told of by name. One run after the other gets the same ones,
 * so that no path in an output tells two runs apart; runs at one time have one each.
 */
final class Slot implements AutoCloseable {

	private static final int MAX_SLOTS = 256;

	private final Path folder;

	private final FileChannel lock;

	private Slot(Path folder, FileChannel lock) {
		this.folder = folder;
		this.lock = lock;
	}

	/**
	 * Takes the first one that is free, and empties it.
	 * @param cache Reprise's folder below the cache
	 * @throws IOException if it cannot be made
	 */
	static Slot take(Path cache) throws IOException {
		Path slots = Files.createDirectories(cache.resolve("local"));
		for (int number = 0; number < MAX_SLOTS; number++) {
			FileChannel channel = lock(slots.resolve(number + ".lock"));
			if (channel != null) {
				Slot slot = new Slot(slots.resolve(String.valueOf(number)), channel);
				slot.clear();
				return slot;
			}
		}
		throw new IOException("more than " + MAX_SLOTS + " runs go on at one time; wait for one to end");
	}

	private static @Nullable FileChannel lock(Path file) throws IOException {
		FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
		try {
			FileLock held = channel.tryLock();
			if (held != null) {
				return channel;
			}
		}
		catch (OverlappingFileLockException ex) {
			// this process has it
		}
		channel.close();
		return null;
	}

	private void clear() throws IOException {
		Folders.remove(this.folder);
		Files.createDirectory(this.folder,
				PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
		for (String name : new String[] { "record", "outputs", "inductor", "triton" }) {
			Files.createDirectory(this.folder.resolve(name));
		}
	}

	/**
	 * What the contract calls the workspace, without the working folder.
	 */
	Path workspace() {
		return this.folder;
	}

	Path outputs() {
		return this.folder.resolve("outputs");
	}

	@Override
	public void close() throws IOException {
		try {
			Folders.remove(this.folder);
		}
		finally {
			this.lock.close();
		}
	}

}
