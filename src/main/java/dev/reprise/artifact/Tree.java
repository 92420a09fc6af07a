package dev.reprise.artifact;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Trees of plain files: from a folder into the store, and from the store into a folder.
 */
public final class Tree {

	private final BlobStore store;

	private final int threads;

	/**
	 * Trees of a store, two files at a time.
	 */
	public Tree(BlobStore store) {
		this(store, Workers.DEFAULT_THREADS);
	}

	/**
	 * Trees of a store.
	 * @param store where the bytes are
	 * @param threads how many files are read or written at a time, 1 or more
	 */
	public Tree(BlobStore store, int threads) {
		this.store = store;
		this.threads = threads;
	}

	/**
	 * Puts the files of a folder into the store. Links are not followed, empty folders
	 * not kept.
	 * @param folder the folder
	 * @param leaveOut paths below it that are passed over, with all below them
	 * @param bounds the most that is taken
	 * @return the listing, and what could not be taken
	 * @throws TooMuchException if the folder has more
	 * @throws BlobStoreException.Full if the disk is full
	 * @throws IOException if the disk fails
	 */
	public Taken take(Path folder, Predicate<String> leaveOut, Bounds bounds) throws IOException {
		try (Taking taking = new Taking(leaveOut, bounds)) {
			FolderWalk.walk(folder, bounds.entries(), taking);
			return new Taken(new Listing(taking.files), taking.refused);
		}
	}

	/**
	 * Writes the files of a listing into a folder, readable by all and writable by the
	 * owner, and verifies every one as it is copied. They are not forced to the disk.
	 * @param listing what to write
	 * @param folder where; made if it is missing
	 * @throws BlobStoreException.Missing if the store lacks a file
	 * @throws BlobStoreException.Damaged if a blob is no longer what it was
	 * @throws IOException if the disk fails, or a file of that name is there
	 */
	public void place(Listing listing, Path folder) throws IOException {
		Files.createDirectories(folder);
		Set<Path> made = new HashSet<>();
		for (ListedFile file : listing.files()) {
			int slash = file.path().lastIndexOf('/');
			if (slash > 0) {
				makeFolders(folder, FileNames.resolve(folder, file.path().substring(0, slash)), made);
			}
		}
		try (Workers workers = new Workers(this.threads)) {
			workers.each(listing.files(), (file) -> {
				copy(file, FileNames.resolve(folder, file.path()));
				return file;
			});
		}
	}

	/**
	 * Writes one blob to a file, verified as it is copied.
	 * @throws BlobStoreException.Missing if the store lacks it
	 * @throws BlobStoreException.Damaged if it is no longer what it was
	 * @throws IOException if the disk fails, or the file is there
	 */
	public void place(Digest blob, Path file) throws IOException {
		copy(new ListedFile("blob", "644", this.store.size(blob), blob), file);
	}

	private static void makeFolders(Path top, Path folder, Set<Path> made) throws IOException {
		if (folder.equals(top) || !made.add(folder)) {
			return;
		}
		Path parent = folder.getParent();
		if (parent != null) {
			makeFolders(top, parent, made);
		}
		if (!Files.isDirectory(folder)) {
			Files.createDirectory(folder);
			Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
		}
	}

	private void copy(ListedFile file, Path target) throws IOException {
		try (FileChannel in = this.store.open(file.digest());
				FileChannel out = FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
			Files.setPosixFilePermissions(target,
					PosixFilePermissions.fromString(file.mode().equals("755") ? "rwxr-xr-x" : "rw-r--r--"));
			MessageDigest sha256 = Digest.sha256();
			byte[] buffer = FileHasher.buffer(file.size());
			for (int read; (read = in.read(ByteBuffer.wrap(buffer))) >= 0;) {
				sha256.update(buffer, 0, read);
				Disk.REAL.write(out, ByteBuffer.wrap(buffer, 0, read));
			}
			if (out.size() != file.size() || !Digest.of(sha256).equals(file.digest())) {
				Files.delete(target);
				throw new BlobStoreException.Damaged(file.digest());
			}
		}
	}

	/**
	 * What a folder gave.
	 *
	 * @param listing the files
	 * @param refused what could not be taken
	 */
	public record Taken(Listing listing, List<Refused> refused) {

		/**
		 * Copies the list.
		 */
		public Taken {
			refused = List.copyOf(refused);
		}

	}

	private final class Taking implements FolderWalk.Visitor, AutoCloseable {

		private final Workers workers = new Workers(Tree.this.threads);

		private final List<ListedFile> files = new ArrayList<>();

		private final List<Refused> refused = new ArrayList<>();

		private final Predicate<String> leaveOut;

		private final Bounds bounds;

		private long bytes;

		Taking(Predicate<String> leaveOut, Bounds bounds) {
			this.leaveOut = leaveOut;
			this.bounds = bounds;
		}

		@Override
		public boolean leaveOut(String path) {
			return this.leaveOut.test(path);
		}

		@Override
		public void refused(String path, String reason) {
			this.refused.add(new Refused(path.isEmpty() ? "." : FileNames.readable(path), reason));
		}

		@Override
		public void files(List<FolderWalk.Found> found) throws IOException {
			for (FolderWalk.Found file : found) {
				this.bytes += file.size();
				if (file.size() > this.bounds.fileBytes() || this.bytes > this.bounds.totalBytes()) {
					throw new TooMuchException("with " + file.path() + ", the folder has more than "
							+ this.bounds.totalBytes() + " bytes, or more than " + this.bounds.fileBytes()
							+ " in one file; send large files as inputs");
				}
			}
			this.files.addAll(this.workers.each(found, (file) -> {
				try (ReadableByteChannel in = file.open()) {
					Digest digest = Tree.this.store.put(in, file.size(), null);
					return new ListedFile(file.path(), file.mode(), file.size(), digest);
				}
			}));
		}

		@Override
		public void close() {
			this.workers.close();
		}

	}

}
