package dev.reprise.trainer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Where a trainer's data comes from and its model goes.
 */
final class Data {

	private static final Path INPUT = Path.of("../inputs/data");

	private Data() {
	}

	/**
	 * The lines of the job's input {@code data}, else of the set that ships.
	 * @param shipped name of that
	 * @throws IOException if they cannot be read
	 */
	static List<String> lines(String shipped) throws IOException {
		if (Files.exists(INPUT)) {
			if (!Files.isRegularFile(INPUT)) {
				throw new IOException("the input data is no file: give the digest of one file");
			}
			return Files.readAllLines(INPUT);
		}
		try (InputStream in = Data.class.getResourceAsStream(shipped)) {
			if (in == null) {
				throw new IOException("the data set " + shipped + " is missing from this build");
			}
			return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
		}
	}

	/**
	 * The folder for what is put out.
	 */
	static Path outputs() {
		String folder = System.getenv("REPRISE_OUTPUT_DIR");
		return Path.of((folder != null) ? folder : ".");
	}

}
