package dev.reprise.environment;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Folders of environments: closed to writing once they are whole, opened again to be
 * removed. Their files are linked from uv's cache, so that closing one closes it there.
 */
final class EnvironmentFolders {

	private static final Set<PosixFilePermission> CLOSED = PosixFilePermissions.fromString("r-xr-xr-x");

	private static final Set<PosixFilePermission> OPEN = PosixFilePermissions.fromString("rwxr-xr-x");

	private static final Set<PosixFilePermission> WRITE = EnumSet.of(PosixFilePermission.OWNER_WRITE,
			PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

	private static final Set<PosixFilePermission> READ = EnumSet.of(PosixFilePermission.OWNER_READ,
			PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ);

	private EnvironmentFolders() {
	}

	/**
	 * Makes all of it readable by all and writable by none, but for the folder itself.
	 * @return the bytes of its files
	 */
	static long close(Path environment) throws IOException {
		long[] bytes = new long[1];
		Files.walkFileTree(environment, new SimpleFileVisitor<>() {
			@Override
			public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
				if (attributes.isRegularFile()) {
					Set<PosixFilePermission> before = Files.getPosixFilePermissions(file);
					Set<PosixFilePermission> now = EnumSet.copyOf(READ);
					now.addAll(before);
					now.removeAll(WRITE);
					if (!now.equals(before)) {
						Files.setPosixFilePermissions(file, now);
					}
					bytes[0] += attributes.size();
				}
				return FileVisitResult.CONTINUE;
			}

			@Override
			public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException ex) throws IOException {
				if (ex != null) {
					throw ex;
				}
				Files.setPosixFilePermissions(folder, folder.equals(environment) ? OPEN : CLOSED);
				return FileVisitResult.CONTINUE;
			}
		});
		return bytes[0];
	}

	/**
	 * Removes a folder, whatever its permissions are; nothing happens where there is
	 * none.
	 */
	static void remove(Path folder) throws IOException {
		if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
			return;
		}
		Files.walkFileTree(folder, new SimpleFileVisitor<>() {
			@Override
			public FileVisitResult preVisitDirectory(Path visited, BasicFileAttributes attributes) throws IOException {
				Files.setPosixFilePermissions(visited, OPEN);
				return FileVisitResult.CONTINUE;
			}

			@Override
			public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
				Files.delete(file);
				return FileVisitResult.CONTINUE;
			}

			@Override
			public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException ex) throws IOException {
				if (ex != null) {
					throw ex;
				}
				Files.delete(visited);
				return FileVisitResult.CONTINUE;
			}
		});
	}

	static void force(Path path) throws IOException {
		try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
			channel.force(true);
		}
	}

}
