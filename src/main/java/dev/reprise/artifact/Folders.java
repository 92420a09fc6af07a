package dev.reprise.artifact;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;

import org.jspecify.annotations.Nullable;

/**
 * Removes folders that only the service has written to.
 */
public final class Folders {

	private Folders() {
	}

	/**
	 * Removes a folder and all that is in it, without following links; nothing happens
	 * where there is none.
	 */
	public static void remove(Path folder) throws IOException {
		if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
			return;
		}
		Files.walkFileTree(folder, new SimpleFileVisitor<>() {
			@Override
			public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
				Files.delete(file);
				return FileVisitResult.CONTINUE;
			}

			@Override
			public FileVisitResult visitFileFailed(Path file, IOException ex) throws IOException {
				// A job may have closed its folders to everyone; the owner opens them
				// again.
				if (!(ex instanceof AccessDeniedException) || Files.isReadable(file)
						|| !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
					throw ex;
				}
				Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
				remove(file);
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

}
