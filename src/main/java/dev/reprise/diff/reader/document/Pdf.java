package dev.reprise.diff.reader.document;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.reprise.artifact.Digest;
import dev.reprise.diff.reader.bytes.JobFile;
import dev.reprise.diff.reader.bytes.NotReadException;
import dev.reprise.diff.reader.part.Findings;
import dev.reprise.diff.reader.part.PartReader;
import dev.reprise.diff.reader.part.Spans;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/**
 * Reads PDF: by objects and their bytes, its dates and its identifier apart.
 */
public final class Pdf implements PartReader {

	/** Largest file that is read, in bytes. */
	static final int MAX_BYTES = 8 * 1024 * 1024;

	@Override
	public boolean reads(String name, byte[] head) {
		return head.length >= 5 && new String(head, 0, 5, ISO_8859_1).equals("%PDF-");
	}

	@Override
	public void compare(JobFile left, JobFile right, Findings findings) throws IOException {
		if (Math.max(left.size(), right.size()) > MAX_BYTES) {
			throw new NotReadException("it is a PDF of more than " + MAX_BYTES + " bytes");
		}
		byte[] leftBytes = left.read(0, (int) left.size());
		byte[] rightBytes = right.read(0, (int) right.size());
		PdfText a = PdfText.of(new String(leftBytes, ISO_8859_1));
		PdfText b = PdfText.of(new String(rightBytes, ISO_8859_1));
		a.fields().forEach((name, value) -> {
			String other = b.fields().get(name);
			if (other != null && !other.equals(value)) {
				findings.setApart(name, value, other);
			}
		});
		if (!a.fields().keySet().equals(b.fields().keySet())
				|| !Spans.sameAround(leftBytes, a.setApart(), rightBytes, b.setApart())) {
			objects(a, b, findings);
		}
	}

	private static void objects(PdfText left, PdfText right, Findings findings) throws NotReadException {
		Map<String, String> a = new LinkedHashMap<>(left.objects());
		Map<String, String> b = new LinkedHashMap<>(right.objects());
		a.forEach((name, text) -> {
			String other = b.remove(name);
			if (other == null || !other.equals(text)) {
				findings.differs(name, shown(text), (other != null) ? shown(other) : null);
			}
		});
		b.forEach((name, text) -> findings.differs(name, null, shown(text)));
		if (findings.parts() == 0) {
			findings.otherLayout();
		}
	}

	private static String shown(String text) {
		return text.length() + " bytes, " + Digest.of(text.getBytes(ISO_8859_1)).value().substring(0, 23);
	}

}
