package dev.reprise.diff.reader;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import dev.reprise.artifact.Digest;
import dev.reprise.artifact.ListedFile;
import dev.reprise.diff.reader.bytes.JobFile;
import dev.reprise.diff.reader.bytes.NotReadException;
import dev.reprise.diff.reader.tensor.TensorBytes;
import dev.reprise.diff.reader.tensor.Tolerance;
import dev.reprise.diff.reader.tensor.WrittenByTorch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

/**
 * Bytes of good files are changed at random, from seeds that are printed: a reader says
 * what it read or why it did not, soon, and throws nothing. {@code -Dreprise.fuzz.rounds}
 * makes it longer.
 */
class ReaderFuzzTests {

	private static final int ROUNDS = Integer.getInteger("reprise.fuzz.rounds", 800);

	private static final String INDEX = "model.safetensors.index.json";

	private static final Pattern WORD = Pattern.compile("\"[^\"]*\"|\\d+");

	private static final List<String> OTHER_WORDS = List.of("7", "null", "[]", "{}", "\"w\"", "\"weight_map\"",
			"\"2.safetensors\"", "\"../2.safetensors\"", "\"" + INDEX + "\"");

	@TempDir
	Path folder;

	@ParameterizedTest
	@ValueSource(strings = { "m.safetensors", "a.npy", "a.npz", "log.txt" })
	void mutatedFileIsReadOrNotReadButNeverFails(String name) throws Exception {
		fuzz(name, good(name), this::mutate);
	}

	/** What a library wrote, small and with something of everything. */
	@ParameterizedTest
	@ValueSource(strings = { "nested.pt", "nested-legacy.pt", "views.pt", "views-deflated.pt", "views-big.pt",
			"numbers.pt", "trained.pt", "protocol-2.pkl", "protocol-4.pkl", "protocol-5.pkl", "plain-0.pkl" })
	void mutatedFileOfALibraryIsReadOrNotReadButNeverFails(String name) throws Exception {
		fuzz(name, WrittenByTorch.bytes(name), this::mutate);
	}

	@Test
	void mutatedOnnxModelIsReadOrNotReadButNeverFails() throws Exception {
		fuzz("linear.onnx", Files.readAllBytes(Path.of("src/test/resources/tensors/linear.onnx")), this::mutate);
	}

	/** Byte for byte the mutation would hardly ever pass a zip's own checks. */
	@Test
	void mutatedPickleWithinACheckpointNeverFails() throws Exception {
		byte[] whole = WrittenByTorch.bytes("nested.pt");
		int from = 64;
		int to = 4096;
		fuzz("nested.pt", whole, (good, random) -> {
			byte[] mutated = good.clone();
			for (int i = random.nextInt(6); i >= 0; i--) {
				mutated[random.nextInt(from, to)] = (byte) random.nextInt(256);
			}
			return mutated;
		});
	}

	/**
	 * A checkpoint in two files: its index is changed, or one that this names.
	 */
	@ParameterizedTest
	@ValueSource(strings = { INDEX, "1.safetensors" })
	void mutatedIndexOrFileThatItNamesIsReadOrNotReadButNeverFails(String name) throws Exception {
		Map<String, byte[]> good = shards();
		fuzz(name, Objects.requireNonNull(good.get(name)), name.equals(INDEX) ? this::mutateIndex : this::mutate,
				(file, bytes) -> {
					Map<String, byte[]> files = new HashMap<>(good);
					files.put(name, bytes);
					return beside(file, files, INDEX);
				});
	}

	/** Byte for byte the mutation would hardly ever leave JSON behind. */
	private byte[] mutateIndex(byte[] good, Random random) {
		if (random.nextBoolean()) {
			return mutate(good, random);
		}
		String text = new String(good, StandardCharsets.UTF_8);
		List<MatchResult> words = WORD.matcher(text).results().toList();
		MatchResult word = words.get(random.nextInt(words.size()));
		String other = OTHER_WORDS.get(random.nextInt(OTHER_WORDS.size()));
		return (text.substring(0, word.start()) + other + text.substring(word.end())).getBytes(StandardCharsets.UTF_8);
	}

	private static Map<String, byte[]> shards() {
		return Map.of("1.safetensors", good("m.safetensors"), "2.safetensors",
				TensorBytes.safetensors("{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
						new byte[4]),
				INDEX,
				("{\"metadata\":{\"total_size\":20},\"weight_map\":{\"w\":\"1.safetensors\",\"v\":\"1.safetensors\","
						+ "\"x\":\"2.safetensors\"}}")
					.getBytes(StandardCharsets.UTF_8));
	}

