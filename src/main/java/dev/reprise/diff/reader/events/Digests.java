package dev.reprise.diff.reader.events;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

import dev.reprise.artifact.Digest;

/**
 * Stands for bytes that are compared as they are.
 */
final class Digests {

	private static final int SHORT = 64;

	private static final int SHOWN = "sha256:".length() + 16;

	private Digests() {
	}

	static String of(byte[] bytes, int from, int to) {
		MessageDigest sha256 = Digest.sha256();
		sha256.update(bytes, from, to - from);
		return Digest.of(sha256).value();
	}

	/**
	 * A short text as it is; of anything else how long it is, and its digest.
	 */
	static String shown(byte[] bytes, int from, int to) {
		if (to - from <= SHORT) {
			try {
				String text = StandardCharsets.UTF_8.newDecoder()
					.decode(ByteBuffer.wrap(bytes, from, to - from))
					.toString();
				if (text.chars().noneMatch(Character::isISOControl)) {
					return '"' + text + '"';
				}
			}
			catch (CharacterCodingException ex) {
				return digest(bytes, from, to);
			}
		}
		return digest(bytes, from, to);
	}

	static String digest(byte[] bytes, int from, int to) {
		return (to - from) + " bytes, " + of(bytes, from, to).substring(0, SHOWN);
	}

}
