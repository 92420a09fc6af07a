package dev.reprise.artifact;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * Walks a folder that a stranger wrote. Every folder and file is opened relative to the
 * one above it, which is held open, and never through a link; so nothing outside is
 * reached even if somebody still swaps folders. The order is that of the names, whatever
 * order the disk has them in; memory, depth and number of entries are bounded.
 */
final class FolderWalk {

	/**
	 * Deepest nesting of folders that is entered: one file descriptor each.
	 */
	static final int MAX_DEPTH = 128;

	private static final int TYPE = 0170000;

	private final Visitor visitor;

	private final int maxEntries;

	private int left;

	private FolderWalk(int maxEntries, Visitor visitor) {
		this.maxEntries = maxEntries;
		this.left = maxEntries;
		this.visitor = visitor;
	}

	/**
	 * Walks a folder.
	 * @param root the folder; where there is none, nothing happens
	 * @param maxEntries how many names are looked at; a folder that has more than what is
	 * then left is refused whole, so that what is visited does not depend on the disk
	 * @param visitor is told what there is
	 * @throws IOException if the folder above cannot be read, or the visitor throws it
	 */
	static void walk(Path root, int maxEntries, Visitor visitor) throws IOException {
		FolderWalk walk = new FolderWalk(maxEntries, visitor);
		try (SecureDirectoryStream<Path> folder = root(root)) {
			walk.folder(folder, root, "", 0);
		}
		catch (UnreadableException ex) {
			if (!(ex.getCause() instanceof NoSuchFileException)) {
				visitor.refused("", ex.why());
			}
		}
	}

	/**
	 * Opens the folder that a walk begins with: below the one above it, so that a job
	 * cannot put a link in its place. Where the one above may not be listed, as that of a
	 * person's home, it is nobody's but that person's.
	 */
	@SuppressWarnings("StreamResourceLeak") // held by who asked, who closes it
	private static SecureDirectoryStream<Path> root(Path root) throws IOException {
		try (DirectoryStream<Path> above = Files.newDirectoryStream(parent(root))) {
			return enter(secure(above), name(root));
		}
		catch (AccessDeniedException ex) {
			return secure(Files.newDirectoryStream(root));
		}
	}

	/**
	 * Opens a file that a walk has found, once more without following links.
	 */
	static ReadableByteChannel open(Path root, String path, long size) throws IOException {
		try (SecureDirectoryStream<Path> folder = root(root)) {
			return open(folder, path, size);
		}
	}

	private static ReadableByteChannel open(SecureDirectoryStream<Path> folder, String path, long size)
			throws IOException {
		int slash = path.indexOf('/');
		if (slash < 0) {
			return new Content(openFile(folder, FileNames.resolve(Path.of(""), path)), size);
		}
		try (SecureDirectoryStream<Path> below = enter(folder,
				FileNames.resolve(Path.of(""), path.substring(0, slash)))) {
			return open(below, path.substring(slash + 1), size);
		}
	}

	private void folder(SecureDirectoryStream<Path> folder, Path at, String prefix, int depth) throws IOException {
		Map<String, Path> names = names(folder, prefix);
		List<Found> files = new ArrayList<>();
		Map<String, Path> folders = new TreeMap<>();
		for (Map.Entry<String, Path> entry : names.entrySet()) {
			Path name = entry.getValue();
			String path = path(prefix, name);
			if (path == null || this.visitor.leaveOut(path)) {
				continue;
			}
			Attributes attributes = Attributes.of(at.resolve(name));
			if (attributes == null) {
				this.visitor.refused(path, "it cannot be read");
				continue;
			}
			String special = special(attributes.mode() & TYPE);
			if (special != null) {
				this.visitor.refused(path, special);
			}
			else if ((attributes.mode() & TYPE) == 0040000) {
				folders.put(path, name);
			}
			else {
				files.add(new Found(folder, name, path, attributes));
			}
		}
		if (!files.isEmpty()) {
			this.visitor.files(files);
		}
		for (Map.Entry<String, Path> entry : folders.entrySet()) {
			below(folder, at.resolve(entry.getValue()), entry.getKey(), depth + 1);
		}
	}

	private void below(SecureDirectoryStream<Path> folder, Path at, String path, int depth) throws IOException {
		if (depth > MAX_DEPTH) {
			this.visitor.refused(path,
					"folders are nested more than " + MAX_DEPTH + " deep; nothing below is collected");
			return;
		}
		SecureDirectoryStream<Path> entered;
		try {
			entered = enter(folder, name(at));
		}
		catch (UnreadableException ex) {
			this.visitor.refused(path, ex.why());
			return;
		}
		try (entered) {
			folder(entered, at, path + "/", depth);
		}
	}

	private Map<String, Path> names(SecureDirectoryStream<Path> folder, String prefix) {
		// The name as people read it sorts as well as any, and no two names share one.
		Map<String, Path> names = new TreeMap<>();
		String here = prefix.isEmpty() ? "" : prefix.substring(0, prefix.length() - 1);
		try {
			for (Path entry : folder) {
				if (--this.left < 0) {
					this.visitor.refused(here, "more than " + this.maxEntries
							+ " files and folders, counted up to here; nothing in this folder is collected");
					return Map.of();
				}
				Path name = name(entry);
				names.put(FileNames.printable(name), name);
			}
		}
		catch (DirectoryIteratorException ex) {
			this.visitor.refused(here, "it cannot be read");
			return Map.of();
		}
		return names;
	}

	private @Nullable String path(String prefix, Path name) {
		String text = FileNames.text(name);
		String wrong = (text != null) ? RelativePath.wrong(prefix + text) : "the name is not UTF-8";
		if (text != null && wrong == null) {
			return prefix + text;
		}
		this.visitor.refused(prefix + FileNames.printable(name), wrong + "; rename it");
		return null;
	}

