package dev.reprise.record;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import tools.jackson.databind.JsonNode;

/**
 * Reads one file of JSON lines within the bounds.
 */
final class JsonLines {

	private final String name;

	private final Consumer<JsonNode> each;

	private final List<String> problems = new ArrayList<>();

	private final ByteArrayOutputStream line = new ByteArrayOutputStream();

	private boolean tooLong;

	private int lines;

	private int unreadable;

	private int firstUnreadable;

	JsonLines(String name, Consumer<JsonNode> each) {
		this.name = name;
		this.each = each;
	}

	List<String> read(InputStream in) throws IOException {
		byte[] buffer = new byte[64 * 1024];
		long total = 0;
		int length;
		while ((length = in.read(buffer)) > 0) {
			for (int i = 0; i < length; i++) {
				if (total++ == BoundedJson.MAX_LINES_BYTES) {
					return left("is larger than " + BoundedJson.MAX_LINES_BYTES + " bytes; the rest was not read");
				}
				if (buffer[i] == '\n') {
					if (this.lines == BoundedJson.MAX_LINES) {
						return left("has more than " + BoundedJson.MAX_LINES + " lines; the rest was not read");
					}
					if (!take()) {
						unreadable();
					}
				}
				else if (this.line.size() < BoundedJson.MAX_LINE_BYTES) {
					this.line.write(buffer[i]);
				}
				else {
					this.tooLong = true;
				}
			}
		}
		if (this.line.size() > 0) {
			if (this.lines == BoundedJson.MAX_LINES) {
				return left("has more than " + BoundedJson.MAX_LINES + " lines; the rest was not read");
			}
			if (!take()) {
				return left("ends in a line that was cut short");
			}
		}
		return problems();
	}

	/**
	 * Takes the line that has been gathered; false if it could not be read.
	 */
	private boolean take() {
		this.lines++;
		byte[] bytes = this.line.toByteArray();
		boolean readable = !this.tooLong;
		this.line.reset();
		this.tooLong = false;
		if (!readable) {
			return false;
		}
		if (bytes.length == 0) {
			return true;
		}
		try {
			BoundedTree tree = BoundedJson.parseCut(bytes, this.name);
			this.each.accept(tree.root());
			return true;
		}
		catch (UnreadableRecordException ex) {
			return false;
		}
	}

	private void unreadable() {
		if (this.unreadable++ == 0) {
			this.firstUnreadable = this.lines;
		}
	}

	private List<String> left(String what) {
		problems();
		this.problems.add(this.name + " " + what);
		return this.problems;
	}

	private List<String> problems() {
		if (this.unreadable > 0) {
			this.problems.add(this.name + " has " + this.unreadable + " lines that cannot be read, the first is line "
					+ this.firstUnreadable);
		}
		return this.problems;
	}

}
