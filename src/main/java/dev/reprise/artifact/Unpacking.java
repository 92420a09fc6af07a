package dev.reprise.artifact;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Set;

/**
 * A tree that an archive is being unpacked into, and what it has had so far.
 */
final class Unpacking {

	/**
	 * Below it no ratio is held against an archive: a page of zeros packs to nothing.
	 */
	private static final long RATIO_FROM = 16L << 20;

	private final Path root;

	private final Bounds bounds;

	private final long archiveBytes;

	private final Set<String> files = new HashSet<>();

	private final Set<String> folders = new HashSet<>();

	private final byte[] buffer = new byte[64 * 1024];

	private int entries;

	private long bytes;

	Unpacking(Path root, Bounds bounds, long archiveBytes) {
		this.root = root;
		this.bounds = bounds;
		this.archiveBytes = archiveBytes;
	}

	void folder(String name) throws IOException {
		count();
		String path = relative(name);
		if (!path.isEmpty() && !path.equals(".")) {
			accept(name, path);
			make(name, path);
		}
	}

	void file(String name, boolean executable, InputStream in) throws IOException {
		count();
		String path = relative(name);
		accept(name, path);
		int slash = path.lastIndexOf('/');
		if (slash > 0) {
			make(name, path.substring(0, slash));
		}
		if (this.folders.contains(path) || !this.files.add(path)) {
			throw BadArchiveException.entry(name, "the archive has two entries of this name; pack it again");
		}
		Path file = FileNames.resolve(this.root, path);
		try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
			copy(name, in, out);
		}
		Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
	}

	/**
	 * Reads what comes after the last entry, which is padding.
	 */
	void rest(InputStream in) throws IOException {
		copy("(end)", in, OutputStream.nullOutputStream());
	}

	private void copy(String name, InputStream in, OutputStream out) throws IOException {
		long size = 0;
		for (int read; (read = read(in)) >= 0;) {
			size += read;
			this.bytes += read;
			if (size > this.bounds.fileBytes()) {
				throw BadArchiveException.entry(name,
						"more than " + this.bounds.fileBytes() + " bytes; send large files as inputs");
			}
			if (this.bytes > this.bounds.totalBytes()) {
				throw new BadArchiveException("the archive unpacks to more than " + this.bounds.totalBytes()
						+ " bytes; send large files as inputs");
			}
			if (this.bytes > RATIO_FROM && this.bytes / this.bounds.ratio() > this.archiveBytes) {
				throw new BadArchiveException("the archive unpacks to more than " + this.bounds.ratio()
						+ " times its size; send what packs so well as an input");
			}
			out.write(this.buffer, 0, read);
		}
	}

	private int read(InputStream in) throws IOException {
		try {
			return in.read(this.buffer);
		}
		catch (BadArchiveException ex) {
			throw ex;
		}
		catch (IOException ex) {
			throw BadArchiveException.damaged(ex);
		}
	}

	private void count() throws BadArchiveException {
		if (++this.entries > this.bounds.entries()) {
			throw tooManyEntries(this.bounds);
		}
	}

	static BadArchiveException tooManyEntries(Bounds bounds) {
		return new BadArchiveException(
				"the archive has more than " + bounds.entries() + " entries; send data as inputs");
	}

	private static String relative(String name) {
		String path = name;
		while (path.startsWith("./")) {
			path = path.substring(2);
		}
		return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
	}

	private static void accept(String name, String path) throws BadArchiveException {
		String wrong = RelativePath.wrong(path);
		if (wrong != null) {
			throw BadArchiveException.entry(name, wrong);
		}
	}

	private void make(String name, String path) throws IOException {
		if (this.files.contains(path)) {
			throw BadArchiveException.entry(name, "a file and a folder of the archive have one name; pack it again");
		}
		if (this.folders.contains(path)) {
			return;
		}
		int slash = path.lastIndexOf('/');
		if (slash > 0) {
			make(name, path.substring(0, slash));
		}
		this.folders.add(path);
		Path folder = FileNames.resolve(this.root, path);
		Files.createDirectory(folder);
		Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
	}

}
