package dev.reprise.artifact;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * Copies of the texts among the files of a code, so that a later comparison can show the
 * lines that differ.
 */
public final class CodeCopies {

	/**
	 * Largest file that is copied, in bytes.
	 */
	static final long MAX_FILE = 1L << 20;

	/**
	 * Most bytes that are copied of one code.
	 */
	static final long MAX_BYTES = 32L << 20;

	private CodeCopies() {
	}

	/**
	 * Copies those files that are still what the listing says, in its order.
	 * @param root the folder of the code
	 * @param target is made, where there is something to copy
	 * @throws IOException if the copy cannot be written
	 */
	public static void copy(Path root, Listing code, Path target) throws IOException {
		long left = MAX_BYTES;
		for (ListedFile file : code.files()) {
			if (file.size() > Math.min(MAX_FILE, left)) {
				continue;
			}
			byte[] bytes = read(FileNames.resolve(root, file.path()));
			if (bytes.length == file.size() && isText(bytes) && Digest.of(bytes).equals(file.digest())) {
				Path copy = FileNames.resolve(target, file.path());
				Files.createDirectories(copy.getParent());
				Files.write(copy, bytes);
				left -= bytes.length;
			}
		}
	}

	private static byte[] read(Path file) {
		try {
			return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? Files.readAllBytes(file) : new byte[0];
		}
		catch (IOException ex) {
			// what cannot be read is not copied
			return new byte[0];
		}
	}

	private static boolean isText(byte[] bytes) {
		for (byte each : bytes) {
			if (each == 0) {
				return false;
			}
		}
		return true;
	}

}
