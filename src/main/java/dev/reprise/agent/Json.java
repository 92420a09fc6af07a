package dev.reprise.agent;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the little JSON that the contract has: objects are maps, lists are
 * lists, numbers are longs or doubles.
 */
final class Json {

	private final String text;

	private int at;

	private Json(String text) {
		this.text = text;
	}

	/**
	 * Reads a whole text.
	 * @throws IllegalArgumentException if it is no JSON
	 */
	static @Nullable Object read(String text) {
		Json json = new Json(text);
		Object value = json.value();
		json.space();
		if (json.at != text.length()) {
			throw json.wrong();
		}
		return value;
	}

	/**
	 * Writes maps, lists, texts, numbers, truth values and null.
	 */
	static String write(@Nullable Object value) {
		StringBuilder out = new StringBuilder();
		write(value, out);
		return out.toString();
	}

	private static void write(@Nullable Object value, StringBuilder out) {
		// No switch, which would be put together as the first value is written.
		if (value instanceof Map<?, ?> map) {
			out.append('{');
			String between = "";
			for (Map.Entry<?, ?> entry : map.entrySet()) {
				out.append(between);
				text(String.valueOf(entry.getKey()), out);
				out.append(':');
				write(entry.getValue(), out);
				between = ",";
			}
			out.append('}');
		}
		else if (value instanceof Iterable<?> list) {
			out.append('[');
			String between = "";
			for (Object entry : list) {
				out.append(between);
				write(entry, out);
				between = ",";
			}
			out.append(']');
		}
		else if (value == null || value instanceof Number || value instanceof Boolean) {
			out.append(value);
		}
		else {
			text(value.toString(), out);
		}
	}

	private static void text(String text, StringBuilder out) {
		out.append('"');
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			if (c == '"' || c == '\\') {
				out.append('\\').append(c);
			}
			else if (c < ' ' || Character.isSurrogate(c)) {
				out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
			}
			else {
				out.append(c);
			}
		}
		out.append('"');
	}

	private @Nullable Object value() {
		space();
		char c = next();
		return switch (c) {
			case '{' -> object();
			case '[' -> list();
			case '"' -> string();
			case 't' -> word("rue", true);
			case 'f' -> word("alse", false);
			case 'n' -> word("ull", null);
			default -> number();
		};
	}

	private Map<String, @Nullable Object> object() {
		Map<String, @Nullable Object> map = new LinkedHashMap<>();
		space();
		if (peek() == '}') {
			this.at++;
			return map;
		}
		while (true) {
			space();
			expect('"');
			String name = string();
			space();
			expect(':');
			map.put(name, value());
			space();
			char c = next();
			if (c == '}') {
				return map;
			}
			if (c != ',') {
				throw wrong();
			}
		}
	}

	private List<@Nullable Object> list() {
		List<@Nullable Object> list = new ArrayList<>();
		space();
		if (peek() == ']') {
			this.at++;
			return list;
		}
		while (true) {
			list.add(value());
			space();
			char c = next();
			if (c == ']') {
				return list;
			}
			if (c != ',') {
				throw wrong();
			}
		}
	}

	private String string() {
		StringBuilder out = new StringBuilder();
		while (true) {
			char c = next();
			if (c == '"') {
				return out.toString();
			}
			if (c != '\\') {
				out.append(c);
				continue;
			}
			char escaped = next();
			switch (escaped) {
				case 'n' -> out.append('\n');
				case 't' -> out.append('\t');
				case 'r' -> out.append('\r');
				case 'b' -> out.append('\b');
				case 'f' -> out.append('\f');
				case 'u' -> {
					out.append((char) Integer.parseInt(this.text.substring(this.at, this.at + 4), 16));
					this.at += 4;
				}
				default -> out.append(escaped);
			}
		}
	}

	private Object number() {
		int from = this.at - 1;
		while (this.at < this.text.length() && "+-0123456789.eE".indexOf(this.text.charAt(this.at)) >= 0) {
			this.at++;
		}
		String number = this.text.substring(from, this.at);
		return number.matches("-?\\d{1,18}") ? (Object) Long.valueOf(number) : Double.valueOf(number);
	}

	private @Nullable Object word(String rest, @Nullable Object value) {
		if (!this.text.startsWith(rest, this.at)) {
			throw wrong();
		}
		this.at += rest.length();
		return value;
	}

	private void space() {
		while (this.at < this.text.length() && this.text.charAt(this.at) <= ' ') {
			this.at++;
		}
	}

	private char peek() {
		if (this.at >= this.text.length()) {
			throw wrong();
		}
		return this.text.charAt(this.at);
	}

	private char next() {
		char c = peek();
		this.at++;
		return c;
	}

	private void expect(char c) {
		if (next() != c) {
			throw wrong();
		}
	}

	private IllegalArgumentException wrong() {
		return new IllegalArgumentException("no JSON at character " + this.at);
	}

}
