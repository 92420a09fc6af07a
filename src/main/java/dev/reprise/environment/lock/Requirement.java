package dev.reprise.environment.lock;

import java.util.List;
import java.util.regex.Pattern;

/**
 * One package of one version, and what it may hash to.
 *
 * @param name with its extras, such as {@code ray[tune]}
 * @param version exact
 * @param marker when it is wanted, as PEP 508 writes it; empty for always
 * @param hashes such as {@code sha256:…}
 */
record Requirement(String name, String version, String marker, List<String> hashes) {

	static final int MAX_HASHES = 1000;

	private static final String WORD = "[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?";

	private static final Pattern NAME = Pattern
		.compile(WORD + "(?:[ \\t]*\\[[ \\t]*" + WORD + "(?:[ \\t]*,[ \\t]*" + WORD + "){0,31}[ \\t]*\\])?");

	private static final Pattern VERSION = Pattern.compile("[0-9][A-Za-z0-9.!+_-]{0,99}");

	private static final Pattern MARKER = Pattern.compile("[A-Za-z0-9_ .<>=!~'\"()+*,-]{1,2000}");

	private static final Pattern HASH = Pattern.compile("sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128}");

	static boolean isName(String text) {
		return NAME.matcher(text).matches();
	}

	static boolean isVersion(String text) {
		return VERSION.matcher(text).matches();
	}

	static boolean isMarker(String text) {
		// An option could begin within one.
		return text.isEmpty() || (MARKER.matcher(text).matches() && !text.contains("--"));
	}

	static boolean isHash(String text) {
		return HASH.matcher(text).matches();
	}

	/**
	 * As pip and uv read it.
	 */
	String line() {
		StringBuilder line = new StringBuilder(this.name).append("==").append(this.version);
		if (!this.marker.isEmpty()) {
			line.append(" ; ").append(this.marker);
		}
		this.hashes.forEach((hash) -> line.append(" --hash=").append(hash));
		return line.toString();
	}

}
