package dev.reprise.artifact;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Where the service keeps everything; held by one service at a time, for as long as it
 * lives.
 */
public final class DataFolder implements AutoCloseable {

	private final Path root;

	private final FileChannel channel;

	private DataFolder(Path root, FileChannel channel) {
		this.root = root;
		this.channel = channel;
	}

	/**
	 * Makes the folder where there is none, readable by its owner alone, takes hold of
	 * it, and removes what a former life had only begun to receive or to unpack.
	 * @param root an absolute path
	 * @throws DataFolderInUseException if another service holds it
	 * @throws IllegalArgumentException if the path is relative
	 * @throws UncheckedIOException if it cannot be made or written to
	 */
	public static DataFolder open(Path root) {
		if (!root.isAbsolute()) {
			throw new IllegalArgumentException("reprise.data must be an absolute path, not " + root);
		}
		try {
			Files.createDirectories(root,
					PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
			FileChannel channel = FileChannel.open(root.resolve("service.lock"), StandardOpenOption.CREATE,
					StandardOpenOption.WRITE);
			if (!lock(channel)) {
				channel.close();
				throw new DataFolderInUseException(root);
			}
			Folders.remove(root.resolve("tmp"));
			for (String name : new String[] { "runs", "attempts", "tmp", "db" }) {
				Files.createDirectories(root.resolve(name));
			}
			return new DataFolder(root.toRealPath(), channel);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("the data folder " + root + " cannot be used: " + reason(ex), ex);
		}
	}

	/**
	 * The message of what concerns one file is often nothing but its path.
	 */
	private static String reason(IOException ex) {
		return switch (ex) {
			case FileAlreadyExistsException there -> there.getFile() + " is no folder";
			case AccessDeniedException denied -> "no permission to write to " + denied.getFile();
			default -> String.valueOf(ex.getMessage());
		};
	}

	private static boolean lock(FileChannel channel) throws IOException {
		try {
			FileLock lock = channel.tryLock();
			return lock != null;
		}
		catch (OverlappingFileLockException ex) {
			return false;
		}
	}

	/**
	 * Where the record folder of each run that has ended is, by its id.
	 */
	public Path runs() {
		return this.root.resolve("runs");
	}

	/**
	 * Where attempts live while they run.
	 */
	public Path attempts() {
		return this.root.resolve("attempts");
	}

	/**
	 * For what is being received or unpacked; emptied at each start.
	 */
	public Path tmp() {
		return this.root.resolve("tmp");
	}

	/**
	 * The folder itself.
	 */
	public Path root() {
		return this.root;
	}

	@Override
	public void close() throws IOException {
		this.channel.close();
	}

}
