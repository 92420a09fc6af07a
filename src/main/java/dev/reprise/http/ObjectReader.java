package dev.reprise.http;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads one JSON object field by field, strictly, and notes every error with its path
 * instead of stopping at the first. A field that is absent or null gives the default;
 * after an error the default is given too, since the errors end the request anyway. Call
 * {@link #refuseUnknown()} last.
 */
public final class ObjectReader {

	private static final int MAX_SHOWN = 200;

	private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

	private final JsonNode node;

	private final String path;

	private final FieldErrors errors;

	private final Set<String> known = new LinkedHashSet<>();

	public ObjectReader(JsonNode node, String path, FieldErrors errors) {
		this.node = node;
		this.path = path;
		this.errors = errors;
	}

	/**
	 * The path of a field below this object.
	 */
	public String path(String name) {
		return PLAIN.matcher(name).matches() ? this.path + "." + name : this.path + "['" + printable(name) + "']";
	}

	/**
	 * Notes an error at a field.
	 */
	public void wrong(String name, String problem, String mend) {
		this.errors.add(path(name), problem, mend);
	}

	/**
	 * Notes an error at an entry of a field that is an object.
	 */
	public void wrongEntry(String name, String entry, String problem, String mend) {
		this.errors.add(below(path(name), entry), problem, mend);
	}

	/**
	 * Notes an error at an entry of a field that is a list.
	 */
	public void wrongEntry(String name, int index, String problem, String mend) {
		this.errors.add(path(name) + "[" + index + "]", problem, mend);
	}

	/**
	 * Whether the field is there and not null.
	 */
	public boolean has(String name) {
		return field(name) != null;
	}

	/**
	 * A text of at most {@code maxLength} characters without control characters.
	 */
	public @Nullable String text(String name, int maxLength) {
		JsonNode value = field(name);
		return (value != null) ? text(value, () -> path(name), maxLength) : null;
	}

	private @Nullable String text(JsonNode value, Supplier<String> at, int maxLength) {
		if (!value.isString()) {
			this.errors.add(at.get(), "is no text", "give a text in quotes");
			return null;
		}
		String text = value.stringValue();
		if (text.length() > maxLength) {
			this.errors.add(at.get(), "is longer than " + maxLength + " characters", "shorten it");
			return null;
		}
		if (text.chars().anyMatch(Character::isISOControl)) {
			this.errors.add(at.get(), "has control characters in it", "leave them out");
			return null;
		}
		if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
			this.errors.add(at.get(), "has half of a surrogate pair in it",
					"leave it out, or give the whole character");
			return null;
		}
		return text;
	}

	/**
	 * A whole number in a range.
	 */
	public long integer(String name, long whenAbsent, long min, long max, String mend) {
		JsonNode value = field(name);
		if (value == null) {
			return whenAbsent;
		}
		if (!value.isIntegralNumber()) {
			wrong(name, "is no whole number", mend);
			return whenAbsent;
		}
		if (!value.canConvertToLong() || value.longValue() < min || value.longValue() > max) {
			wrong(name, "is not between " + min + " and " + max, mend);
			return whenAbsent;
		}
		return value.longValue();
	}

	/**
	 * A number that is finite and not negative.
	 */
	public double amount(String name, double whenAbsent) {
		JsonNode value = field(name);
		if (value == null) {
			return whenAbsent;
		}
		if (!value.isNumber() || !Double.isFinite(value.doubleValue()) || value.doubleValue() < 0) {
			wrong(name, "is no finite number from 0 up", "give a number such as 1e-6");
			return whenAbsent;
		}
		return value.doubleValue();
	}

	/**
	 * True or false.
	 */
	public boolean flag(String name, boolean whenAbsent) {
		JsonNode value = field(name);
		if (value == null) {
			return whenAbsent;
		}
		if (!value.isBoolean()) {
			wrong(name, "is neither true nor false", "give true or false, without quotes");
			return whenAbsent;
		}
		return value.booleanValue();
	}

	/**
	 * One of an enumeration's names, in lower case.
	 */
	public <E extends Enum<E>> @Nullable E choice(String name, Class<E> type) {
		String text = text(name, 64);
		if (text == null) {
			return null;
		}
		for (E constant : type.getEnumConstants()) {
			if (constant.name().toLowerCase(Locale.ROOT).equals(text)) {
				return constant;
			}
		}
		wrong(name, "is not known: " + printable(text),
				"give one of " + Arrays.stream(type.getEnumConstants())
					.map((constant) -> constant.name().toLowerCase(Locale.ROOT))
					.collect(Collectors.joining(", ")));
		return null;
	}

	/**
	 * An ISO 8601 duration in a range.
	 */
	public Duration duration(String name, Duration whenAbsent, Duration min, Duration max) {
		String text = text(name, 64);
		if (text == null) {
			return whenAbsent;
		}
		String mend = "give an ISO 8601 duration from " + min + " to " + max + ", such as PT30M";
		try {
			Duration duration = Duration.parse(text);
			if (duration.compareTo(min) < 0 || duration.compareTo(max) > 0) {
				wrong(name, "is not between " + min + " and " + max, mend);
				return whenAbsent;
			}
			return duration;
		}
		catch (DateTimeException ex) {
			wrong(name, "is no ISO 8601 duration", mend);
			return whenAbsent;
		}
	}

	/**
	 * A size: bytes as a whole number, or a text such as {@code 4GiB}.
	 */
	public long size(String name, long whenAbsent, long min, long max) {
		JsonNode value = field(name);
		if (value == null) {
			return whenAbsent;
		}
		String mend = "give bytes as a whole number, or a text such as \"512MiB\" or \"4GiB\", from " + min + " to "
				+ max + " bytes";
		Long bytes = value.isString() ? ByteSize.parse(value.stringValue())
				: (value.isIntegralNumber() && value.canConvertToLong()) ? (Long) value.longValue() : null;
		if (bytes == null) {
			wrong(name, "is no size", mend);
			return whenAbsent;
		}
		if (bytes < min || bytes > max) {
			wrong(name, "is not between " + min + " and " + max + " bytes", mend);
			return whenAbsent;
		}
		return bytes;
	}

	/**
	 * A list of texts.
	 */
	public List<String> texts(String name, List<String> whenAbsent, int maxEntries, int maxLength) {
		JsonNode value = field(name);
		if (value == null) {
			return whenAbsent;
		}
		if (!value.isArray()) {
			wrong(name, "is no list", "give a list of texts, such as [\"a\", \"b\"]");
			return whenAbsent;
		}
		if (value.size() > maxEntries) {
			wrong(name, "has more than " + maxEntries + " entries", "shorten the list");
			return whenAbsent;
		}
		List<String> texts = new ArrayList<>();
		for (int i = 0; i < value.size(); i++) {
			// One that is wrong keeps its place: what else is said names the others by
			// theirs.
			int place = i;
			String text = text(value.get(i), () -> path(name) + "[" + place + "]", maxLength);
			texts.add((text != null) ? text : "?");
		}
		return texts;
	}

	/**
	 * An object whose values are texts.
	 */
	public Map<String, String> textMap(String name, int maxEntries, int maxLength) {
		Map<String, String> map = new LinkedHashMap<>();
		JsonNode value = entries(name, maxEntries);
		if (value != null) {
			value.properties().forEach((entry) -> {
				String text = text(entry.getValue(), () -> below(path(name), entry.getKey()), maxLength);
				if (text != null) {
					map.put(entry.getKey(), text);
				}
			});
		}
		return map;
	}

	/**
	 * Visits the objects that are the values of an object.
	 */
	public void objects(String name, int maxEntries, BiConsumer<String, ObjectReader> visitor) {
		JsonNode value = entries(name, maxEntries);
		if (value != null) {
			value.properties().forEach((entry) -> {
				String at = below(path(name), entry.getKey());
				if (entry.getValue().isObject()) {
					visitor.accept(entry.getKey(), new ObjectReader(entry.getValue(), at, this.errors));
				}
				else {
					this.errors.add(at, "is no object", "give an object in braces");
				}
			});
		}
	}

	private @Nullable JsonNode entries(String name, int maxEntries) {
		JsonNode value = field(name);
		if (value == null) {
			return null;
		}
		if (!value.isObject()) {
			wrong(name, "is no object", "give an object in braces");
			return null;
		}
		if (value.size() > maxEntries) {
			wrong(name, "has more than " + maxEntries + " entries", "leave some out");
			return null;
		}
		return value;
	}

	/**
	 * Whether the field is a text, where it may be something else too.
	 */
	public boolean isText(String name) {
		JsonNode value = field(name);
		return value != null && value.isString();
	}

	/**
	 * The object at a field, or null where there is none.
	 */
	public @Nullable ObjectReader object(String name) {
		return object(name, "give an object in braces");
	}

	/**
	 * The object at a field, or null where there is none.
	 * @param mend what else may be given in its place
	 */
	public @Nullable ObjectReader object(String name, String mend) {
		JsonNode value = field(name);
		if (value == null) {
			return null;
		}
		if (!value.isObject()) {
			wrong(name, "is no object", mend);
			return null;
		}
		return new ObjectReader(value, path(name), this.errors);
	}

	/**
	 * Notes an error for a field that a later version brings, if it is there at all.
	 */
	public void notYet(String name, String mend) {
		if (has(name)) {
			wrong(name, "is not in this version of Reprise yet", mend);
		}
	}

	/**
	 * Notes an error for every field that was never asked for.
	 */
	public void refuseUnknown() {
		this.node.properties().forEach((entry) -> {
			if (!this.known.contains(entry.getKey())) {
				wrong(entry.getKey(), "is no field that is known here",
						"leave it out; known are " + String.join(", ", this.known));
			}
		});
	}

	private @Nullable JsonNode field(String name) {
		this.known.add(name);
		JsonNode value = this.node.get(name);
		return (value == null || value.isNull()) ? null : value;
	}

	private static String below(String path, String name) {
		return path + "['" + printable(name) + "']";
	}

	/**
	 * A text from a request as an answer may repeat it: cut, and with what does not print
	 * escaped.
	 */
	public static String printable(@Nullable String text) {
		String given = String.valueOf(text);
		String cut = (given.length() > MAX_SHOWN) ? given.substring(0, MAX_SHOWN) + "…" : given;
		return cut.codePoints()
			.mapToObj((c) -> isPrintable(c) ? Character.toString(c) : String.format(Locale.ROOT, "\\u%04x", c))
			.collect(Collectors.joining());
	}

	private static boolean isPrintable(int c) {
		return switch (Character.getType(c)) {
			case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.UNASSIGNED, Character.PRIVATE_USE,
					Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
				false;
			default -> true;
		};
	}

}
