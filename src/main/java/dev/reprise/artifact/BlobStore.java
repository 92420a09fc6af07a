package dev.reprise.artifact;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

/**
 * Files by their digest, below {@code blobs/sha256/ab/}. When a {@code put} returns, the
 * bytes are on the disk under their name; no file has that name before it is whole.
 * Thread-safe, and several processes may share one folder.
 */
public final class BlobStore implements AutoCloseable {

	/**
	 * How much is written before the room is looked at again, in bytes.
	 */
	private static final long LOOK_BYTES = 8L << 20;

	private final Path sha256;

	private final Incoming incoming;

	private final Disk disk;

	private final Path damaged;

	private final FileStore volume;

	private final HashedFiles hashed = new HashedFiles();

	private final long reserve;

	/**
	 * One for each folder: what is being named there is not being removed.
	 */
	private final Lock[] naming = IntStream.range(0, 256).mapToObj((i) -> new ReentrantLock()).toArray(Lock[]::new);

	/**
	 * Opens a store, makes its folders, and removes what former lives had not finished.
	 * @param root the folder that has, or shall have, the folder {@code blobs}
	 * @throws IOException if the folders cannot be made or read
	 */
	public BlobStore(Path root) throws IOException {
		this(root, Disk.REAL, 0);
	}

	BlobStore(Path root, Disk disk) throws IOException {
		this(root, disk, 0);
	}

	/**
	 * Opens a store that leaves some room.
	 * @param reserve bytes of the file system that are not filled
	 */
	BlobStore(Path root, Disk disk, long reserve) throws IOException {
		this.disk = disk;
		this.reserve = reserve;
		this.sha256 = root.resolve("blobs", "sha256");
		Files.createDirectories(this.sha256);
		for (int i = 0; i < 256; i++) {
			Files.createDirectories(this.sha256.resolve(HexFormat.of().toHexDigits((byte) i)));
		}
		for (Path folder = this.sha256; folder != null
				&& !folder.equals(root.getParent()); folder = folder.getParent()) {
			disk.forceFolder(folder);
		}
		this.incoming = Incoming.open(root.resolve("blobs", "incoming"));
		this.damaged = root.resolve("blobs", "damaged");
		this.volume = Files.getFileStore(root);
	}

	/**
	 * Keeps the bytes that a stream gives.
	 * @param in read to its end, not closed
	 * @param maxBytes the most that is taken
	 * @return their digest
	 * @throws BlobStoreException.TooLarge if there are more
	 * @throws BlobStoreException.Full if the disk is full
	 * @throws IOException if the stream cannot be read or the disk fails
	 */
	public Digest put(InputStream in, long maxBytes) throws IOException {
		return put(Channels.newChannel(in), maxBytes, null);
	}

	/**
	 * Keeps the bytes that a stream gives if they have a certain digest.
	 * @param expected the digest that they must have
	 * @param in read to its end, not closed
	 * @param maxBytes the most that is taken
	 * @return the digest that was expected
	 * @throws BlobStoreException.Mismatch if they have another
	 * @throws BlobStoreException.TooLarge if there are more
	 * @throws BlobStoreException.Full if the disk is full
	 * @throws IOException if the stream cannot be read or the disk fails
	 */
	public Digest put(Digest expected, InputStream in, long maxBytes) throws IOException {
		return put(Channels.newChannel(in), maxBytes, expected);
	}

