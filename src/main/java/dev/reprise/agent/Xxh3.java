package dev.reprise.agent;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.HexFormat;

/**
 * XXH3 with 128 bits, and with 64 for short texts, as libxxhash 0.8 has it: the agent can
 * count on no library.
 */
final class Xxh3 {

	private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

	private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

	private static final MemorySegment SECRET = MemorySegment.ofArray(HexFormat.of()
		.parseHex("b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671fcb79e64eccc0e578825ad07dccff7221"
				+ "b8084674f743248ee03590e6813a264c3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8"
				+ "a8fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d9787364eac5ac8334d3ebc3c581a0fffa1363eb"
				+ "170ddd51b7f0da49d316552629d4689e2b16be587d47a1fc8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e"));

	private static final long PRIME32_1 = 0x9E3779B1L;

	private static final long PRIME32_2 = 0x85EBCA77L;

	private static final long PRIME32_3 = 0xC2B2AE3DL;

	private static final long PRIME64_1 = 0x9E3779B185EBCA87L;

	private static final long PRIME64_2 = 0xC2B2AE3D27D4EB4FL;

	private static final long PRIME64_3 = 0x165667B19E3779F9L;

	private static final long PRIME64_4 = 0x85EBCA77C2B2AE63L;

	private static final long PRIME64_5 = 0x27D4EB2F165667C5L;

	private static final long MIX_1 = 0x165667919E3779F9L;

	private static final long MIX_2 = 0x9FB21C651E98DF25L;

	private static final int STRIPES = 16;

	private static final int BLOCK = 64 * STRIPES;

	private Xxh3() {
	}

	/**
	 * The hash with 128 bits.
	 *
	 * @param low the low 64
	 * @param high the high 64
	 */
	record Hash(long low, long high) {

		/**
		 * The low 64 first, each with its least significant byte first.
		 */
		byte[] bytes() {
			byte[] bytes = new byte[16];
			MemorySegment.ofArray(bytes).set(LONG, 0, this.low);
			MemorySegment.ofArray(bytes).set(LONG, 8, this.high);
			return bytes;
		}

	}

	/**
	 * Hashes bytes with 128 bits.
	 */
	static Hash hash128(MemorySegment in, long seed) {
		long length = in.byteSize();
		if (length <= 16) {
			return upTo16(in, (int) length, seed);
		}
		if (length <= 240) {
			return upTo240(in, (int) length, seed);
		}
		return longer(in, length, seed);
	}

	/**
	 * Hashes a text of at most 128 bytes with 64 bits and seed 0.
	 * @throws IllegalArgumentException if it is longer
	 */
	static long hash64(byte[] text) {
		MemorySegment in = MemorySegment.ofArray(text);
		int length = text.length;
		if (length > 128) {
			throw new IllegalArgumentException("a text of more than 128 bytes");
		}
		if (length == 0) {
			return avalanche64(secret(56) ^ secret(64));
		}
		if (length <= 3) {
			return avalanche64(combined(in, length) ^ (secret32(0) ^ secret32(4)));
		}
		if (length <= 8) {
			long joined = int32(in, length - 4) + (int32(in, 0) << 32);
			long h = joined ^ (secret(8) ^ secret(16));
			h ^= Long.rotateLeft(h, 49) ^ Long.rotateLeft(h, 24);
			h *= MIX_2;
			h ^= (h >>> 35) + length;
			h *= MIX_2;
			return h ^ (h >>> 28);
		}
		if (length <= 16) {
			long low = int64(in, 0) ^ (secret(24) ^ secret(32));
			long high = int64(in, length - 8) ^ (secret(40) ^ secret(48));
			return avalanche(length + Long.reverseBytes(low) + high + fold(low, high));
		}
		long sum = length * PRIME64_1;
		for (int i = (length - 1) / 32; i >= 0; i--) {
			sum += mix16(in, 16L * i, 32L * i, 0) + mix16(in, length - 16L * (i + 1), 32L * i + 16, 0);
		}
		return avalanche(sum);
	}

	private static Hash upTo16(MemorySegment in, int length, long seed) {
		if (length > 8) {
			long low = int64(in, 0);
			long high = int64(in, length - 8);
			long key = low ^ high ^ ((secret(32) ^ secret(40)) - seed);
			long productLow = key * PRIME64_1 + ((long) (length - 1) << 54);
			long productHigh = Math.unsignedMultiplyHigh(key, PRIME64_1);
			high ^= (secret(48) ^ secret(56)) + seed;
			productHigh += high + (high & 0xFFFFFFFFL) * (PRIME32_2 - 1);
			productLow ^= Long.reverseBytes(productHigh);
			long hashLow = productLow * PRIME64_2;
			long hashHigh = Math.unsignedMultiplyHigh(productLow, PRIME64_2) + productHigh * PRIME64_2;
			return new Hash(avalanche(hashLow), avalanche(hashHigh));
		}
		if (length >= 4) {
			long mixed = seed ^ ((long) Integer.reverseBytes((int) seed) << 32);
			long joined = int32(in, 0) + (int32(in, length - 4) << 32);
			long key = joined ^ ((secret(16) ^ secret(24)) + mixed);
			long factor = PRIME64_1 + ((long) length << 2);
			long low = key * factor;
			long high = Math.unsignedMultiplyHigh(key, factor) + (low << 1);
			low ^= high >>> 3;
			low ^= low >>> 35;
			low *= MIX_2;
			low ^= low >>> 28;
			return new Hash(low, avalanche(high));
		}
		if (length > 0) {
			long low = combined(in, length);
			long high = Integer.toUnsignedLong(Integer.rotateLeft(Integer.reverseBytes((int) low), 13));
			return new Hash(avalanche64(low ^ ((secret32(0) ^ secret32(4)) + seed)),
					avalanche64(high ^ ((secret32(8) ^ secret32(12)) - seed)));
		}
		return new Hash(avalanche64(seed ^ (secret(64) ^ secret(72))), avalanche64(seed ^ (secret(80) ^ secret(88))));
	}

