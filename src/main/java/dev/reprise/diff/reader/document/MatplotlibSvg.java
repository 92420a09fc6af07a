package dev.reprise.diff.reader.document;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.reprise.diff.reader.bytes.JobFile;
import dev.reprise.diff.reader.bytes.NotReadException;
import dev.reprise.diff.reader.part.Findings;
import dev.reprise.diff.reader.part.PartReader;
import dev.reprise.diff.reader.part.Spans;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/**
 * Reads SVG as matplotlib writes it: as text, its date apart, and the names that it draws
 * at random where {@code svg.hashsalt} is not set, if each stands for one on the other
 * side.
 */
public final class MatplotlibSvg implements PartReader {

	/** Largest file that is read, in bytes. */
	static final int MAX_BYTES = 16 * 1024 * 1024;

	private static final Pattern SET_APART = Pattern.compile("<dc:date>([0-9][0-9T:.Z+-]{3,40})</dc:date>"
			+ "|(?:id=\"|url\\(#|href=\"#)([A-Za-z0-9_]{1,32}?)([0-9a-f]{10})(?=[\")])");

	@Override
	public boolean reads(String name, byte[] head) {
		return name.endsWith(".svg")
				&& new String(head, ISO_8859_1).toLowerCase(java.util.Locale.ROOT).contains("matplotlib");
	}

	@Override
	public void compare(JobFile left, JobFile right, Findings findings) throws IOException {
		if (Math.max(left.size(), right.size()) > MAX_BYTES) {
			throw new NotReadException("it is SVG of more than " + MAX_BYTES + " bytes");
		}
		byte[] leftBytes = left.read(0, (int) left.size());
		byte[] rightBytes = right.read(0, (int) right.size());
		Matcher a = SET_APART.matcher(new String(leftBytes, ISO_8859_1));
		Matcher b = SET_APART.matcher(new String(rightBytes, ISO_8859_1));
		Spans ofLeft = new Spans();
		Spans ofRight = new Spans();
		Map<String, String> names = new HashMap<>();
		Map<String, String> back = new HashMap<>();
		while (a.find() && b.find()) {
			int group = (a.group(1) != null) ? 1 : 3;
			if (b.group(group) == null) {
				findings.unexplained();
				return;
			}
			if (group == 3 && (!b.group(3).equals(names.computeIfAbsent(a.group(3), (name) -> b.group(3)))
					|| !a.group(3).equals(back.computeIfAbsent(b.group(3), (name) -> a.group(3))))) {
				findings.unexplained();
				return;
			}
			if (group == 1 && !a.group(1).equals(b.group(1))) {
				findings.setApart("dc:date", a.group(1), b.group(1));
			}
			ofLeft.add(a.start(group), a.end(group));
			ofRight.add(b.start(group), b.end(group));
		}
		if (!Spans.sameAround(leftBytes, ofLeft, rightBytes, ofRight)) {
			findings.unexplained();
			return;
		}
		names.forEach((name, other) -> {
			if (!name.equals(other)) {
				findings.setApart("names drawn at random, svg.hashsalt is not set", name, other);
			}
		});
	}

}
