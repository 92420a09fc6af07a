package dev.reprise.diff.reader;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import dev.reprise.diff.reader.bytes.JobFile;
import dev.reprise.diff.reader.tensor.TensorBytes;
import dev.reprise.diff.reader.tensor.Tolerance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

/**
 * Bytes of good files are changed at random, from fixed seeds: a reader says what it read
 * or why it did not, soon, and throws nothing.
 */
class ReaderFuzzTests {

	private static final int ROUNDS = 800;

	@TempDir
	Path folder;

	@ParameterizedTest
	@ValueSource(strings = { "m.safetensors", "a.npy", "a.npz", "log.txt" })
	void mutatedFileIsReadOrNotReadButNeverFails(String name) throws Exception {
		byte[] good = good(name);
		Random random = new Random(name.hashCode());
		assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
			for (int round = 0; round < ROUNDS; round++) {
				byte[] mutated = mutate(good, random);
				try (JobFile left = TensorBytes.openAt(this.folder.resolve("left"), name, good);
						JobFile right = TensorBytes.openAt(this.folder.resolve("right"), name, mutated)) {
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

	private static byte[] mutate(byte[] good, Random random) {
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

}
