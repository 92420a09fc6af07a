package dev.reprise.diff.reader.tensor.numpy;

import java.util.ArrayList;
import java.util.List;

import dev.reprise.diff.reader.bytes.NotReadException;
import dev.reprise.diff.reader.tensor.Tensor;

import org.jspecify.annotations.Nullable;

/**
 * The one kind of Python dictionary that numpy writes into a header: the keys descr (a
 * string), fortran_order (a bool) and shape (a tuple of integers), each once. Anything
 * else is refused; nothing is evaluated.
 *
 * @param descr type of the elements
 * @param columnsFirst Fortran's order
 * @param shape dimensions
 */
record PythonDictionary(String descr, boolean columnsFirst, List<Long> shape) {

	PythonDictionary {
		shape = List.copyOf(shape);
	}

	static PythonDictionary parse(String text) throws NotReadException {
		return new Parser(text).dictionary();
	}

	private static final class Parser {

		private final String text;

		private int at;

		Parser(String text) {
			this.text = text;
		}

		PythonDictionary dictionary() throws NotReadException {
			String descr = null;
			Boolean columnsFirst = null;
			List<Long> shape = null;
			expect('{');
			while (!next('}')) {
				String key = string();
				expect(':');
				switch (key) {
					case "descr" -> descr = once(descr, type());
					case "fortran_order" -> columnsFirst = once(columnsFirst, bool());
					case "shape" -> shape = once(shape, tuple());
					default -> throw refused();
				}
				if (!next(',')) {
					expect('}');
					break;
				}
			}
			blank();
			if (this.at != this.text.length() || descr == null || columnsFirst == null || shape == null) {
				throw refused();
			}
			return new PythonDictionary(descr, columnsFirst, shape);
		}

		private <T> T once(@Nullable T before, T now) throws NotReadException {
			if (before != null) {
				throw refused();
			}
			return now;
		}

		private String type() throws NotReadException {
			blank();
			if (this.at < this.text.length() && this.text.charAt(this.at) == '[') {
				throw new NotReadException("its elements are records of several fields, which are not read here");
			}
			return string();
		}

		private String string() throws NotReadException {
			blank();
			if (this.at >= this.text.length()) {
				throw refused();
			}
			char quote = this.text.charAt(this.at);
			int end = (quote == '\'' || quote == '"') ? this.text.indexOf(quote, this.at + 1) : -1;
			if (end < 0 || end - this.at > 64) {
				throw refused();
			}
			String string = this.text.substring(this.at + 1, end);
			if (string.indexOf('\\') >= 0) {
				throw refused();
			}
			this.at = end + 1;
			return string;
		}

		private boolean bool() throws NotReadException {
			blank();
			for (String word : List.of("True", "False")) {
				if (this.text.startsWith(word, this.at)) {
					this.at += word.length();
					return word.equals("True");
				}
			}
			throw refused();
		}

		private List<Long> tuple() throws NotReadException {
			List<Long> numbers = new ArrayList<>();
			expect('(');
			while (!next(')')) {
				numbers.add(number());
				if (!next(',')) {
					expect(')');
					if (numbers.size() == 1) {
						throw refused();
					}
					break;
				}
			}
			if (numbers.size() > Tensor.MAX_DIMENSIONS) {
				throw new NotReadException("a tensor has more than " + Tensor.MAX_DIMENSIONS + " dimensions");
			}
			return numbers;
		}

		private long number() throws NotReadException {
			blank();
			int start = this.at;
			while (this.at < this.text.length() && this.text.charAt(this.at) >= '0'
					&& this.text.charAt(this.at) <= '9') {
				this.at++;
			}
			if (this.at == start || this.at - start > 18) {
				throw refused();
			}
			return Long.parseLong(this.text, start, this.at, 10);
		}

		private boolean next(char wanted) {
			blank();
			if (this.at < this.text.length() && this.text.charAt(this.at) == wanted) {
				this.at++;
				return true;
			}
			return false;
		}

		private void expect(char wanted) throws NotReadException {
			if (!next(wanted)) {
				throw refused();
			}
		}

		private void blank() {
			while (this.at < this.text.length() && " \n\t".indexOf(this.text.charAt(this.at)) >= 0) {
				this.at++;
			}
		}

		private static NotReadException refused() {
			return new NotReadException("its header is not one that numpy writes");
		}

	}

}
