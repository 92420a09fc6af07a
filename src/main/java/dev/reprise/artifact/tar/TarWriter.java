package dev.reprise.artifact.tar;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Writes an archive.
 */
public final class TarWriter implements Closeable {

	private final OutputStream out;

	/**
	 * Makes a writer.
	 * @param out takes the archive, and is closed with this
	 */
	public TarWriter(OutputStream out) {
		this.out = out;
	}

	/**
	 * Writes a file.
	 * @param entry its name and its size
	 * @param content exactly so many bytes
	 * @throws IOException if there are fewer or more, or it cannot be written
	 */
	public void file(TarEntry entry, InputStream content) throws IOException {
		this.out.write(entry.header());
		byte[] buffer = new byte[256 * 1024];
		long left = entry.size();
		for (int read; (read = content.read(buffer)) >= 0; left -= read) {
			if (read > left) {
				throw new IOException(entry.path() + " grew while it was read");
			}
			this.out.write(buffer, 0, read);
		}
		if (left > 0) {
			throw new IOException(entry.path() + " is shorter than " + entry.size() + " bytes");
		}
		this.out.write(new byte[TarEntry.padding(entry.size())]);
	}

	/**
	 * Writes the end.
	 */
	public void end() throws IOException {
		this.out.write(new byte[2 * TarEntry.BLOCK]);
		this.out.flush();
	}

	@Override
	public void close() throws IOException {
		this.out.close();
	}

}
