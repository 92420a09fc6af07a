package dev.reprise.diff.reader.bytes;

import java.io.InputStream;

/**
 * Bytes of a file as they lie in it.
 *
 * @param file the file
 * @param position of the first byte
 * @param size bytes
 */
public record Stretch(JobFile file, long position, long size) implements Extent {

	/**
	 * Checks that it lies within the file.
	 * @throws NotReadException if it does not
	 */
	public static Stretch of(JobFile file, long position, long size) throws NotReadException {
		if (position < 0 || size < 0 || position > file.size() || size > file.size() - position) {
			throw new NotReadException("it points behind its own end");
		}
		return new Stretch(file, position, size);
	}

	@Override
	public InputStream open(long from, long length) throws NotReadException {
		Extent.check(this, from, length);
		return this.file.stream(this.position + from, length);
	}

	@Override
	public Extent part(long from, long length) throws NotReadException {
		Extent.check(this, from, length);
		return new Stretch(this.file, this.position + from, length);
	}

	@Override
	public boolean direct() {
		return true;
	}

}
