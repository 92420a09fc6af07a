package dev.reprise.environment.lock;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.toml.TomlFactory;
import tools.jackson.dataformat.toml.TomlMapper;

/**
 * A lock file as text, and as TOML where it is that.
 */
final class LockText {

	/**
	 * A requirement never has a single equals sign after its name.
	 */
	private static final Pattern PYLOCK = Pattern.compile("(?m)^lock-version[ \\t]*=(?!=)");

	private static final Pattern UV = Pattern.compile("(?m)^version[ \\t]*=(?!=)");

	private static final TomlMapper TOML = new TomlMapper(TomlFactory.builder()
		.streamReadConstraints(StreamReadConstraints.builder()
			.maxNestingDepth(32)
			.maxStringLength(1 << 16)
			.maxNumberLength(64)
			.maxNameLength(256)
			.build())
		.build());

	enum Kind {

		/** A requirements file. */
		REQUIREMENTS,
		/** What PEP 751 describes. */
		PYLOCK,
		/** What {@code uv lock} writes. */
		UV

	}

	private LockText() {
	}

	static String decode(byte[] bytes) throws BadLockException {
		try {
			String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
			if (text.indexOf(0) >= 0) {
				throw new BadLockException("holds a NUL character", "give a text file");
			}
			return text.startsWith("\uFEFF") ? text.substring(1) : text;
		}
		catch (CharacterCodingException ex) {
			throw new BadLockException("is not UTF-8", "give a text file in UTF-8");
		}
	}

	static Kind kind(String text) {
		if (PYLOCK.matcher(text).find()) {
			return Kind.PYLOCK;
		}
		return UV.matcher(text).find() ? Kind.UV : Kind.REQUIREMENTS;
	}

	static JsonNode toml(String text) throws BadLockException {
		try {
			return TOML.readTree(text);
		}
		catch (JacksonException ex) {
			String where = (ex.getLocation() != null) ? " near line " + ex.getLocation().getLineNr() : "";
			throw new BadLockException("is no TOML that can be read" + where, "lock again, with uv lock or uv export");
		}
	}

	/**
	 * What of a lock file may be shown: short, and without control characters.
	 */
	static String shown(String text) {
		String plain = text.replaceAll("[^\\x20-\\x7e]", "?");
		return (plain.length() <= 60) ? plain : plain.substring(0, 59) + "…";
	}

}
