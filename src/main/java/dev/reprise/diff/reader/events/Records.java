package dev.reprise.diff.reader.events;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

import dev.reprise.diff.reader.bytes.JobFile;
import dev.reprise.diff.reader.bytes.NotReadException;

import org.jspecify.annotations.Nullable;

/**
 * The records of a file as TensorFlow writes them: a length, its checksum, the bytes,
 * their checksum.
 *
 * @see <a href="https://www.tensorflow.org/tutorials/load_data/tfrecord">TFRecord</a>
 */
final class Records {

	/** Largest record that is read, in bytes. */
	static final int MAX_RECORD = 32 * 1024 * 1024;

	private static final int HEAD = Long.BYTES + Integer.BYTES;

	private final InputStream in;

	private long left;

	private long number;

	Records(JobFile file) throws NotReadException {
		this.in = new BufferedInputStream(file.stream(0, file.size()), 1 << 16);
		this.left = file.size();
	}

	/**
	 * The next record, or null behind the last.
	 * @throws NotReadException if it is cut short, damaged or larger than what is read
	 */
	byte @Nullable [] next() throws IOException {
		if (this.left == 0) {
			return null;
		}
		this.number++;
		if (this.left < HEAD) {
			throw cutShort();
		}
		byte[] head = this.in.readNBytes(HEAD);
		long length = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getLong();
		if (checksum(head, Long.BYTES) != number(head, Long.BYTES)) {
			throw new NotReadException("the length of record " + this.number + " does not fit its checksum");
		}
		if (length < 0 || length > this.left - HEAD - Integer.BYTES) {
			throw cutShort();
		}
		if (length > MAX_RECORD) {
			throw new NotReadException("record " + this.number + " is larger than " + MAX_RECORD + " bytes");
		}
		byte[] bytes = this.in.readNBytes((int) length);
		if (checksum(bytes, bytes.length) != number(this.in.readNBytes(Integer.BYTES), 0)) {
			throw new NotReadException("record " + this.number + " does not fit its checksum");
		}
		this.left -= HEAD + length + Integer.BYTES;
		return bytes;
	}

	private NotReadException cutShort() {
		return new NotReadException("its last record, number " + this.number + ", is cut short");
	}

	private static int number(byte[] bytes, int at) {
		return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(at);
	}

	/** Turned and shifted, so that a record can hold records. */
	private static int checksum(byte[] bytes, int length) {
		CRC32C crc = new CRC32C();
		crc.update(bytes, 0, length);
		return Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8;
	}

}
