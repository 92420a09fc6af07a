package dev.reprise.artifact;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * Unpacks zip, tar and tar.gz from strangers.
 */
public final class Archives {

	/**
	 * Most bytes of headers before one entry of a tar; beyond it a long name or a PAX
	 * header would fill the memory.
	 */
	private static final int MAX_TAR_HEADERS = 1024 * 1024;

	private static final int LINK = 0120000;

	private static final int FOLDER = 0040000;

	private static final int REGULAR = 0100000;

	private Archives() {
	}

	/**
	 * What kind of archive a file is, by its first bytes.
	 * @throws IOException if the file cannot be read
	 */
	public static Kind kind(Path file) throws IOException {
		try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
			return Kind.of(in.readNBytes(512));
		}
	}

	/**
	 * Unpacks an archive. The tree appears as a whole or not at all. It has regular files
	 * with mode 644 or 755, and folders; a name may begin with {@code ./}.
	 * @param archive a zip, tar or tar.gz
	 * @param target the folder to make; must not exist
	 * @param bounds the most that is unpacked
	 * @throws BadArchiveException if the archive is none, is damaged, has more in it, or
	 * has an entry that is no file and no folder, a name that is not accepted, or one
	 * name twice
	 * @throws IOException if the disk fails
	 */
	public static void unpack(Path archive, Path target, Bounds bounds) throws IOException {
		if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
			throw new IllegalArgumentException("there is already something at " + target);
		}
		Path temp = target.resolveSibling("." + UUID.randomUUID() + ".unpacking");
		Files.createDirectories(temp);
		try {
			try (FileChannel file = FileChannel.open(archive, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
				Unpacking unpacking = new Unpacking(temp, bounds, file.size());
				switch (kind(archive)) {
					case ZIP -> unzip(new ZipReader(file), unpacking, bounds);
					case TAR -> untar(buffered(Channels.newInputStream(file)), unpacking);
					case TAR_GZ -> untar(buffered(gunzip(file)), unpacking);
					case NONE ->
						throw new BadArchiveException("this is no zip, tar or tar.gz; pack it as one of these");
				}
			}
			Files.move(temp, target, StandardCopyOption.ATOMIC_MOVE);
		}
		finally {
			Folders.remove(temp);
		}
	}

	private static void unzip(ZipReader zip, Unpacking unpacking, Bounds bounds) throws IOException {
		if (zip.count() > bounds.entries()) {
			throw Unpacking.tooManyEntries(bounds);
		}
		for (ZipReader.Entry entry; (entry = zip.next()) != null;) {
			int type = entry.mode() & 0170000;
			if (type == FOLDER || (type != LINK && entry.name().endsWith("/"))) {
				unpacking.folder(entry.name());
				continue;
			}
			if (type != REGULAR && type != 0) {
				throw BadArchiveException.entry(entry.name(),
						(type == LINK) ? "a symbolic link; pack the file itself" : "neither a file nor a folder");
			}
			if ((entry.flags() & 1) != 0) {
				throw BadArchiveException.entry(entry.name(), "encrypted; pack it without a password");
			}
			if (entry.method() != 0 && entry.method() != 8) {
				throw BadArchiveException.entry(entry.name(), "compressed with method " + entry.method()
						+ "; pack it with the usual one (deflate), or as tar.gz");
			}
			try (InputStream in = zip.open(entry)) {
				unpacking.file(entry.name(), (entry.mode() & 0100) != 0, in);
			}
		}
	}

	private static void untar(InputStream bytes, Unpacking unpacking) throws IOException {
		Headers headers = new Headers(bytes);
		try (TarArchiveInputStream tar = new TarArchiveInputStream(headers, "UTF-8")) {
			for (TarArchiveEntry entry; (entry = next(tar, headers)) != null;) {
				String name = entry.getName();
				if (!headers.haveName(name)) {
					throw BadArchiveException.entry(name, "the name is not UTF-8; rename it");
				}
				if (entry.isDirectory()) {
					unpacking.folder(name);
					continue;
				}
				String wrong = wrong(entry);
				if (wrong != null) {
					throw BadArchiveException.entry(name, wrong);
				}
				headers.unbounded();
				unpacking.file(name, (entry.getMode() & 0100) != 0, tar);
			}
			headers.checkEnd();
			// The checksum of a gzip comes after the end of the tar.
			unpacking.rest(headers);
		}
	}

	private static @org.jspecify.annotations.Nullable TarArchiveEntry next(TarArchiveInputStream tar, Headers headers)
			throws IOException {
		headers.bounded(MAX_TAR_HEADERS);
		try {
			return tar.getNextEntry();
		}
		catch (BadArchiveException ex) {
			throw ex;
		}
		catch (IOException | IllegalArgumentException ex) {
			throw BadArchiveException.damaged(ex);
		}
		finally {
			headers.unbounded();
		}
	}

	private static @org.jspecify.annotations.Nullable String wrong(TarArchiveEntry entry) {
		if (entry.isSymbolicLink()) {
			return "a symbolic link; pack the file itself (tar --dereference)";
		}
		if (entry.isLink()) {
			return "a hard link; pack the file itself (tar --hard-dereference)";
		}
		if (entry.isSparse()) {
			return "a sparse file; pack it without --sparse";
		}
		byte type = entry.getLinkFlag();
		boolean regular = type == TarConstants.LF_NORMAL || type == TarConstants.LF_OLDNORM
				|| type == TarConstants.LF_CONTIG;
		return regular ? null : "neither a file nor a folder";
	}

	private static InputStream gunzip(FileChannel file) throws IOException {
		try {
			return new GZIPInputStream(Channels.newInputStream(file), 64 * 1024);
		}
		catch (ZipException | EOFException ex) {
			throw BadArchiveException.damaged(ex);
		}
	}

	private static InputStream buffered(InputStream in) {
		return new BufferedInputStream(in, 64 * 1024);
	}

	/**
	 * What a file is by its first bytes.
	 */
	public enum Kind {

		/**
		 * A zip.
		 */
		ZIP,
		/**
		 * A tar, not compressed.
		 */
		TAR,
		/**
		 * Something compressed with gzip.
		 */
		TAR_GZ,
		/**
		 * None of these.
		 */
		NONE;

		private static Kind of(byte[] start) {
			if (start.length > 3 && start[0] == 'P' && start[1] == 'K'
					&& ((start[2] == 3 && start[3] == 4) || (start[2] == 5 && start[3] == 6))) {
				return ZIP;
			}
			if (start.length > 2 && start[0] == 0x1f && start[1] == (byte) 0x8b) {
				return TAR_GZ;
			}
			boolean tar = start.length >= 262 && start[257] == 'u' && start[258] == 's' && start[259] == 't'
					&& start[260] == 'a' && start[261] == 'r';
			return tar ? TAR : NONE;
		}

	}

	/**
	 * Bounds what is read in search of the next entry, and knows whether it was the end:
	 * two blocks of zeros, without which the archive was cut between two entries.
	 */
	private static final class Headers extends FilterInputStream {

		private long left = Long.MAX_VALUE;

		private final ByteArrayOutputStream seen = new ByteArrayOutputStream();

		private int zeros;

		Headers(InputStream in) {
			super(in);
		}

		void bounded(long bytes) {
			this.left = bytes;
			this.zeros = 0;
			this.seen.reset();
		}

		/**
		 * Whether a name is as it was written. What is not UTF-8 comes as a question mark
		 * or as U+FFFD; then two names could become one.
		 */
		boolean haveName(String name) {
			if (name.indexOf('?') < 0 && name.indexOf('\uFFFD') < 0) {
				return true;
			}
			String written = this.seen.toString(StandardCharsets.ISO_8859_1);
			return Stream.of(name.split("/", -1))
				.allMatch((part) -> written
					.contains(new String(part.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1)));
		}

		void checkEnd() throws BadArchiveException {
			if (this.zeros < 1024) {
				throw BadArchiveException.damaged(new EOFException("no end of archive"));
			}
		}

		void unbounded() {
			this.left = Long.MAX_VALUE;
		}

		@Override
		public int read() throws IOException {
			int read = super.read();
			count((read < 0) ? 0 : 1);
			this.zeros = (read == 0) ? this.zeros + 1 : 0;
			return read;
		}

		@Override
		public int read(byte[] bytes, int offset, int length) throws IOException {
			int read = super.read(bytes, offset, length);
			count(read);
			if (this.left <= MAX_TAR_HEADERS && read > 0) {
				this.seen.write(bytes, offset, read);
				for (int i = offset; i < offset + read; i++) {
					this.zeros = (bytes[i] == 0) ? this.zeros + 1 : 0;
				}
			}
			return read;
		}

		@Override
		public long skip(long n) throws IOException {
			long skipped = super.skip(n);
			count(skipped);
			return skipped;
		}

		private void count(long read) throws BadArchiveException {
			this.left -= Math.max(read, 0);
			if (this.left < 0) {
				throw new BadArchiveException("the archive has headers of more than " + MAX_TAR_HEADERS
						+ " bytes before an entry; pack it again without them");
			}
		}

	}

}
