package dev.reprise.artifact;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.List;

/**
 * SHA-256 of files.
 */
public final class FileHasher {

	/**
	 * Large enough that reading costs little, small enough to stay in a core's cache
	 * between reading and hashing.
	 */
	private static final int BUFFER = 256 * 1024;

	private FileHasher() {
	}

	/**
	 * The digest of a file's bytes.
	 * @throws IOException if it cannot be read, or is a link
	 */
	public static Digest hash(Path file) throws IOException {
		try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
			return hash(channel, channel.size());
		}
	}

	/**
	 * The digests of some files, in their order.
	 * @param files the files
	 * @param threads how many are read at a time, 1 or more
	 * @throws IOException if one cannot be read, or is a link
	 */
	public static List<Digest> hash(List<Path> files, int threads) throws IOException {
		try (Workers workers = new Workers(threads)) {
			return workers.each(files, FileHasher::hash);
		}
	}

	/**
	 * A buffer for a file of at most so many bytes, one more so that one reading shows
	 * its end.
	 */
	static byte[] buffer(long bytes) {
		return new byte[Math.clamp(bytes, 0, BUFFER - 1) + 1];
	}

	/**
	 * The digest of what is left to read, which is about so many bytes.
	 */
	static Digest hash(ReadableByteChannel channel, long about) throws IOException {
		MessageDigest sha256 = Digest.sha256();
		// The JDK hashes arrays with the processor's SHA instructions, and direct buffers
		// by copying them into arrays first.
		byte[] buffer = buffer(about);
		for (int read; (read = channel.read(ByteBuffer.wrap(buffer))) >= 0;) {
			sha256.update(buffer, 0, read);
		}
		return Digest.of(sha256);
	}

}
