package dev.reprise.artifact;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * A SHA-256, written {@code sha256:} and 64 lower-case hexadecimal digits: the identity
 * of a file's bytes or of a listing.
 *
 * @param value the digest as written
 */
public record Digest(@JsonValue String value) implements Comparable<Digest> {

	private static final Pattern FORM = Pattern.compile("sha256:[0-9a-f]{64}");

	/**
	 * Checks the form.
	 * @throws IllegalArgumentException if the value is no digest
	 */
	@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
	public Digest {
		if (!isDigest(value)) {
			throw new IllegalArgumentException("not a digest: expected sha256: and 64 lower-case hexadecimal digits");
		}
	}

	/**
	 * Whether a text has the form of a digest.
	 */
	public static boolean isDigest(String text) {
		return text.length() == 71 && FORM.matcher(text).matches();
	}

	/**
	 * The digest of some bytes.
	 */
	public static Digest of(byte[] bytes) {
		return new Digest("sha256:" + HexFormat.of().formatHex(sha256().digest(bytes)));
	}

	/**
	 * The digest that an algorithm has taken in so far; resets the algorithm.
	 */
	public static Digest of(MessageDigest sha256) {
		return new Digest("sha256:" + HexFormat.of().formatHex(sha256.digest()));
	}

	/**
	 * A fresh SHA-256.
	 */
	public static MessageDigest sha256() {
		try {
			return MessageDigest.getInstance("SHA-256");
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("every JDK has SHA-256", ex);
		}
	}

	/**
	 * The 64 hexadecimal digits alone.
	 */
	public String hex() {
		return this.value.substring("sha256:".length());
	}

	@Override
	public int compareTo(Digest other) {
		return this.value.compareTo(other.value);
	}

	@Override
	public String toString() {
		return this.value;
	}

}
