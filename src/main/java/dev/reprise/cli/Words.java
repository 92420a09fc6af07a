package dev.reprise.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/**
 * Failures of files in words: the message of many is nothing but a path.
 */
final class Words {

	private Words() {
	}

	static String of(IOException ex) {
		return switch (ex) {
			case AccessDeniedException denied -> "no permission for " + denied.getFile()
					+ "; set XDG_CACHE_HOME to a folder that is yours if it lies in the cache, or name another by an option";
			case FileAlreadyExistsException there -> there.getFile() + " is there already, and is no folder";
			case NoSuchFileException missing -> missing.getFile() + " is not there";
			case FileSystemException file when file.getReason() != null -> file.getFile() + ": " + file.getReason();
			default -> String.valueOf((ex.getMessage() != null) ? ex.getMessage() : ex);
		};
	}

}
