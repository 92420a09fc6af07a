package dev.reprise.diff.reader;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import com.github.difflib.algorithm.myers.MyersDiffWithLinearSpace;
import com.github.difflib.patch.Patch;
import dev.reprise.diff.reader.bytes.JobFile;
import dev.reprise.diff.reader.bytes.NotReadException;
import dev.reprise.diff.reader.bytes.PlainText;

import org.jspecify.annotations.Nullable;

/**
 * In what two texts differ.
 *
 * @param firstLine the first line that differs, from 1
 * @param diff a unified diff of at most {@link #MAX_DIFF} lines, fit to be shown
 * @param leftOut lines of the diff beyond those
 */
public record TextDifference(long firstLine, List<String> diff, int leftOut) {

	/**
	 * Most lines of a diff.
	 */
	public static final int MAX_DIFF = 200;

	/**
	 * Largest text that is read as such, in bytes.
	 */
	public static final int MAX_BYTES = 4 * 1024 * 1024;

	/**
	 * Most lines of a text that is read as such.
	 */
	static final int MAX_LINES = 100_000;

	/**
	 * Most lines, from the first that differs to the last, in which a diff is looked for;
	 * the time for it grows with their square.
	 */
	static final int MAX_WINDOW = 2000;

	private static final int MAX_LINE = 500;

	private static final int CONTEXT = 3;

	public TextDifference {
		diff = List.copyOf(diff);
	}

	/**
	 * The same with at most so many lines of the diff.
	 */
	public TextDifference atMost(int lines) {
		int kept = Math.min(lines, this.diff.size());
		return new TextDifference(this.firstLine, this.diff.subList(0, kept), this.leftOut + this.diff.size() - kept);
	}

	/**
	 * The difference of two files, or null where one of them is no text or too large.
	 * @throws NotReadException if a file cannot be read
	 */
	public static @Nullable TextDifference of(JobFile left, JobFile right) throws NotReadException {
		String a = text(left);
		String b = text(right);
		if (a == null || b == null) {
			return null;
		}
		return of(lines(a), lines(b));
	}

	private static TextDifference of(List<String> a, List<String> b) {
		int shorter = Math.min(a.size(), b.size());
		int before = 0;
		while (before < shorter && a.get(before).equals(b.get(before))) {
			before++;
		}
		int after = 0;
		while (after < shorter - before && a.get(a.size() - 1 - after).equals(b.get(b.size() - 1 - after))) {
			after++;
		}
		int from = Math.max(0, before - CONTEXT);
		List<String> oldLines = window(a, from, after);
		List<String> newLines = window(b, from, after);
		int cut = (a.size() - from - oldLines.size()) + (b.size() - from - newLines.size())
				- 2 * Math.max(0, after - CONTEXT);
		Patch<String> patch = DiffUtils.diff(oldLines, newLines, new MyersDiffWithLinearSpace<>());
		List<String> diff = arranged(UnifiedDiffUtils.generateUnifiedDiff("left", "right", oldLines, patch, CONTEXT),
				from);
		int kept = Math.min(diff.size(), MAX_DIFF);
		return new TextDifference(before + 1L, diff.subList(0, kept), diff.size() - kept + Math.max(0, cut));
	}

	private static List<String> window(List<String> lines, int from, int after) {
		int to = Math.min(lines.size() - Math.max(0, after - CONTEXT), from + MAX_WINDOW);
		return lines.subList(from, Math.max(from, to)).stream().map(TextDifference::shown).toList();
	}

	private static String shown(String line) {
		return PlainText.of(line, MAX_LINE);
	}

	/**
	 * Counts the lines of hunk headers from the start of the file, not of the window, and
	 * puts what was removed before what was added, as readers of diffs expect it.
	 */
	private static List<String> arranged(List<String> diff, int by) {
		List<String> arranged = new ArrayList<>();
		List<String> added = new ArrayList<>();
		for (int i = 0; i < diff.size(); i++) {
			String line = diff.get(i);
			if (i > 1 && line.startsWith("+")) {
				added.add(line);
				continue;
			}
			if (!line.startsWith("-")) {
				arranged.addAll(added);
				added.clear();
			}
			arranged.add(line.startsWith("@@ -") ? header(line, by) : line);
		}
		arranged.addAll(added);
		return arranged;
	}

	private static String header(String line, int by) {
		String[] parts = line.substring(4, line.length() - 3).split(" \\+", 2);
		return "@@ -" + shifted(parts[0], by) + " +" + shifted(parts[1], by) + " @@";
	}

	private static String shifted(String range, int by) {
		String[] parts = range.split(",", 2);
		return (Long.parseLong(parts[0]) + by) + "," + parts[1];
	}

	private static List<String> lines(String text) {
		List<String> lines = new ArrayList<>(List.of(text.split("\n", -1)));
		if (lines.getLast().isEmpty()) {
			lines.removeLast();
		}
		else {
			lines.set(lines.size() - 1, lines.getLast() + " (no newline at the end)");
		}
		return lines;
	}

	private static @Nullable String text(JobFile file) throws NotReadException {
		if (file.size() > MAX_BYTES) {
			return null;
		}
		byte[] bytes = file.read(0, (int) file.size());
		int lines = 0;
		for (byte one : bytes) {
			lines += (one == '\n') ? 1 : 0;
			if (one == 0 || lines > MAX_LINES) {
				return null;
			}
		}
		try {
			return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
		}
		catch (CharacterCodingException ex) {
			return null;
		}
	}

}
