package dev.reprise.diff.reader.archive;

import java.io.IOException;

import dev.reprise.diff.reader.bytes.JobFile;
import dev.reprise.diff.reader.part.Findings;
import dev.reprise.diff.reader.part.Nested;
import dev.reprise.diff.reader.part.PartReader;

/**
 * Reads tar: by member, the times of members apart.
 */
public final class Tar implements PartReader {

	private final Nested nested;

	public Tar(Nested nested) {
		this.nested = nested;
	}

	@Override
	public boolean reads(String name, byte[] head) {
		return TarStream.begins(head);
	}

	@Override
	public void compare(JobFile left, JobFile right, Findings findings) throws IOException {
		new Tars(() -> left.stream(0, left.size()), () -> right.stream(0, right.size()), this.nested, findings)
			.compare();
	}

}
