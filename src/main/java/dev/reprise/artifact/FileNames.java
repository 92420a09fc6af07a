package dev.reprise.artifact;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;

import org.jspecify.annotations.Nullable;

/**
 * Names of files as UTF-8, whatever the locale of the service. A {@link Path} keeps the
 * bytes of a name, but turns them into text and back in the encoding of the locale, with
 * losses; as a {@link URI} it shows the bytes themselves.
 */
final class FileNames {

	/**
	 * Longest text that {@link #printable} gives.
	 */
	static final int MAX_PRINTABLE = 1024;

	private FileNames() {
	}

	/**
	 * The text of a single name, or null where it is not UTF-8.
	 */
	static @Nullable String text(Path name) {
		String text = name.toString();
		return isAscii(text) ? text : decode(bytes(name));
	}

	/**
	 * A path below a folder.
	 */
	static Path resolve(Path folder, String path) {
		if (isAscii(path)) {
			return folder.resolve(path);
		}
		StringBuilder uri = new StringBuilder("file:///");
		for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
			if (b == '/') {
				uri.append('/');
			}
			else {
				uri.append('%').append(HexFormat.of().toHexDigits(b));
			}
		}
		Path absolute = Path.of(URI.create(uri.toString()));
		return folder.resolve(Path.of("/").relativize(absolute));
	}

	/**
	 * A single name for people to read: what is not UTF-8 or not printable is written as
	 * the hexadecimal of its bytes.
	 */
	static String printable(Path name) {
		String text = text(name);
		if (text != null) {
			return readable(text.replace("\\", "\\x5c"));
		}
		StringBuilder out = new StringBuilder();
		for (byte b : bytes(name)) {
			if (b >= 0x20 && b < 0x7f && b != '\\') {
				out.append((char) b);
			}
			else {
				escape(out, b);
			}
		}
		return cut(out);
	}

	/**
	 * A text for people to read, which may have such names in it: without control
	 * characters, line and paragraph separators, and characters that turn the direction
	 * of writing.
	 */
	static String readable(String text) {
		StringBuilder out = new StringBuilder();
		text.codePoints().forEach((c) -> {
			if (isPrintable(c)) {
				out.appendCodePoint(c);
			}
			else {
				for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
					escape(out, b);
				}
			}
		});
		return cut(out);
	}

	private static boolean isPrintable(int c) {
		return switch (Character.getType(c)) {
			case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.UNASSIGNED, Character.PRIVATE_USE,
					Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
				false;
			default -> true;
		};
	}

	private static void escape(StringBuilder out, byte b) {
		out.append("\\x").append(HexFormat.of().toHexDigits(b));
	}

	private static String cut(StringBuilder out) {
		if (out.length() <= MAX_PRINTABLE) {
			return out.toString();
		}
		int end = MAX_PRINTABLE - 1;
		return out.substring(0, Character.isHighSurrogate(out.charAt(end - 1)) ? end - 1 : end) + "…";
	}

	private static boolean isAscii(String text) {
		return text.chars().allMatch((c) -> c < 0x80);
	}

	private static byte[] bytes(Path name) {
		String uri = Path.of("/").resolve(name).toUri().getRawPath();
		ByteBuffer bytes = ByteBuffer.allocate(uri.length());
		for (int i = 1; i < uri.length(); i++) {
			char c = uri.charAt(i);
			if (c == '%') {
				bytes.put((byte) HexFormat.fromHexDigits(uri, i + 1, i + 3));
				i += 2;
			}
			else if (c != '/') {
				// A slash at the end says that there happens to be such a folder.
				bytes.put((byte) c);
			}
		}
		byte[] result = new byte[bytes.flip().remaining()];
		bytes.get(result);
		return result;
	}

	private static @Nullable String decode(byte[] bytes) {
		try {
			return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
		}
		catch (CharacterCodingException ex) {
			return null;
		}
	}

}