	private static JobFile beside(Path file, Map<String, byte[]> files, String name) throws NotReadException {
		byte[] bytes = files.get(name);
		if (bytes == null) {
			throw new NotReadException("not among the outputs");
		}
		try {
			Path written = Files.write(file.resolveSibling(file.getFileName() + "-" + name), bytes);
			return JobFile.open(written, new ListedFile(name, "644", bytes.length, Digest.of(bytes)),
					(sibling) -> beside(file, files, sibling));
		}
		catch (NotReadException ex) {
			throw ex;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void fuzz(String name, byte[] good, BiFunction<byte[], Random, byte[]> mutation) throws Exception {
		fuzz(name, good, mutation, (file, bytes) -> TensorBytes.openAt(file, name, bytes));
	}

	private void fuzz(String name, byte[] good, BiFunction<byte[], Random, byte[]> mutation, Opening opening)
			throws Exception {
		long seed = Long.getLong("reprise.fuzz.seed", name.hashCode());
		Random random = new Random(seed);
		System.out.println("fuzz " + name + ": -Dreprise.fuzz.seed=" + seed);
		assertTimeoutPreemptively(Duration.ofSeconds(60L * Math.max(1, ROUNDS / 800)), () -> {
			for (int round = 0; round < ROUNDS; round++) {
				byte[] mutated = mutation.apply(good, random);
				try (JobFile left = opening.open(this.folder.resolve("left"), good);
						JobFile right = opening.open(this.folder.resolve("right"), mutated)) {
					ContentDifference difference = ContentDifference.compare(left, right, new Tolerance(0, 0, 1e-3),
							true);
					assertThat(difference.tensors() != null || difference.text() != null || difference.notRead() != null
							|| difference.firstByte() != null)
						.isTrue();
					if (difference.sameContent()) {
						assertThat(payload(mutated)).isEqualTo(payload(good));
					}
					assertThat(ContentDifference.tensors(right)).isNotNegative();
				}
				catch (Throwable ex) {
					throw new AssertionError(name + " with seed " + seed + " in round " + round, ex);
				}
			}
		});
	}

	@Test
	void goodFilesAreReadWholly() throws IOException {
		for (String name : List.of("m.safetensors", "a.npy", "a.npz")) {
			try (JobFile file = TensorBytes.open(this.folder, name, good(name))) {
				assertThat(ContentDifference.tensors(file)).isPositive();
			}
		}
		try (JobFile left = beside(this.folder.resolve("left"), shards(), INDEX);
				JobFile right = beside(this.folder.resolve("right"), shards(), INDEX)) {
			ContentDifference difference = ContentDifference.compare(left, right, Tolerance.NONE, false);
			assertThat(Objects.requireNonNull(difference.tensors()).compared()).isEqualTo(3);
		}
	}

	private static byte[] good(String name) {
		byte[] array = TensorBytes.npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }",
				TensorBytes.floats(1, 2, 3, 4));
		return switch (name) {
			case "m.safetensors" -> TensorBytes.safetensors(
					"{\"__metadata__\":{\"a\":\"b\"},\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
							+ "\"v\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[8,16]}}",
					new byte[16]);
			case "a.npy" -> array;
			case "log.txt" -> "loss 0.1\nloss 0.2\r\nδ\n".repeat(5).getBytes(java.nio.charset.StandardCharsets.UTF_8);
			default -> TensorBytes.npz(array, array);
		};
	}

	private byte[] mutate(byte[] good, Random random) {
		byte[] mutated = Arrays.copyOf(good, (random.nextInt(5) == 0) ? random.nextInt(good.length + 40) : good.length);
		for (int i = random.nextInt(4); i >= 0 && mutated.length > 0; i--) {
			int at = random.nextInt(mutated.length);
			mutated[at] = switch (random.nextInt(4)) {
				case 0 -> (byte) 0xFF;
				case 1 -> 0;
				case 2 -> (byte) (mutated[at] + 1);
				default -> (byte) random.nextInt(256);
			};
		}
		return mutated;
	}

	/**
	 * The tensors' bytes of the good safetensors file above, which end it.
	 */
	private static byte[] payload(byte[] file) {
		return Arrays.copyOfRange(file, file.length - 16, file.length);
	}

	/**
	 * How bytes are opened as an output.
	 */
	@FunctionalInterface
	private interface Opening {

		JobFile open(Path file, byte[] bytes) throws IOException;

	}

}