	private static @Nullable String special(int type) {
		return switch (type) {
			case 0100000, 0040000 -> null;
			case 0120000 -> "a symbolic link; links are not followed: write a file in its place";
			case 0010000 -> "a named pipe, not a file";
			case 0140000 -> "a socket, not a file";
			case 0020000, 0060000 -> "a device, not a file";
			default -> "not a regular file";
		};
	}

	private static Path name(Path path) {
		Path name = path.getFileName();
		if (name == null) {
			throw new IllegalArgumentException("the root of the file system is nobody's workspace");
		}
		return name;
	}

	private static Path parent(Path root) {
		Path parent = root.toAbsolutePath().getParent();
		if (parent == null) {
			throw new IllegalArgumentException("the root of the file system is nobody's workspace");
		}
		return parent;
	}

	private static SecureDirectoryStream<Path> enter(SecureDirectoryStream<Path> folder, Path name) throws IOException {
		try {
			return folder.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS);
		}
		catch (IOException ex) {
			throw new UnreadableException(ex);
		}
	}

	private static SeekableByteChannel openFile(SecureDirectoryStream<Path> folder, Path name) throws IOException {
		try {
			return folder.newByteChannel(name, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
		}
		catch (IOException ex) {
			throw new UnreadableException(ex);
		}
	}

	private static SecureDirectoryStream<Path> secure(DirectoryStream<Path> stream) throws IOException {
		if (stream instanceof SecureDirectoryStream<Path> secure) {
			return secure;
		}
		throw new IOException("this operating system cannot open files relative to an open folder, "
				+ "without which what a job left cannot be read safely; run on Linux");
	}

	/**
	 * Is told what a walk finds.
	 */
	interface Visitor {

		/**
		 * Whether to pass over a path and all below it.
		 */
		boolean leaveOut(String path);

		/**
		 * Something that cannot be taken.
		 * @param path where it is, with a name that is not accepted made printable; empty
		 * for the root
		 * @param reason what is wrong with it
		 */
		void refused(String path, String reason);

		/**
		 * The regular files of one folder, which can be opened until this returns.
		 */
		void files(List<Found> files) throws IOException;

	}

	/**
	 * A regular file.
	 *
	 * @param folder the open folder that it is in
	 * @param name its name there
	 * @param path its path below the root
	 * @param attributes what it is
	 */
	record Found(SecureDirectoryStream<Path> folder, Path name, String path, Attributes attributes) {

		String mode() {
			return ((attributes().mode() & 0100) != 0) ? "755" : "644";
		}

		long size() {
			return attributes().size();
		}

		ReadableByteChannel open() throws IOException {
			return new Content(openFile(this.folder, this.name), size());
		}

	}

	/**
	 * What the file system says of a file.
	 *
	 * @param mode type and permission bits
	 * @param size bytes
	 * @param links how many names it has
	 * @param inode which file it is, whatever its name
	 * @param written when its bytes or its attributes were last written; no program can
	 * set the second, which the kernel keeps
	 */
	record Attributes(int mode, long size, int links, String inode, Written written) {

		/**
		 * Moments of a file.
		 *
		 * @param modified when its bytes were written, or what somebody set in its place
		 * @param changed when anything of it was
		 */
		record Written(FileTime modified, FileTime changed) {
		}

		static @Nullable Attributes of(Path path) {
			try {
				Map<String, Object> unix = Files.readAttributes(path,
						"unix:mode,size,nlink,dev,ino,lastModifiedTime,ctime", LinkOption.NOFOLLOW_LINKS);
				return new Attributes(number(unix, "mode").intValue(), number(unix, "size").longValue(),
						number(unix, "nlink").intValue(), unix.get("dev") + ":" + unix.get("ino"),
						new Written(time(unix, "lastModifiedTime"), time(unix, "ctime")));
			}
			catch (IOException ex) {
				return null;
			}
		}

		private static FileTime time(Map<String, Object> unix, String name) {
			return (unix.get(name) instanceof FileTime time) ? time : FileTime.fromMillis(0);
		}

		private static Number number(Map<String, Object> unix, String name) {
			return (unix.get(name) instanceof Number number) ? number : 0;
		}

	}

	/**
	 * What a stranger wrote cannot be read. Told apart from failures of the service's own
	 * disk.
	 */
	static final class UnreadableException extends IOException {

		UnreadableException(IOException cause) {
			super(cause);
		}

		UnreadableException(String message) {
			super(message);
		}

		/**
		 * The reason in a sentence, without paths of the service.
		 */
		String why() {
			if (getCause() == null) {
				return String.valueOf(getMessage());
			}
			return (getCause() instanceof AccessDeniedException) ? "it cannot be read: permission denied"
					: "it cannot be read";
		}

	}

	/**
	 * The bytes of a file: as many as it had when it was found, no more and no fewer.
	 */
	private static final class Content implements ReadableByteChannel {

		private final SeekableByteChannel file;

		private long left;

		Content(SeekableByteChannel file, long size) {
			this.file = file;
			this.left = size;
		}

		@Override
		public int read(ByteBuffer bytes) throws IOException {
			int read;
			try {
				read = this.file.read(bytes);
			}
			catch (IOException ex) {
				throw new UnreadableException(ex);
			}
			this.left -= Math.max(read, 0);
			if (this.left < 0 || (read < 0 && this.left != 0)) {
				throw new UnreadableException("it changed while it was read");
			}
			return read;
		}

		@Override
		public boolean isOpen() {
			return this.file.isOpen();
		}

		@Override
		public void close() throws IOException {
			this.file.close();
		}

	}

}
