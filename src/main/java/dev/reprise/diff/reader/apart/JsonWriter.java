package dev.reprise.diff.reader.apart;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;

import dev.reprise.artifact.Digest;

/**
 * JSON of one line. Numbers keep the words that Java writes, which Python's JSON has too.
 */
final class JsonWriter {

	/** Most bytes that are written in full. */
	private static final int MAX_HEX = 64;

	private final StringBuilder out = new StringBuilder();

	private boolean first = true;

	JsonWriter begin(char bracket) {
		separate();
		this.out.append(bracket);
		this.first = true;
		return this;
	}

	JsonWriter end(char bracket) {
		this.out.append(bracket);
		this.first = false;
		return this;
	}

	JsonWriter name(String name) {
		text(name);
		this.out.append(':');
		this.first = true;
		return this;
	}

	JsonWriter word(String word) {
		separate();
		this.out.append(word);
		return this;
	}

	JsonWriter text(String text) {
		separate();
		this.out.append('"');
		for (int i = 0; i < text.length(); i++) {
			char one = text.charAt(i);
			if (one == '"' || one == '\\') {
				this.out.append('\\').append(one);
			}
			else if (one < ' ' || Character.isSurrogate(one)) {
				this.out.append(String.format(Locale.ROOT, "\\u%04x", (int) one));
			}
			else {
				this.out.append(one);
			}
		}
		this.out.append('"');
		return this;
	}

	/**
	 * Bytes: as text where they are UTF-8, otherwise an object, so that the two differ.
	 */
	JsonWriter bytes(byte[] bytes) {
		try {
			return text(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
		}
		catch (CharacterCodingException ex) {
			return begin('{').name("bytes")
				.text((bytes.length <= MAX_HEX) ? HexFormat.of().formatHex(bytes) : Digest.of(bytes).value())
				.end('}');
		}
	}

	private void separate() {
		if (!this.first) {
			this.out.append(',');
		}
		this.first = false;
	}

	@Override
	public String toString() {
		return this.out.toString();
	}

}
