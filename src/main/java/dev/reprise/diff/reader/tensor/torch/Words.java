package dev.reprise.diff.reader.tensor.torch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

import dev.reprise.artifact.Digest;
import dev.reprise.diff.reader.bytes.Extent;
import dev.reprise.diff.reader.pickle.Value;

import org.jspecify.annotations.Nullable;

/**
 * Simple values of a pickle in words, such that two that differ have other words.
 */
final class Words {

	private static final int MAX_TEXT = 4096;

	private static final int MAX_BYTES = 64;

	private Words() {
	}

	/**
	 * The value in words; null where it is no simple one.
	 */
	static @Nullable String of(Value value) throws IOException {
		return switch (value) {
			case Value.Constant constant -> switch (constant) {
				case NONE -> "None";
				case TRUE -> "True";
				case FALSE -> "False";
			};
			case Value.Int number -> Long.toString(number.value());
			case Value.LargeInt number -> "0x" + number.hexadecimal();
			case Value.Real number -> real(number.value());
			case Value.Text text -> text(text.value());
			case Value.Blob blob -> bytes(blob.bytes());
			case Value.Global global -> global.inFull();
			default -> null;
		};
	}

	private static String real(double value) {
		return Double.isNaN(value) ? "nan:" + Long.toHexString(Double.doubleToRawLongBits(value))
				: Double.toString(value);
	}

	private static String text(String text) {
		return (text.length() <= MAX_TEXT) ? "'" + text + "'"
				: text.length() + " characters, " + Digest.of(text.getBytes(StandardCharsets.UTF_8)).value();
	}

	private static String bytes(Extent bytes) throws IOException {
		if (bytes.size() <= MAX_BYTES) {
			return "bytes " + HexFormat.of().formatHex(bytes.bytes(MAX_BYTES, "bytes"));
		}
		MessageDigest sha256 = Digest.sha256();
		byte[] buffer = new byte[1 << 16];
		try (InputStream in = bytes.open()) {
			for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
				sha256.update(buffer, 0, read);
			}
		}
		return bytes.size() + " bytes, " + Digest.of(sha256).value();
	}

	/**
	 * A key of a dictionary as a part of a path. Text that looks like a number has
	 * quotes, so that it is not one.
	 */
	static @Nullable String key(Value value) throws IOException {
		if (value instanceof Value.Text text && text.value().length() <= MAX_TEXT) {
			return text.value().matches("-?[0-9]+|True|False|None") ? "'" + text.value() + "'" : text.value();
		}
		return inOne(value);
	}

	/**
	 * A simple value, or a tuple of such.
	 */
	static @Nullable String inOne(Value value) throws IOException {
		if (value instanceof Value.Items items && (items.is("tuple") || items.is("frozenset"))
				&& items.values().size() <= 64) {
			StringBuilder all = new StringBuilder("(");
			for (Value item : items.values()) {
				String one = of(item);
				if (one == null) {
					return null;
				}
				all.append((all.length() > 1) ? ", " : "").append(one);
			}
			return all.append(")").toString();
		}
		return of(value);
	}

}
