package dev.reprise.diff.reader.values;

import java.io.IOException;
import java.util.function.Predicate;

import dev.reprise.diff.reader.bytes.JobFile;
import dev.reprise.diff.reader.bytes.NotReadException;
import dev.reprise.diff.reader.part.Findings;
import dev.reprise.diff.reader.part.PartReader;
import dev.reprise.diff.reader.part.Spans;

/**
 * Reads JSON: by path, numbers by their values. A file of that name may hold a value a
 * line all the same.
 */
public final class Json implements PartReader {

	/**
	 * Largest file that is read, in bytes.
	 */
	static final int MAX_BYTES = 16 * 1024 * 1024;

	@Override
	public boolean reads(String name, byte[] head) {
		return name.endsWith(".json");
	}

	@Override
	public void compare(JobFile left, JobFile right, Findings findings) throws IOException {
		if (JsonLines.holdsLines(left) && JsonLines.holdsLines(right)) {
			new JsonLines().compare(left, right, findings);
			return;
		}
		Predicate<String> isDuration = Durations.of(left.path());
		byte[] leftBytes = all(left);
		byte[] rightBytes = all(right);
		JsonText a = JsonText.read(leftBytes, isDuration);
		JsonText b = JsonText.read(rightBytes, isDuration);
		new JsonDifference(findings, isDuration, "").compare("", a.value(), b.value());
		if (findings.parts() == 0 && !Spans.sameAround(leftBytes, a.durations(), rightBytes, b.durations())) {
			findings.otherLayout();
		}
	}

	private static byte[] all(JobFile file) throws NotReadException {
		if (file.size() > MAX_BYTES) {
			throw new NotReadException("it is JSON of more than " + MAX_BYTES + " bytes");
		}
		return file.read(0, (int) file.size());
	}

}