	/**
	 * Keeps a copy of a file, hashed as it is copied.
	 * @param file a regular file; a link is not followed
	 * @param maxBytes the most that is taken
	 * @return its digest
	 * @throws BlobStoreException.TooLarge if there are more
	 * @throws BlobStoreException.Full if the disk is full
	 * @throws IOException if it cannot be read or the disk fails
	 */
	public Digest putFile(Path file, long maxBytes) throws IOException {
		try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
			return put(in, maxBytes, null);
		}
	}

	Digest put(ReadableByteChannel in, long maxBytes, @Nullable Digest expected) throws IOException {
		Path temp = this.incoming.next();
		try (FileChannel out = onDisk(
				() -> FileChannel.open(temp, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))) {
			MessageDigest algorithm = Digest.sha256();
			long size = copy(in, out, algorithm, maxBytes);
			Digest digest = Digest.of(algorithm);
			if (expected != null && !expected.equals(digest)) {
				throw new BlobStoreException.Mismatch(expected, digest);
			}
			onDisk(() -> {
				keep(temp, out, digest, size);
				return digest;
			});
			return digest;
		}
		finally {
			Files.deleteIfExists(temp);
		}
	}

	private long copy(ReadableByteChannel in, FileChannel out, MessageDigest algorithm, long maxBytes)
			throws IOException {
		byte[] buffer = FileHasher.buffer(maxBytes);
		long size = 0;
		long looked = 0;
		checkRoom();
		for (int read; (read = in.read(ByteBuffer.wrap(buffer))) >= 0;) {
			size += read;
			if (size > maxBytes) {
				throw new BlobStoreException.TooLarge(maxBytes);
			}
			if (size - looked >= LOOK_BYTES) {
				checkRoom();
				looked = size;
			}
			algorithm.update(buffer, 0, read);
			ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, read);
			onDisk(() -> {
				this.disk.write(out, bytes);
				return size(out);
			});
		}
		return size;
	}

	/**
	 * The database lies beside the blobs, and closes for good when it can write no more:
	 * blobs leave it some room.
	 * @throws BlobStoreException.Full if there is no more than the reserve
	 */
	public void checkRoom() throws IOException {
		if (!hasRoom()) {
			throw new BlobStoreException.Full(null);
		}
	}

	/**
	 * Whether more is free than the reserve.
	 * @throws IOException if the file system does not say
	 */
	public boolean hasRoom() throws IOException {
		return this.volume.getUsableSpace() >= this.reserve;
	}

	private static long size(FileChannel file) throws IOException {
		return file.size();
	}

	/**
	 * The order is the promise: length, file on the disk, name, folder on the disk. A
	 * blob that is there already may not be on the disk yet, hence its folder is forced
	 * too.
	 */
	private void keep(Path temp, FileChannel out, Digest digest, long size) throws IOException {
		Path target = path(digest);
		Path folder = this.sha256.resolve(digest.hex().substring(0, 2));
		Lock lock = this.naming[Integer.parseInt(digest.hex(), 0, 2, 16)];
		boolean forced = false;
		if (!hasWhole(digest, size)) {
			forceWhole(temp, out, size);
			forced = true;
		}
		lock.lock();
		try {
			if (hasWhole(digest, size)) {
				putAgain(target);
			}
			else {
				if (!forced) {
					forceWhole(temp, out, size);
				}
				this.disk.rename(temp, target);
				this.hashed.written(target, digest);
				Files.deleteIfExists(mark(digest));
			}
			this.disk.forceFolder(folder);
		}
		finally {
			lock.unlock();
		}
	}

	private void forceWhole(Path temp, FileChannel out, long size) throws IOException {
		if (out.size() != size) {
			throw new IOException("wrote " + size + " bytes, but the file has " + out.size());
		}
		Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("r--r--r--"));
		this.disk.force(out);
	}

	private boolean hasWhole(Digest blob, long size) throws IOException {
		try {
			return Files.size(path(blob)) == size && !isDamaged(blob);
		}
		catch (NoSuchFileException ex) {
			return false;
		}
	}

	/**
	 * Where a blob is, or would be. The file is read-only and never changes.
	 */
	public Path path(Digest digest) {
		String hex = digest.hex();
		return this.sha256.resolve(hex.substring(0, 2)).resolve(hex);
	}

	/**
	 * Whether there is such a blob, and it is not known to be damaged.
	 */
	public boolean has(Digest digest) {
		return Files.isRegularFile(path(digest), LinkOption.NOFOLLOW_LINKS) && !isDamaged(digest);
	}

	/**
	 * Whether there is such a blob; where there is, it counts as put just now, so that
	 * whoever is about to name it finds it.
	 * @throws IOException if the disk fails
	 */
	public boolean hold(Digest digest) throws IOException {
		Lock lock = this.naming[Integer.parseInt(digest.hex(), 0, 2, 16)];
		lock.lock();
		try {
			if (!has(digest)) {
				return false;
			}
			putAgain(path(digest));
			return true;
		}
		finally {
			lock.unlock();
		}
	}

	private void putAgain(Path blob) throws IOException {
		this.hashed.touch(blob, () -> Files.setLastModifiedTime(blob, FileTime.from(Instant.now())));
	}

	/**
	 * Whether a blob is as it was when this process put or hashed it. One that is known
	 * to be damaged is not: a disk that fails changes bytes without a date.
	 */
	public HashedFiles.Witness witness(Digest digest) {
		if (isDamaged(digest)) {
			this.hashed.forget(path(digest));
		}
		return this.hashed.witness(path(digest));
	}

	/**
	 * Whether a blob was found to be damaged and has not been put again since.
	 */
	public boolean isDamaged(Digest digest) {
		return Files.exists(mark(digest));
	}

	private Path mark(Digest digest) {
		return this.damaged.resolve(digest.hex());
	}

	/**
	 * A blob's length in bytes.
	 * @throws BlobStoreException.Missing if there is no such blob
	 * @throws IOException if the disk fails
	 */
	public long size(Digest digest) throws IOException {
		try {
			return Files.size(path(digest));
		}
		catch (NoSuchFileException ex) {
			throw new BlobStoreException.Missing(digest);
		}
	}

	/**
	 * A blob's bytes, not verified; close it after use.
	 * @throws BlobStoreException.Missing if there is no such blob
	 * @throws BlobStoreException.Damaged if it is known to be damaged
	 * @throws IOException if the disk fails
	 */
	public FileChannel open(Digest digest) throws IOException {
		if (isDamaged(digest)) {
			throw new BlobStoreException.Damaged(digest);
		}
		try {
			return FileChannel.open(path(digest), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
		}
		catch (NoSuchFileException ex) {
			throw new BlobStoreException.Missing(digest);
		}
	}

	/**
	 * Re-hashes a blob.
	 * @throws BlobStoreException.Damaged if its bytes are no longer its own
	 * @throws BlobStoreException.Missing if there is no such blob
	 * @throws IOException if the disk fails
	 */
	public void verify(Digest digest) throws IOException {
		try (FileChannel in = open(digest)) {
			if (!FileHasher.hash(in, in.size()).equals(digest)) {
				throw new BlobStoreException.Damaged(digest);
			}
		}
	}

	/**
	 * Calls back with every blob, in no order.
	 * @throws IOException if the folders cannot be read
	 */
	public void forEach(Consumer<Digest> action) throws IOException {
		for (int i = 0; i < 256; i++) {
			Path folder = this.sha256.resolve(HexFormat.of().toHexDigits((byte) i));
			try (DirectoryStream<Path> blobs = Files.newDirectoryStream(folder)) {
				for (Path blob : blobs) {
					String value = "sha256:" + blob.getFileName();
					if (Digest.isDigest(value)) {
						action.accept(new Digest(value));
					}
				}
			}
		}
	}

	/**
	 * Removes a blob unless it was put, for the first time or again, at or after a time:
	 * what was just put may not be named by a row yet.
	 * @return whether it was removed
	 * @throws IOException if the disk fails
	 */
	public boolean removeIfPutBefore(Digest digest, Instant time) throws IOException {
		Path blob = path(digest);
		Lock lock = this.naming[Integer.parseInt(digest.hex(), 0, 2, 16)];
		lock.lock();
		try {
			return Files.getLastModifiedTime(blob).toInstant().isBefore(time) && Files.deleteIfExists(blob);
		}
		catch (NoSuchFileException ex) {
			return false;
		}
		finally {
			lock.unlock();
		}
	}

	private static <T> T onDisk(DiskStep<T> step) throws IOException {
		try {
			return step.run();
		}
		catch (IOException ex) {
			throw BlobStoreException.told(ex);
		}
	}

	@Override
	public void close() throws IOException {
		this.incoming.close();
	}

	/**
	 * A step whose failure may mean that the disk is full.
	 *
	 * @param <T> what comes of it
	 */
	@FunctionalInterface
	private interface DiskStep<T> {

		T run() throws IOException;

	}

}
