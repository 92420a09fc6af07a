package dev.reprise.diff.reader.zip;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

import dev.reprise.diff.reader.bytes.Extent;
import dev.reprise.diff.reader.bytes.JobFile;
import dev.reprise.diff.reader.bytes.LittleEndian;
import dev.reprise.diff.reader.bytes.NotReadException;
import dev.reprise.diff.reader.bytes.Stretch;

/**
 * One entry of a zip file.
 *
 * @param name its name
 * @param deflated whether it is packed
 * @param offset of its own header
 * @param packed its bytes in the file
 * @param size bytes once unpacked
 * @param crc CRC-32 of these
 * @param header what else the directory says of it
 * @param own what else its own header says
 */
public record ZipEntry(String name, boolean deflated, long offset, Stretch packed, long size, long crc,
		ZipHeader header, ZipHeader own) {

	private static final int LOCAL_LENGTH = 30;

	/**
	 * Reads the entry's own header, which must agree with the directory.
	 */
	static ZipEntry of(JobFile file, String name, boolean deflated, long crc, long[] wide, ZipHeader header)
			throws NotReadException {
		byte[] local = file.read(wide[2], LOCAL_LENGTH);
		if (LittleEndian.four(local, 0) != 0x04034B50L) {
			throw new NotReadException("an entry is not where the directory says");
		}
		int nameLength = LittleEndian.two(local, 26);
		String own = new String(file.read(wide[2] + LOCAL_LENGTH, nameLength), StandardCharsets.UTF_8);
		boolean sizesFollow = (LittleEndian.two(local, 6) & 8) != 0;
		boolean sized = sizesFollow || (agrees(local, 18, wide[1]) && agrees(local, 22, wide[0]));
		if (!own.equals(name) || LittleEndian.two(local, 8) != (deflated ? 8 : 0) || !sized) {
			throw new NotReadException("an entry says of itself something other than the directory");
		}
		long data = wide[2] + LOCAL_LENGTH + nameLength + LittleEndian.two(local, 28);
		byte[] extra = file.read(data - LittleEndian.two(local, 28), LittleEndian.two(local, 28));
		return new ZipEntry(name, deflated, wide[2], Stretch.of(file, data, wide[1]), wide[0], crc, header,
				ZipHeader.local(local, extra));
	}

	private static boolean agrees(byte[] local, int at, long size) {
		long own = LittleEndian.four(local, at);
		return own == size || own == ZipDirectory.WIDE;
	}

	/**
	 * First byte behind it.
	 */
	long end() {
		return this.packed.position() + this.packed.size();
	}

	/**
	 * Its bytes once unpacked: never more than {@link #size}.
	 */
	public Extent content() {
		return this.deflated ? new Unpacked(this) : this.packed;
	}

	private record Unpacked(ZipEntry entry) implements Extent {

		@Override
		public long size() {
			return this.entry.size();
		}

		@Override
		public InputStream open(long from, long length) throws IOException {
			Extent.check(this, from, length);
			return new Inflated(this.entry, from, length);
		}

		@Override
		public boolean direct() {
			return false;
		}

	}

}
