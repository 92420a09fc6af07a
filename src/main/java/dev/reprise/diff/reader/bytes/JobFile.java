package dev.reprise.diff.reader.bytes;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

import dev.reprise.artifact.Digest;
import dev.reprise.artifact.HashedFiles;
import dev.reprise.artifact.ListedFile;

import org.jspecify.annotations.Nullable;

/**
 * One file that a job wrote, open for reading by position. Its size is the listed one: a
 * file that has shrunk ends in a {@link NotReadException}, one that has grown is read no
 * further.
 */
public final class JobFile implements AutoCloseable {

	private static final int BUFFER = 1 << 16;

	private static final int MAX_BESIDE = 256;

	private final @Nullable FileChannel channel;

	private final byte[] held;

	private final String path;

	private final long size;

	private final Digest digest;

	private final Siblings siblings;

	private final HashedFiles.@Nullable Witness witness;

	private final List<JobFile> beside = new ArrayList<>();

	private final List<JobFile> made = new ArrayList<>();

	private JobFile(@Nullable FileChannel channel, byte[] held, String path, long size, Digest digest,
			Siblings siblings, HashedFiles.@Nullable Witness witness) {
		this.channel = channel;
		this.held = held;
		this.path = path;
		this.size = size;
		this.digest = digest;
		this.siblings = siblings;
		this.witness = witness;
	}

	/**
	 * Opens other outputs of the same run.
	 */
	@FunctionalInterface
	public interface Siblings {

		/**
		 * The output that is listed under a path.
		 * @throws NotReadException if there is none, or its bytes are not there
		 */
		JobFile open(String path) throws NotReadException;

	}

	/**
	 * A file that lies in another and was read into memory.
	 * @param path its name there, whatever it is
	 * @param bytes all of it
	 */
	public static JobFile inMemory(String path, byte[] bytes) {
		return new JobFile(null, bytes, path, bytes.length, Digest.of(bytes), JobFile::alone, null);
	}

	/**
	 * Opens a regular file, never through a link.
	 * @param path where the bytes are
	 * @param listed what the listing says of them
	 * @throws NotReadException if there is no such file or it has another size than the
	 * listed one
	 */
	public static JobFile open(Path path, ListedFile listed) throws NotReadException {
		return open(path, listed, JobFile::alone);
	}

	/**
	 * Opens a file of the reader's own, made of one of a job's.
	 * @param path what to call it
	 * @throws NotReadException if it is not there
	 */
	public static JobFile unlisted(Path file, String path) throws NotReadException {
		try {
			return open(file, new ListedFile(path, "644", Files.size(file), Digest.of(new byte[0])));
		}
		catch (IOException ex) {
			throw new NotReadException("its bytes cannot be read");
		}
	}

	/**
	 * Takes a file that is closed with this one.
	 * @return that file
	 */
	public JobFile closing(JobFile other) {
		this.made.add(other);
		return other;
	}

	private static JobFile alone(String sibling) throws NotReadException {
		throw new NotReadException("it names a file that is not there");
	}

	/**
	 * Opens a regular file, never through a link.
	 * @param siblings opens files beside it that it may name
	 * @throws NotReadException if there is no such file or it has another size than the
	 * listed one
	 */
	public static JobFile open(Path path, ListedFile listed, Siblings siblings) throws NotReadException {
		return open(path, listed, siblings, null);
	}

