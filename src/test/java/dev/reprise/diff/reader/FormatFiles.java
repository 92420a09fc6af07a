package dev.reprise.diff.reader;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.reprise.diff.reader.bytes.JobFile;
import dev.reprise.diff.reader.part.Part;
import dev.reprise.diff.reader.part.PartsComparison;
import dev.reprise.diff.reader.part.SetApart;
import dev.reprise.diff.reader.tensor.TensorBytes;
import dev.reprise.diff.reader.tensor.Tolerance;

import static java.util.Objects.requireNonNull;

/**
 * Compares bytes as if they were outputs.
 */
public final class FormatFiles {

	private FormatFiles() {
	}

	/**
	 * A file that a real library wrote.
	 */
	public static byte[] fixture(String name) throws IOException {
		return Files.readAllBytes(Path.of("src/test/resources/formats", name));
	}

	public static byte[] text(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	public static ContentDifference difference(Path folder, String name, byte[] left, byte[] right, Tolerance tolerance)
			throws IOException {
		try (JobFile a = TensorBytes.openAt(folder.resolve("left.bin"), name, left);
				JobFile b = TensorBytes.openAt(folder.resolve("right.bin"), name, right)) {
			return ContentDifference.compare(a, b, tolerance, true);
		}
	}

	public static PartsComparison compare(Path folder, String name, byte[] left, byte[] right) throws IOException {
		return requireNonNull(difference(folder, name, left, right, Tolerance.NONE).parts(), "not read by parts");
	}

	/**
	 * Each part that differs, with both values.
	 */
	public static String[] parts(PartsComparison comparison) {
		return comparison.parts().stream().map(FormatFiles::inWords).toArray(String[]::new);
	}

	private static String inWords(Part part) {
		return part.part() + ": " + part.left() + " | " + part.right();
	}

	/**
	 * The names of what was set apart.
	 */
	public static String[] setApart(PartsComparison comparison) {
		return comparison.setApart().stream().map(SetApart::what).toArray(String[]::new);
	}

}
