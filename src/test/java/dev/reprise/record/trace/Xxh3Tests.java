package dev.reprise.record.trace;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

import com.dynatrace.hash4j.hashing.HashValue128;
import com.dynatrace.hash4j.hashing.Hashing;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The chain is written with libxxhash and computed anew with hash4j: the two must give
 * the same bits, and put them into the same order.
 */
class Xxh3Tests {

	private static final String PYTHON = """
			import ctypes, ctypes.util
			class H128(ctypes.Structure):
			    _fields_ = [("low", ctypes.c_uint64), ("high", ctypes.c_uint64)]
			lib = ctypes.CDLL("libxxhash.so.0")
			h128, h64 = lib.XXH3_128bits_withSeed, lib.XXH3_64bits
			h128.argtypes, h128.restype = [ctypes.c_char_p, ctypes.c_size_t, ctypes.c_uint64], H128
			h64.argtypes, h64.restype = [ctypes.c_char_p, ctypes.c_size_t], ctypes.c_uint64
			text = b"float32:64,32,3,3"
			for length in [*range(0, 300), 511, 512, 513, 1023, 1024, 1025, 4096, 70000]:
			    data = bytes((i * 31 + length) & 255 for i in range(length))
			    for seed in 0, 1, h64(text, len(text)), 2 ** 64 - 1:
			        h = h128(data, length, seed)
			        print(length, seed, (h.low).to_bytes(8, "little").hex() + (h.high).to_bytes(8, "little").hex())
			""";

	@Test
	void bitsAreThoseOfLibxxhash() throws Exception {
		Process python = new ProcessBuilder("python3", "-c", PYTHON).redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
		List<String> lines = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines()
			.toList();
		assertThat(python.waitFor(1, TimeUnit.MINUTES)).isTrue();
		assertThat(python.exitValue()).isZero();
		assertThat(lines).hasSize(4 * 308);
		byte[] text = "float32:64,32,3,3".getBytes(StandardCharsets.US_ASCII);
		assertThat(lines).anyMatch((line) -> line
			.startsWith("17 " + Long.toUnsignedString(Hashing.xxh3_64().hashBytesToLong(text)) + " "));
		for (String line : lines) {
			String[] parts = line.split(" ", -1);
			int length = Integer.parseInt(parts[0]);
			byte[] data = new byte[length];
			for (int i = 0; i < length; i++) {
				data[i] = (byte) (i * 31 + length);
			}
			HashValue128 hash = Hashing.xxh3_128(Long.parseUnsignedLong(parts[1])).hashBytesTo128Bits(data);
			assertThat(bytes(hash.getLeastSignificantBits()) + bytes(hash.getMostSignificantBits())).as(line)
				.isEqualTo(parts[2]);
		}
	}

	/** Eight bytes, the least significant first. */
	private static String bytes(long value) {
		return "%016x".formatted(Long.reverseBytes(value));
	}

}
