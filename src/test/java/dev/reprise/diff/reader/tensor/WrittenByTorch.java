package dev.reprise.diff.reader.tensor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.reprise.diff.reader.bytes.JobFile;

/**
 * Files that real torch, numpy and pickle write, once for all tests: see
 * {@code src/test/resources/tensors/write.py}.
 */
public final class WrittenByTorch {

	private static final Path FOLDER = write();

	private WrittenByTorch() {
	}

	private static Path write() {
		String python = System.getProperty("reprise.test.python");
		if (python == null) {
			throw new IllegalStateException("run the tests through ./reprise test, which prepares a Python environment;"
					+ " or give -Dreprise.test.python=ENVIRONMENT/bin/python");
		}
		try {
			Path folder = Files.createTempDirectory(Path.of("target"), "torch");
			Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(folder)));
			Path said = folder.resolve("said.txt");
			Process process = new ProcessBuilder(python, "-W", "ignore", "src/test/resources/tensors/write.py",
					folder.toString())
				.redirectErrorStream(true)
				.redirectOutput(said.toFile())
				.start();
			if (!process.waitFor(5, TimeUnit.MINUTES) || process.exitValue() != 0) {
				process.destroyForcibly();
				throw new IllegalStateException(Files.readString(said));
			}
			Files.delete(said);
			return folder;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void remove(Path folder) {
		try (Stream<Path> files = Files.list(folder)) {
			for (Path file : files.toList()) {
				Files.delete(file);
			}
			Files.delete(folder);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	public static List<String> names() throws IOException {
		try (Stream<Path> files = Files.list(FOLDER)) {
			return files.map((file) -> file.getFileName().toString()).sorted().toList();
		}
	}

	public static boolean isThere(String name) {
		return Files.exists(FOLDER.resolve(name));
	}

	public static byte[] bytes(String name) throws IOException {
		return Files.readAllBytes(FOLDER.resolve(name));
	}

	public static JobFile open(String name) throws IOException {
		return TensorBytes.openAt(FOLDER.resolve(name), name, bytes(name));
	}

}
