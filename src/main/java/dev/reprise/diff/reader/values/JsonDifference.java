package dev.reprise.diff.reader.values;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

import dev.reprise.diff.reader.part.Findings;
import dev.reprise.diff.reader.part.Numeral;

import org.jspecify.annotations.Nullable;

/**
 * In what two JSON values differ, by path.
 */
final class JsonDifference {

	private static final int MAX_PATH = 256;

	private final Findings findings;

	private final Predicate<String> isDuration;

	private final String prefix;

	JsonDifference(Findings findings, Predicate<String> isDuration, String prefix) {
		this.findings = findings;
		this.isDuration = isDuration;
		this.prefix = prefix;
	}

	/**
	 * Compares two values.
	 * @param path where they are
	 */
	void compare(String path, Object left, Object right) {
		if (left instanceof Map<?, ?> a && right instanceof Map<?, ?> b) {
			objects(path, a, b);
		}
		else if (left instanceof List<?> a && right instanceof List<?> b) {
			lists(path, a, b);
		}
		else if (left instanceof JsonText.Scalar a && right instanceof JsonText.Scalar b) {
			scalars(path, a, b);
		}
		else {
			this.findings.differs(name(path), shown(left), shown(right));
		}
	}

	private void objects(String path, Map<?, ?> left, Map<?, ?> right) {
		left.forEach((key, value) -> {
			Object other = right.get(key);
			String at = path.isEmpty() ? String.valueOf(key) : path + "." + key;
			if (other == null) {
				this.findings.differs(name(at), shown(value), null);
			}
			else if (isDuration(key, value, other)) {
				duration(String.valueOf(key), (JsonText.Scalar) value, (JsonText.Scalar) other);
			}
			else {
				compare(cut(at), Objects.requireNonNull(value), other);
			}
		});
		right.forEach((key, value) -> {
			if (!left.containsKey(key)) {
				this.findings.differs(name(path.isEmpty() ? String.valueOf(key) : path + "." + key), null,
						shown(value));
			}
		});
		if (!left.keySet().equals(right.keySet())) {
			return;
		}
		Iterator<?> order = right.keySet().iterator();
		for (Object key : left.keySet()) {
			if (order.hasNext() && !order.next().equals(key)) {
				this.findings.otherLayout();
				return;
			}
		}
	}

	private boolean isDuration(Object key, Object left, Object right) {
		return this.isDuration.test(String.valueOf(key)) && left instanceof JsonText.Scalar a && a.isNumber()
				&& right instanceof JsonText.Scalar b && b.isNumber();
	}

	private void duration(String key, JsonText.Scalar left, JsonText.Scalar right) {
		if (!left.text().equals(right.text())) {
			this.findings.setApart(key, left.text(), right.text());
		}
	}

	private void lists(String path, List<?> left, List<?> right) {
		for (int i = 0; i < Math.max(left.size(), right.size()); i++) {
			String at = cut(path + "[" + i + "]");
			if (i >= right.size()) {
				this.findings.differs(name(at), shown(left.get(i)), null);
			}
			else if (i >= left.size()) {
				this.findings.differs(name(at), null, shown(right.get(i)));
			}
			else {
				compare(at, left.get(i), right.get(i));
			}
		}
	}

	private void scalars(String path, JsonText.Scalar left, JsonText.Scalar right) {
		if (left.equals(right)) {
			return;
		}
		Numeral a = left.isNumber() ? Numeral.of(left.text()) : null;
		Numeral b = right.isNumber() ? Numeral.of(right.text()) : null;
		if (a != null && b != null) {
			this.findings.numbers(name(path), a, b);
		}
		else {
			this.findings.differs(name(path), left.shown(), right.shown());
		}
	}

	private static String cut(String path) {
		return (path.length() <= MAX_PATH) ? path : path.substring(0, MAX_PATH) + "…";
	}

	private String name(String path) {
		return this.prefix + (path.isEmpty() ? "the whole value" : path);
	}

	private static String shown(@Nullable Object value) {
		return switch (value) {
			case Map<?, ?> object -> "an object of " + object.size();
			case List<?> list -> "a list of " + list.size();
			case JsonText.Scalar scalar -> scalar.shown();
			case null, default -> "nothing";
		};
	}

}
