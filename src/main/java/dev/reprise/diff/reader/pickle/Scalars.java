package dev.reprise.diff.reader.pickle;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

import dev.reprise.diff.reader.bytes.NotReadException;

/**
 * Instructions that push one number, text or piece of bytes.
 */
final class Scalars {

	private final PickleInput input;

	private final PickleStack stack;

	private final PickleLimits limits;

	Scalars(PickleInput input, PickleStack stack, PickleLimits limits) {
		this.input = input;
		this.stack = stack;
		this.limits = limits;
	}

	/**
	 * Follows the instruction, if it is one of these.
	 */
	boolean follow(int instruction) throws IOException {
		Value value = switch (instruction) {
			case 'N' -> Value.Constant.NONE;
			case 0x88 -> Value.Constant.TRUE;
			case 0x89 -> Value.Constant.FALSE;
			case 'I' -> intLine(this.input.line());
			case 'L' -> longLine(this.input.line());
			case 'F' -> floatLine(this.input.line());
			case 'J' -> new Value.Int((int) this.input.four());
			case 'K' -> new Value.Int(this.input.one());
			case 'M' -> new Value.Int(this.input.two());
			case 0x8a -> number(this.input.one());
			case 0x8b -> number(this.input.four());
			case 'G' -> new Value.Real(Double.longBitsToDouble(Long.reverseBytes(this.input.eight())));
			case 'S' -> quoted(this.input.line());
			case 'V' -> escaped(this.input.line());
			case 'T' -> oldText(this.input.four());
			case 'U' -> oldText(this.input.one());
			case 'X' -> text(this.input.four());
			case 0x8c -> text(this.input.one());
			case 0x8d -> text(this.input.eight());
			case 'B' -> new Value.Blob(this.input.skip(this.input.four()));
			case 'C' -> new Value.Blob(this.input.skip(this.input.one()));
			case 0x8e, 0x96 -> new Value.Blob(this.input.skip(this.input.eight()));
			default -> null;
		};
		if (value != null) {
			this.limits.hold(3);
			this.stack.push(value);
		}
		return value != null;
	}

	long index() throws IOException {
		if (longLine(this.input.line()) instanceof Value.Int number && number.value() >= 0) {
			return number.value();
		}
		throw Unread.damaged();
	}

	private static Value intLine(String line) throws NotReadException {
		return switch (line) {
			case "00" -> Value.Constant.FALSE;
			case "01" -> Value.Constant.TRUE;
			default -> longLine(line);
		};
	}

	private static Value longLine(String line) throws NotReadException {
		String digits = line.endsWith("L") ? line.substring(0, line.length() - 1) : line;
		if (digits.length() > PickleLimits.MAX_NUMBER || !digits.matches("-?[0-9]+")) {
			throw Unread.damaged();
		}
		return whole(new BigInteger(digits));
	}

	private static Value floatLine(String line) throws NotReadException {
		return switch (line) {
			case "nan" -> new Value.Real(Double.NaN);
			case "inf" -> new Value.Real(Double.POSITIVE_INFINITY);
			case "-inf" -> new Value.Real(Double.NEGATIVE_INFINITY);
			default -> {
				if (line.length() > 400 || !line.matches("-?[0-9]+(\\.[0-9]*)?(e[-+]?[0-9]{1,4})?")) {
					throw Unread.damaged();
				}
				yield new Value.Real(Double.parseDouble(line));
			}
		};
	}

	private Value number(long length) throws IOException {
		if (length > PickleLimits.MAX_NUMBER) {
			throw Unread.tooMuch("a number of " + length + " bytes");
		}
		byte[] bytes = this.input.bytes(length);
		byte[] turned = new byte[bytes.length];
		for (int i = 0; i < bytes.length; i++) {
			turned[i] = bytes[bytes.length - 1 - i];
		}
		return whole((turned.length == 0) ? BigInteger.ZERO : new BigInteger(turned));
	}

	private static Value whole(BigInteger number) {
		return (number.bitLength() < Long.SIZE) ? new Value.Int(number.longValue())
				: new Value.LargeInt(number.toString(16));
	}

	/** Python 2 wrote its strings of bytes so. */
	private static Value quoted(String line) throws NotReadException {
		boolean quotes = line.length() >= 2 && (line.charAt(0) == '\'' || line.charAt(0) == '"')
				&& line.charAt(line.length() - 1) == line.charAt(0);
		if (!quotes || line.indexOf('\\') >= 0) {
			throw Unread.odd("has a text with escapes");
		}
		return new Value.Text(line.substring(1, line.length() - 1));
	}

	private static Value escaped(String line) throws NotReadException {
		if (line.indexOf('\\') >= 0) {
			throw Unread.odd("has a text with escapes");
		}
		return new Value.Text(line);
	}

	private Value oldText(long length) throws IOException {
		this.limits.text(length);
		return new Value.Text(new String(this.input.bytes(length), StandardCharsets.ISO_8859_1));
	}

	private Value text(long length) throws IOException {
		this.limits.text(length);
		return new Value.Text(this.input.text(this.input.bytes(length)));
	}

}
