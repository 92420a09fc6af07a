package dev.reprise.diff.reader.archive;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Arrays;

import dev.reprise.diff.reader.bytes.JobFile;
import dev.reprise.diff.reader.part.Findings;
import dev.reprise.diff.reader.part.Nested;
import dev.reprise.diff.reader.part.PartReader;

/**
 * Reads gzip: what was packed, by its own format; the time and the name of its header
 * apart.
 */
public final class Gzip implements PartReader {

	private static final int BUFFER = 1 << 16;

	private final Nested nested;

	public Gzip(Nested nested) {
		this.nested = nested;
	}

	@Override
	public boolean reads(String name, byte[] head) {
		return GzipHeader.begins(head);
	}

	@Override
	public void compare(JobFile left, JobFile right, Findings findings) throws IOException {
		GzipHeader a = GzipHeader.read(left);
		GzipHeader b = GzipHeader.read(right);
		header(a, b, findings);
		long at = firstDifference(left, a, right, b);
		if (at < 0) {
			if (!samePacked(left, a, right, b)) {
				findings.otherLayout();
			}
			return;
		}
		String inner = inner(left.path());
		try (InputStream x = new Gunzipped(left, a.length()); InputStream y = new Gunzipped(right, b.length())) {
			byte[] leftHead = x.readNBytes(Nested.MAX_HELD + 1);
			byte[] rightHead = y.readNBytes(Nested.MAX_HELD + 1);
			if (TarStream.begins(leftHead) && TarStream.begins(rightHead)) {
				new Tars(() -> new Gunzipped(left, a.length()), () -> new Gunzipped(right, b.length()), this.nested,
						findings)
					.compare();
			}
			else if (Math.max(leftHead.length, rightHead.length) <= Nested.MAX_HELD) {
				this.nested.compare(inner, leftHead, rightHead, findings);
			}
			else {
				findings.differs(inner + ": first at byte " + at, null, null);
			}
		}
	}

	private static void header(GzipHeader a, GzipHeader b, Findings findings) {
		if (a.time() != b.time()) {
			findings.setApart("gzip time", Instant.ofEpochSecond(a.time()).toString(),
					Instant.ofEpochSecond(b.time()).toString());
		}
		if (!a.name().equals(b.name())) {
			findings.setApart("gzip name", a.name(), b.name());
		}
		if (!a.rest().equals(b.rest())) {
			findings.otherLayout();
		}
	}

	/**
	 * Reads both to their ends, so that the checksums are checked too.
	 */
	private static long firstDifference(JobFile left, GzipHeader a, JobFile right, GzipHeader b) throws IOException {
		try (InputStream x = new Gunzipped(left, a.length()); InputStream y = new Gunzipped(right, b.length())) {
			long first = -1;
			long at = 0;
			byte[] onLeft = x.readNBytes(BUFFER);
			byte[] onRight = y.readNBytes(BUFFER);
			while (onLeft.length > 0 || onRight.length > 0) {
				int mismatch = Arrays.mismatch(onLeft, onRight);
				first = (first < 0 && mismatch >= 0) ? at + mismatch : first;
				at += onLeft.length;
				onLeft = x.readNBytes(BUFFER);
				onRight = y.readNBytes(BUFFER);
			}
			return first;
		}
	}

	private static boolean samePacked(JobFile left, GzipHeader a, JobFile right, GzipHeader b) throws IOException {
		try (InputStream x = left.stream(a.length(), left.size() - a.length());
				InputStream y = right.stream(b.length(), right.size() - b.length())) {
			byte[] onLeft = x.readNBytes(BUFFER);
			while (onLeft.length > 0) {
				if (!Arrays.equals(onLeft, y.readNBytes(BUFFER))) {
					return false;
				}
				onLeft = x.readNBytes(BUFFER);
			}
			return y.read() < 0;
		}
	}

	private static String inner(String path) {
		String name = path.substring(path.lastIndexOf('/') + 1);
		int dot = name.lastIndexOf('.');
		return (dot > 0) ? name.substring(0, dot) : name;
	}

}
