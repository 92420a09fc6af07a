package dev.reprise.diff.reader.document;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;

import dev.reprise.diff.reader.bytes.JobFile;
import dev.reprise.diff.reader.bytes.NotReadException;

/**
 * The chunks of a PNG file, each checked against its checksum.
 *
 * @param chunks those that are judged, in their order
 * @param texts those that are set apart, by what they are
 * @see <a href="https://www.w3.org/TR/png-3/">PNG</a>
 */
record PngChunks(List<Chunk> chunks, Map<String, String> texts) {

	/** Largest file that is read, in bytes. */
	static final int MAX_BYTES = 16 * 1024 * 1024;

	static final int MAX_CHUNKS = 65_536;

	private static final byte[] SIGNATURE = { (byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n' };

	private static final Set<String> TEXTS = Set.of("tEXt", "zTXt", "iTXt", "tIME");

	private static final int MAX_TEXTS = 256;

	private static final int MAX_KEYWORD = 79;

	PngChunks {
		chunks = List.copyOf(chunks);
	}

	/**
	 * One chunk: a type of four letters, and bytes.
	 */
	static final class Chunk {

		private final String type;

		private final byte[] data;

		private Chunk(String type, byte[] data) {
			this.type = type;
			this.data = data;
		}

		String type() {
			return this.type;
		}

		byte[] data() {
			return this.data;
		}

		boolean sameAs(Chunk other) {
			return this.type.equals(other.type) && Arrays.equals(this.data, other.data);
		}

	}

	static boolean begins(byte[] head) {
		return head.length >= SIGNATURE.length
				&& Arrays.equals(head, 0, SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length);
	}

	static PngChunks read(JobFile file) throws NotReadException {
		if (file.size() > MAX_BYTES) {
			throw new NotReadException("it is a picture of more than " + MAX_BYTES + " bytes");
		}
		List<Chunk> chunks = new ArrayList<>();
		Map<String, String> texts = new LinkedHashMap<>();
		long at = SIGNATURE.length;
		boolean ended = false;
		for (int count = 0; at < file.size(); count++) {
			if (ended || count == MAX_CHUNKS) {
				throw new NotReadException(
						ended ? "bytes follow its end" : "it has more than " + MAX_CHUNKS + " chunks");
			}
			Chunk chunk = chunk(file, at);
			at += 12L + chunk.data().length;
			ended = chunk.type().equals("IEND");
			if (TEXTS.contains(chunk.type())) {
				text(chunk, texts);
			}
			else {
				chunks.add(chunk);
			}
		}
		if (!ended || !chunks.getFirst().type().equals("IHDR") || chunks.getFirst().data().length != 13) {
			throw new NotReadException("it is no whole PNG file");
		}
		return new PngChunks(chunks, texts);
	}

	private static Chunk chunk(JobFile file, long at) throws NotReadException {
		long length = Integer.toUnsignedLong(ByteBuffer.wrap(file.read(at, 4)).getInt());
		if (length > file.size() - at - 12) {
			throw new NotReadException("a chunk of it is cut short");
		}
		byte[] bytes = file.read(at + 4, 8 + (int) length);
		CRC32 crc = new CRC32();
		crc.update(bytes, 0, bytes.length - 4);
		if ((int) crc.getValue() != ByteBuffer.wrap(bytes).getInt(bytes.length - 4)) {
			throw new NotReadException("a chunk of it does not fit its checksum");
		}
		return new Chunk(new String(bytes, 0, 4, StandardCharsets.ISO_8859_1),
				Arrays.copyOfRange(bytes, 4, bytes.length - 4));
	}

	private static void text(Chunk chunk, Map<String, String> texts) throws NotReadException {
		if (texts.size() == MAX_TEXTS) {
			throw new NotReadException("it has more than " + MAX_TEXTS + " chunks of text");
		}
		byte[] data = chunk.data();
		int end = 0;
		while (end < data.length && data[end] != 0) {
			end++;
		}
		boolean time = chunk.type().equals("tIME");
		String name = time ? "chunk tIME" : "chunk " + chunk.type() + " "
				+ new String(data, 0, Math.min(end, MAX_KEYWORD), StandardCharsets.ISO_8859_1);
		String value = chunk.type().equals("tEXt") && end < data.length
				? '"' + new String(data, end + 1, data.length - end - 1, StandardCharsets.ISO_8859_1) + '"'
				: java.util.HexFormat.of().formatHex(data);
		String again = name;
		for (int i = 2; texts.containsKey(again); i++) {
			again = name + " (" + i + ")";
		}
		texts.put(again, value);
	}

	/**
	 * The packed picture.
	 */
	InputStream packed() {
		return new SequenceInputStream(Collections.enumeration(this.chunks.stream()
			.filter((chunk) -> chunk.type().equals("IDAT"))
			.<InputStream>map((chunk) -> new ByteArrayInputStream(chunk.data()))
			.toList()));
	}

	/**
	 * Whether the packed pictures are equal.
	 */
	boolean samePacked(PngChunks other) throws IOException {
		try (InputStream a = packed(); InputStream b = other.packed()) {
			byte[] left = a.readNBytes(1 << 16);
			while (left.length > 0) {
				if (!Arrays.equals(left, b.readNBytes(1 << 16))) {
					return false;
				}
				left = a.readNBytes(1 << 16);
			}
			return b.read() < 0;
		}
	}

}
