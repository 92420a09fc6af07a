package dev.reprise.diff.reader.document;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.reprise.diff.reader.bytes.NotReadException;
import dev.reprise.diff.reader.part.Spans;

/**
 * A PDF as one text, a character a byte, with what is set apart in it: the dates of its
 * information dictionary, its identifier, and the dates and identifiers of its metadata
 * where they are not packed. A date is looked for nowhere else.
 *
 * @param text all of it
 * @param fields what is set apart, by what it is
 * @param setApart where that is
 */
record PdfText(String text, Map<String, String> fields, Spans setApart) {

	static final int MAX_OBJECTS = 100_000;

	/** Largest dictionary or metadata in which something is looked for. */
	private static final int MAX_LOOKED_AT = 64 * 1024;

	private static final Pattern DATE = Pattern
		.compile("/(CreationDate|ModDate)\\s{0,4}\\((D:[0-9]{4,14}(?:[+Z-][0-9']{0,6})?)\\)");

	private static final Pattern ID = Pattern
		.compile("/ID\\s{0,4}\\[\\s{0,4}<([0-9A-Fa-f]{16,128})>\\s{0,4}<([0-9A-Fa-f]{16,128})>\\s{0,4}\\]");

	private static final Pattern INFO = Pattern.compile("/Info\\s{1,4}([0-9]{1,8})\\s([0-9]{1,5})\\sR");

	private static final Pattern XMP = Pattern.compile("xmp:(CreateDate|ModifyDate|MetadataDate)(?:>|=\")"
			+ "([0-9]{4}[0-9T:.Z+-]{0,30})|xmpMM:(DocumentID|InstanceID)(?:>|=\")([A-Za-z]{0,5}:?[0-9A-Fa-f-]{8,64})");

	private static final Pattern OBJECT = Pattern.compile("(?<=[\\r\\n])([0-9]{1,8}) ([0-9]{1,5}) obj\\b");

	private static final Pattern TYPE = Pattern.compile("/Type\\s{0,4}/([A-Za-z]{1,20})");

	static PdfText of(String text) throws NotReadException {
		int end = text.lastIndexOf("%%EOF");
		int start = text.lastIndexOf("startxref");
		if (end < 0 || start < 0 || start > end || end < text.length() - 1024) {
			throw new NotReadException("it is no whole PDF");
		}
		TreeMap<Integer, String[]> found = new TreeMap<>();
		String trailer = trailer(text, start, found);
		Matcher info = INFO.matcher(trailer);
		if (info.find()) {
			information(text, info.group(1) + " " + info.group(2) + " obj", found);
		}
		metadata(text, found);
		Map<String, String> fields = new LinkedHashMap<>();
		Spans spans = new Spans();
		found.forEach((from, field) -> {
			String name = field[0];
			for (int i = 2; fields.containsKey(name); i++) {
				name = field[0] + " (" + i + ")";
			}
			fields.put(name, field[1]);
			spans.add(from, from + field[1].length());
		});
		return new PdfText(text, fields, spans);
	}

	/**
	 * The dictionary at the end: behind the word trailer, or that of the stream which the
	 * last number points to.
	 */
	private static String trailer(String text, int start, Map<Integer, String[]> found) {
		int from = text.lastIndexOf("trailer", start);
		int to = start;
		if (from < 0) {
			Matcher number = Pattern.compile("startxref\\s{1,4}([0-9]{1,9})")
				.matcher(text)
				.region(start, text.length());
			from = number.lookingAt() ? Math.min(Integer.parseInt(number.group(1)), start) : start;
			to = text.indexOf("stream", from);
		}
		if (to < from || to - from > MAX_LOOKED_AT) {
			return "";
		}
		Matcher id = ID.matcher(text).region(from, to);
		if (id.find()) {
			found.put(id.start(1), new String[] { "/ID", id.group(1) });
			found.put(id.start(2), new String[] { "/ID", id.group(2) });
		}
		return text.substring(from, to);
	}

	/**
	 * Only where one object has that number: of two nobody knows which is shown.
	 */
	private static void information(String text, String header, Map<Integer, String[]> found) {
		int from = text.indexOf("\n" + header);
		if (from < 0 || text.indexOf("\n" + header, from + 1) >= 0) {
			return;
		}
		int to = text.indexOf("endobj", from);
		if (to < 0 || to - from > MAX_LOOKED_AT) {
			return;
		}
		Matcher date = DATE.matcher(text).region(from, to);
		while (date.find()) {
			found.put(date.start(2), new String[] { "/" + date.group(1), date.group(2) });
		}
	}

	private static void metadata(String text, Map<Integer, String[]> found) {
		int packet = text.indexOf("<?xpacket begin");
		int end = text.indexOf("<?xpacket end", Math.max(0, packet));
		if (packet < 0 || end < 0 || end - packet > MAX_LOOKED_AT || text.indexOf("<?xpacket begin", end) >= 0) {
			return;
		}
		String dictionary = text.substring(Math.max(0, packet - 300), packet);
		if (!dictionary.contains("/Metadata") || !dictionary.contains("/XML")) {
			return;
		}
		Matcher field = XMP.matcher(text).region(packet, end);
		while (field.find()) {
			int group = (field.group(1) != null) ? 1 : 3;
			found.put(field.start(group + 1), new String[] { "xmp " + field.group(group), field.group(group + 1) });
		}
	}

	/**
	 * The text of each object and of what lies behind the last, by its name, with what is
	 * set apart left out.
	 * @throws NotReadException if there are too many
	 */
	Map<String, String> objects() throws NotReadException {
		String plain = this.text;
		for (String value : this.fields.values()) {
			plain = plain.replace(value, "");
		}
		Map<String, String> objects = new LinkedHashMap<>();
		Matcher object = OBJECT.matcher(plain);
		int from = 0;
		String name = "the beginning";
		while (object.find()) {
			put(objects, name, plain.substring(from, object.start()));
			name = "object " + object.group(1) + " " + object.group(2);
			from = object.start();
		}
		int tail = Math.max(from, plain.lastIndexOf("endobj"));
		put(objects, name, plain.substring(from, tail));
		put(objects, "the cross-reference table", plain.substring(tail));
		return objects;
	}

	private static void put(Map<String, String> objects, String name, String text) throws NotReadException {
		Matcher type = TYPE.matcher(text).region(0, Math.min(text.length(), 1000));
		String full = type.find() ? name + " (" + type.group(1) + ")" : name;
		String again = full;
		for (int i = 2; objects.containsKey(again) && i < 100; i++) {
			again = full + " (" + i + ")";
		}
		objects.put(again, text);
		if (objects.size() > MAX_OBJECTS) {
			throw new NotReadException("it has more than " + MAX_OBJECTS + " objects");
		}
	}

}