	/**
	 * Opens a regular file, never through a link.
	 * @param siblings opens files beside it that it may name
	 * @param witness says whether it is as it was when it was hashed; null where nobody
	 * knows
	 * @throws NotReadException if there is no such file or it has another size than the
	 * listed one
	 */
	public static JobFile open(Path path, ListedFile listed, Siblings siblings, HashedFiles.@Nullable Witness witness)
			throws NotReadException {
		if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
			throw new NotReadException("its bytes are not there");
		}
		FileChannel channel = null;
		try {
			channel = FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
			if (channel.size() != listed.size()) {
				channel.close();
				throw new NotReadException("its size is not the listed one");
			}
			return new JobFile(channel, new byte[0], listed.path(), listed.size(), listed.digest(), siblings, witness);
		}
		catch (NotReadException ex) {
			throw ex;
		}
		catch (IOException ex) {
			throw new NotReadException("its bytes cannot be read");
		}
	}

	/**
	 * Bytes in the file.
	 */
	public long size() {
		return this.size;
	}

	/**
	 * The path under which the file is listed, or its name in the file in which it lies.
	 */
	public String path() {
		return this.path;
	}

	/**
	 * The SHA-256 that is listed.
	 */
	Digest digest() {
		return this.digest;
	}

	/**
	 * Whether the bytes are known to be those listed, as long as {@link #unchanged()}
	 * says so after they were read.
	 */
	boolean known() {
		return this.witness != null && this.witness.knew(this.digest);
	}

	boolean unchanged() {
		return this.witness != null && this.witness.unchanged();
	}

	/**
	 * Its bytes were hashed and are those that are listed.
	 */
	void hashed() {
		if (this.witness != null) {
			this.witness.hashed(this.digest);
		}
	}

	/**
	 * Reads the whole file and compares its digest with the listed one, so that what is
	 * said about the bytes is said about the right ones.
	 * @throws NotReadException if they are others
	 */
	public void verify() throws NotReadException {
		MessageDigest sha256 = Digest.sha256();
		byte[] buffer = new byte[(int) Math.min(BUFFER, Math.max(1, size()))];
		for (long at = 0; at < size(); at += buffer.length) {
			int length = (int) Math.min(buffer.length, size() - at);
			read(at, buffer, 0, length);
			sha256.update(buffer, 0, length);
		}
		if (!Digest.of(sha256).equals(this.digest)) {
			throw new NotReadException("its bytes are not those that were listed");
		}
	}

	/**
	 * Opens the file of a name in the same folder, which is closed with this one.
	 * @throws NotReadException if the name leads out of the folder, if no output is
	 * listed under it, or after {@value #MAX_BESIDE} files
	 */
	public JobFile beside(String name) throws NotReadException {
		if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('/') >= 0
				|| name.indexOf('\\') >= 0) {
			throw new NotReadException("it names a file that is not in its own folder");
		}
		String path = path().substring(0, path().lastIndexOf('/') + 1) + name;
		for (JobFile before : this.beside) {
			if (before.path().equals(path)) {
				return before;
			}
		}
		if (this.beside.size() == MAX_BESIDE || path.equals(path())) {
			throw new NotReadException("it names itself, or more than " + MAX_BESIDE + " files");
		}
		JobFile opened = this.siblings.open(path);
		this.beside.add(opened);
		return opened;
	}

	/**
	 * Verifies the files beside it that were opened.
	 * @throws NotReadException if the bytes of one are not those that were listed
	 */
	public void verifyBeside() throws NotReadException {
		for (JobFile file : this.beside) {
			file.verify();
		}
	}

	/**
	 * Reads exactly {@code length} bytes.
	 * @throws NotReadException if they are not all there
	 */
	public void read(long position, byte[] into, int from, int length) throws NotReadException {
		if (position < 0 || length > size() - position) {
			throw new NotReadException("it points behind its own end");
		}
		read(position, ByteBuffer.wrap(into, from, length));
	}

	/**
	 * Fills a buffer with what stands at a position.
	 * @throws NotReadException if it is not all there
	 */
	void read(long position, ByteBuffer buffer) throws NotReadException {
		if (position < 0 || buffer.remaining() > size() - position) {
			throw new NotReadException("it points behind its own end");
		}
		if (this.channel == null) {
			buffer.put(this.held, (int) position, buffer.remaining());
			return;
		}
		try {
			long at = position;
			while (buffer.hasRemaining()) {
				int count = this.channel.read(buffer, at);
				if (count < 0) {
					throw new NotReadException("it shrank while it was read");
				}
				at += count;
			}
		}
		catch (NotReadException ex) {
			throw ex;
		}
		catch (IOException ex) {
			throw new NotReadException("its bytes cannot be read");
		}
	}

	/**
	 * Reads exactly {@code length} bytes into an array of their own.
	 * @throws NotReadException if they are not all there
	 */
	public byte[] read(long position, int length) throws NotReadException {
		if (position < 0 || length < 0 || length > size() - position) {
			throw new NotReadException("it points behind its own end");
		}
		byte[] bytes = new byte[length];
		read(position, bytes, 0, length);
		return bytes;
	}

	/**
	 * A stream over a part of the file; it needs no closing.
	 * @throws NotReadException if the part does not lie within the file
	 */
	public InputStream stream(long position, long length) throws NotReadException {
		if (position < 0 || length < 0 || length > size() - position) {
			throw new NotReadException("it points behind its own end");
		}
		return new Section(this, position, position + length);
	}

	@Override
	public void close() {
		this.beside.forEach(JobFile::close);
		this.made.forEach(JobFile::close);
		try {
			if (this.channel != null) {
				this.channel.close();
			}
		}
		catch (IOException ex) {
			// nothing was written, so nothing can be lost
		}
	}

	private static final class Section extends InputStream {

		private final JobFile file;

		private final long end;

		private long at;

		Section(JobFile file, long start, long end) {
			this.file = file;
			this.at = start;
			this.end = end;
		}

		@Override
		public int read() throws IOException {
			byte[] one = new byte[1];
			return (read(one, 0, 1) < 0) ? -1 : one[0] & 0xFF;
		}

		@Override
		public int read(byte[] into, int from, int length) throws IOException {
			if (length == 0) {
				return 0;
			}
			if (this.at >= this.end) {
				return -1;
			}
			int count = (int) Math.min(length, this.end - this.at);
			this.file.read(this.at, into, from, count);
			this.at += count;
			return count;
		}

	}

}
