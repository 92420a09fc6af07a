package dev.reprise.diff.reader;

import java.util.List;

import dev.reprise.diff.reader.bytes.JobFile;
import dev.reprise.diff.reader.bytes.NotReadException;
import dev.reprise.diff.reader.part.Findings;
import dev.reprise.diff.reader.part.PartReader;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/**
 * Formats that are known and not read, so that it is said.
 */
final class Unread implements PartReader {

	private static final List<Known> KNOWN = List.of(new Known("\u00FD7zXZ", "xz"), new Known("BZh", "bzip2"),
			new Known("(\u00B5/\u00FD", "zstd"), new Known("SQLite format 3", "SQLite"));

	/**
	 * A format.
	 *
	 * @param magic how its files begin
	 * @param name what it is called
	 */
	private record Known(String magic, String name) {
	}

	@Override
	public boolean reads(String name, byte[] head) {
		String begin = new String(head, ISO_8859_1);
		return KNOWN.stream().anyMatch((format) -> begin.startsWith(format.magic()));
	}

	@Override
	public void compare(JobFile left, JobFile right, Findings findings) throws NotReadException {
		String begin = new String(left.read(0, (int) Math.min(HEAD, left.size())), ISO_8859_1);
		String name = KNOWN.stream()
			.filter((format) -> begin.startsWith(format.magic()))
			.map(Known::name)
			.findFirst()
			.orElse("of a kind");
		throw new NotReadException("it is " + name + ", which is not read here");
	}

}