	private static long combined(MemorySegment in, int length) {
		long first = in.get(ValueLayout.JAVA_BYTE, 0) & 0xFF;
		long middle = in.get(ValueLayout.JAVA_BYTE, length >> 1) & 0xFF;
		long last = in.get(ValueLayout.JAVA_BYTE, length - 1L) & 0xFF;
		return (first << 16) | (middle << 24) | last | ((long) length << 8);
	}

	private static Hash upTo240(MemorySegment in, int length, long seed) {
		long[] sums = { length * PRIME64_1, 0 };
		if (length <= 128) {
			for (int i = (length - 1) / 32; i >= 0; i--) {
				mix32(sums, in, 16L * i, length - 16L * (i + 1), 32L * i, seed);
			}
		}
		else {
			for (int i = 32; i < 160; i += 32) {
				mix32(sums, in, i - 32L, i - 16L, i - 32L, seed);
			}
			sums[0] = avalanche(sums[0]);
			sums[1] = avalanche(sums[1]);
			for (int i = 160; i <= length; i += 32) {
				mix32(sums, in, i - 32L, i - 16L, 3 + i - 160L, seed);
			}
			mix32(sums, in, length - 16L, length - 32L, 136 - 17 - 16, -seed);
		}
		long low = sums[0] + sums[1];
		long high = sums[0] * PRIME64_1 + sums[1] * PRIME64_4 + (length - seed) * PRIME64_2;
		return new Hash(avalanche(low), -avalanche(high));
	}

	private static void mix32(long[] sums, MemorySegment in, long one, long two, long secret, long seed) {
		sums[0] += mix16(in, one, secret, seed);
		sums[0] ^= int64(in, two) + int64(in, two + 8);
		sums[1] += mix16(in, two, secret + 16, seed);
		sums[1] ^= int64(in, one) + int64(in, one + 8);
	}

	private static long mix16(MemorySegment in, long at, long secret, long seed) {
		return fold(int64(in, at) ^ (secret(secret) + seed), int64(in, at + 8) ^ (secret(secret + 8) - seed));
	}

	private static Hash longer(MemorySegment in, long length, long seed) {
		long[] secret = new long[STRIPES + 8];
		MemorySegment derived = MemorySegment.ofArray(new byte[192]);
		for (int i = 0; i < 192; i += 16) {
			derived.set(LONG, i, secret(i) + seed);
			derived.set(LONG, i + 8L, secret(i + 8) - seed);
		}
		for (int i = 0; i < secret.length; i++) {
			secret[i] = derived.get(LONG, 8L * i);
		}
		long[] sums = { PRIME32_3, PRIME64_1, PRIME64_2, PRIME64_3, PRIME64_4, PRIME32_2, PRIME64_5, PRIME32_1 };
		long blocks = (length - 1) / BLOCK;
		long at = 0;
		for (long block = 0; block < blocks; block++) {
			for (int stripe = 0; stripe < STRIPES; stripe++, at += 64) {
				accumulate(sums, in, at, secret, stripe);
			}
			for (int i = 0; i < 8; i++) {
				long sum = sums[i] ^ (sums[i] >>> 47) ^ secret[STRIPES + i];
				sums[i] = sum * PRIME32_1;
			}
		}
		int stripes = (int) ((length - 1 - BLOCK * blocks) / 64);
		for (int stripe = 0; stripe < stripes; stripe++, at += 64) {
			accumulate(sums, in, at, secret, stripe);
		}
		long[] last = new long[8];
		for (int i = 0; i < 8; i++) {
			last[i] = derived.get(LONG, 192 - 64 - 7 + 8L * i);
		}
		accumulate(sums, in, length - 64, last, 0);
		return new Hash(merge(sums, derived, 11, length * PRIME64_1),
				merge(sums, derived, 192 - 64 - 11, ~(length * PRIME64_2)));
	}

	private static void accumulate(long[] sums, MemorySegment in, long at, long[] secret, int from) {
		for (int i = 0; i < 8; i++) {
			long value = in.get(LONG, at + 8L * i);
			long key = value ^ secret[from + i];
			sums[i ^ 1] += value;
			sums[i] += (key & 0xFFFFFFFFL) * (key >>> 32);
		}
	}

	private static long merge(long[] sums, MemorySegment secret, long at, long start) {
		long result = start;
		for (int i = 0; i < 8; i += 2) {
			result += fold(sums[i] ^ secret.get(LONG, at + 8L * i), sums[i + 1] ^ secret.get(LONG, at + 8L * i + 8));
		}
		return avalanche(result);
	}

	private static long fold(long one, long two) {
		return (one * two) ^ Math.unsignedMultiplyHigh(one, two);
	}

	private static long avalanche(long hash) {
		long h = (hash ^ (hash >>> 37)) * MIX_1;
		return h ^ (h >>> 32);
	}

	private static long avalanche64(long hash) {
		long h = (hash ^ (hash >>> 33)) * PRIME64_2;
		h = (h ^ (h >>> 29)) * PRIME64_3;
		return h ^ (h >>> 32);
	}

	private static long int64(MemorySegment in, long at) {
		return in.get(LONG, at);
	}

	private static long int32(MemorySegment in, long at) {
		return Integer.toUnsignedLong(in.get(INT, at));
	}

	private static long secret(long at) {
		return SECRET.get(LONG, at);
	}

	private static long secret32(long at) {
		return Integer.toUnsignedLong(SECRET.get(INT, at));
	}

}
