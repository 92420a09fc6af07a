package dev.reprise.artifact;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The folder of what this process is writing and has not named yet. Each life of a
 * process has one of its own, with a lock that the kernel drops when the process ends,
 * however it ends; a new life removes the folders whose lock nobody holds. Neither ages
 * nor process ids are trusted, so that two replicas may share a store.
 */
final class Incoming implements AutoCloseable {

	/**
	 * The lives within this JVM. File locks belong to the whole process: to try the lock
	 * of a life in the same process would drop it.
	 */
	private static final Set<Path> HERE = ConcurrentHashMap.newKeySet();

	private final Path folder;

	private final FileChannel life;

	private Incoming(Path folder, FileChannel life) {
		this.folder = folder;
		this.life = life;
	}

	static Incoming open(Path parent) throws IOException {
		Files.createDirectories(parent);
		Path real = parent.toRealPath();
		// Without this a life could be swept between the making of its folder and of its
		// lock.
		synchronized (HERE) {
			try (FileChannel sweep = lockFile(real.resolve("sweep.lock")); FileLock held = sweep.lock()) {
				if (!held.isValid()) {
					throw new IOException("the lock on " + real + " was lost");
				}
				sweep(real);
				return begin(real);
			}
		}
	}

	private static Incoming begin(Path parent) throws IOException {
		Path folder = Files.createDirectory(parent.resolve(UUID.randomUUID().toString()));
		FileChannel life = lockFile(folder.resolve("life.lock"));
		if (life.tryLock() == null) {
			life.close();
			throw new IOException("another process holds the lock of " + folder);
		}
		HERE.add(folder);
		return new Incoming(folder, life);
	}

	private static void sweep(Path parent) throws IOException {
		try (DirectoryStream<Path> lives = Files.newDirectoryStream(parent, Files::isDirectory)) {
			for (Path folder : lives) {
				if (!HERE.contains(folder) && isOver(folder)) {
					Folders.remove(folder);
				}
			}
		}
	}

	private static boolean isOver(Path folder) throws IOException {
		try (FileChannel life = lockFile(folder.resolve("life.lock")); FileLock lock = life.tryLock()) {
			return lock != null;
		}
		catch (OverlappingFileLockException ex) {
			return false;
		}
	}

	private static FileChannel lockFile(Path file) throws IOException {
		return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
	}

	/**
	 * A name that no other file has.
	 */
	Path next() {
		return this.folder.resolve(UUID.randomUUID() + ".part");
	}

	@Override
	public void close() throws IOException {
		HERE.remove(this.folder);
		Folders.remove(this.folder);
		this.life.close();
	}

}
