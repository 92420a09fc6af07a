package dev.reprise.diff.reader.values;

import java.io.IOException;
import java.util.Arrays;
import java.util.function.LongFunction;

import dev.reprise.diff.reader.bytes.JobFile;
import dev.reprise.diff.reader.bytes.NotReadException;
import dev.reprise.diff.reader.part.Findings;
import dev.reprise.diff.reader.part.PartReader;

import org.jspecify.annotations.Nullable;

/**
 * Reads JSON lines: by line and path. Lines are paired by their numbers.
 */
public final class JsonLines implements PartReader {

	/**
	 * Largest file that is read, in bytes; it is read a line at a time.
	 */
	static final long MAX_BYTES = 256L << 20;

	private static final int MAX_FIRST = 64 * 1024;

	@Override
	public boolean reads(String name, byte[] head) {
		return name.endsWith(".jsonl") || name.endsWith(".ndjson");
	}

	@Override
	public void compare(JobFile left, JobFile right, Findings findings) throws IOException {
		compare(left, right, findings, (number) -> "line " + number);
	}

	/**
	 * Compares what stands in lines.
	 * @param name what to call a line by its number, from 1
	 * @throws IOException if a file is damaged
	 */
	public static void compare(JobFile left, JobFile right, Findings findings, LongFunction<String> name)
			throws IOException {
		if (Math.max(left.size(), right.size()) > MAX_BYTES) {
			throw new NotReadException("it is JSON lines of more than " + MAX_BYTES + " bytes");
		}
		LineReader a = new LineReader(left);
		LineReader b = new LineReader(right);
		for (long number = 1;; number++) {
			byte[] onLeft = a.next();
			byte[] onRight = b.next();
			if (onLeft == null && onRight == null) {
				break;
			}
			checkLast("left", a, onLeft);
			checkLast("right", b, onRight);
			compare(name.apply(number), onLeft, onRight, findings);
			if (onLeft != null && onRight != null && a.whole() != b.whole()) {
				findings.otherLayout();
			}
		}
	}

	private static void checkLast(String side, LineReader lines, byte @Nullable [] line) throws NotReadException {
		if (line != null && !lines.whole() && !isJson(line)) {
			throw new NotReadException("its last line on the " + side + " is cut short");
		}
	}

	private static void compare(String at, byte @Nullable [] left, byte @Nullable [] right, Findings findings)
			throws NotReadException {
		if (Arrays.equals(left, right)) {
			return;
		}
		if (left == null || right == null) {
			findings.differs(at, (left != null) ? "a line" : null, (right != null) ? "a line" : null);
			return;
		}
		if (isBlank(left) || isBlank(right)) {
			if (isBlank(left) && isBlank(right)) {
				findings.otherLayout();
			}
			else {
				findings.differs(at, isBlank(left) ? "a blank line" : "a line",
						isBlank(right) ? "a blank line" : "a line");
			}
			return;
		}
		long parts = findings.parts();
		new JsonDifference(findings, (key) -> false, at + ": ").compare("", value(at, left), value(at, right));
		if (findings.parts() == parts) {
			findings.otherLayout();
		}
	}

	private static Object value(String at, byte[] line) throws NotReadException {
		try {
			return JsonText.read(line, (key) -> false).value();
		}
		catch (NotReadException ex) {
			throw new NotReadException(at + " is no JSON that is read here");
		}
	}

	private static boolean isBlank(byte[] line) {
		for (byte one : line) {
			if (one != ' ' && one != '\t' && one != '\r') {
				return false;
			}
		}
		return true;
	}

	private static boolean isJson(byte[] line) {
		try {
			JsonText.read(line, (key) -> false);
			return true;
		}
		catch (NotReadException ex) {
			return isBlank(line);
		}
	}

	/**
	 * Whether the first line is an object of its own and another begins behind it.
	 */
	static boolean holdsLines(JobFile file) throws NotReadException {
		byte[] head = file.read(0, (int) Math.min(MAX_FIRST, file.size()));
		for (int i = 0; i + 1 < head.length; i++) {
			if (head[i] == '\n') {
				return head[0] == '{' && head[i + 1] == '{' && isJson(Arrays.copyOf(head, i));
			}
		}
		return false;
	}

}
