package dev.reprise.diff.reader.apart;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;

import dev.reprise.diff.reader.ContentDifference;
import dev.reprise.diff.reader.FormatFiles;
import dev.reprise.diff.reader.bytes.JobFile;
import dev.reprise.diff.reader.bytes.NotReadException;
import dev.reprise.diff.reader.part.PartsComparison;
import dev.reprise.diff.reader.tensor.TensorDifference;
import dev.reprise.diff.reader.tensor.TensorFileComparison;
import dev.reprise.diff.reader.tensor.Tolerance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.reprise.diff.reader.FormatFiles.fixture;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * HDF5 and Parquet, read in real processes. {@code -Dreprise.fuzz.processes} says how
 * many damaged files of each kind are tried, {@code -Dreprise.fuzz.seed} makes them
 * others.
 */
class TurningTests {

	private static final int ROUNDS = Integer.getInteger("reprise.fuzz.processes", 6);

	private static final int SEED = Integer.getInteger("reprise.fuzz.seed", 0);

	@TempDir
	Path folder;

	@Test
	void everyKindOfColumnIsReadByRow() throws IOException {
		try (JobFile file = JobFile.inMemory("t.parquet", fixture("table-a.parquet"))) {
			JobFile turned = new Turning().parquet(file);
			String text = new String(turned.read(0, (int) turned.size()), StandardCharsets.UTF_8);
			assertThat(text.lines().skip(1)).containsExactly(
					"""
							{"step":1,"loss":0.5,"small":0.1,"name":"a","raw":{"bytes":"00ff"},"tags":["x"],"at":1767225600000000,\
							"both":{"k":1,"v":[1.5]},"map":[["a",1]],"flag":true}""",
					"""
							{"step":2,"loss":0.25,"small":NaN,"name":"b","raw":"","tags":[],"at":1767225600000000,\
							"both":null,"map":[],"flag":false}""", """
							{"step":3,"loss":null,"small":1.0,"name":null,"raw":null,"tags":null,"at":1767225600000000,\
							"both":{"k":2,"v":[]},"map":null,"flag":null}""");
			assertThat(text.lines().findFirst().orElseThrow()).contains("optional int64 at (TIMESTAMP(MICROS, local));",
					"\"metadata\":{\"ARROW:schema\":");
		}
	}

	@Test
	void everyDatasetOfNumbersIsATensorAndAllElseStandsBesideThem() throws IOException {
		ContentDifference difference = difference("m.h5", fixture("model-a.h5"), fixture("model-c.h5"));
		TensorFileComparison tensors = requireNonNull(difference.tensors(), String.valueOf(difference.notRead()));
		assertThat(tensors.compared()).isEqualTo(9);
		assertThat(tensors.tensors()).singleElement()
			.isInstanceOfSatisfying(TensorDifference.Values.class, (values) -> {
				assertThat(values.name()).isEqualTo("/model/dense/packed");
				assertThat(values.dtype()).isEqualTo("I64");
				assertThat(values.different()).isEqualTo(199);
			});
		assertThat(tensors.metadata()).singleElement()
			.satisfies((entry) -> assertThat(entry.key()).isEqualTo("/@backend"));
		try (JobFile file = JobFile.inMemory("m.h5", fixture("model-a.h5"))) {
			JobFile turned = new Turning().hdf5(file);
			String text = new String(turned.read(0, (int) turned.size()), StandardCharsets.ISO_8859_1);
			// A link is told and not followed.
			assertThat(text).contains("a link to /etc/hostname",
					"\"/model/dense/mask\":{\"dtype\":\"BOOL\",\"shape\":[2]",
					"\"/model/dense/large\":{\"dtype\":\"U64\"", "\"/model/dense/half\":{\"dtype\":\"F16\"",
					"\"/model/dense/empty\":{\"dtype\":\"F32\",\"shape\":[0,3]",
					"\"/model/dense/scalar\":{\"dtype\":\"F32\",\"shape\":[]");
		}
	}

	@Test
	void equalCellsInOtherBytesAreADifferenceThatNoToleranceCovers() throws IOException {
		ContentDifference difference = FormatFiles.difference(this.folder, "t.parquet", fixture("table-a.parquet"),
				fixture("table-lz4.parquet"), new Tolerance(0, 1, 1));
		PartsComparison parts = requireNonNull(difference.parts());
		assertThat(parts.parts()).isEmpty();
		assertThat(parts.unexplained()).isTrue();
		assertThat(difference.within()).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "bomb.parquet, its rows take more than 16777216 bytes as text",
			"bomb.h5, its datasets are larger than 16777216 bytes together",
			"cycle.h5, its groups are nested more than 64 deep" })
	void bombsAndCyclesAreNotRead(String name, String why) throws IOException {
		byte[] good = fixture(name);
		byte[] other = good.clone();
		other[other.length - 1]++;
		ContentDifference difference = difference(name, good, name.endsWith(".h5") ? other : good.clone());
		assertThat(difference.notRead()).isEqualTo(why);
		assertThat(difference.tensors()).isNull();
	}

	@Test
	void processThatTakesTooLongOrTooMuchMemoryIsEnded() throws IOException {
		try (JobFile file = JobFile.inMemory("t.parquet", fixture("table-a.parquet"))) {
			Duration most = Turning.MAX_TIME_OF_ALL;
			Turning soon = new Turning(Duration.ofMillis(1), most, Turning.HEAP);
			assertThatExceptionOfType(NotReadException.class).isThrownBy(() -> soon.parquet(file))
				.withMessage("it takes longer than 0 seconds to read");
			Turning small = new Turning(Turning.MAX_TIME, most, 3);
			assertThatExceptionOfType(NotReadException.class).isThrownBy(() -> small.parquet(file))
				.withMessage("it takes more than 3 MiB of memory to read");
			Turning once = new Turning(Turning.MAX_TIME, Duration.ofMillis(1), Turning.HEAP);
			assertThat(once.parquet(file).size()).isPositive();
			assertThatExceptionOfType(NotReadException.class).isThrownBy(() -> once.parquet(file))
				.withMessageContaining("took too long to read before it was reached");
		}
		assertThat(ProcessHandle.current().descendants())
			.noneMatch((process) -> process.info().commandLine().orElse("").contains(TurningProcess.class.getName()));
	}

	@ParameterizedTest
	@ValueSource(strings = { "table-a.parquet", "table-zstd-a.parquet", "model-a.h5" })
	void damagedFileIsReadOrNotReadAndNothingIsLeft(String name) throws IOException {
		byte[] good = fixture(name);
		Random random = new Random(name.hashCode() + SEED);
		for (int round = 0; round < ROUNDS; round++) {
			byte[] damaged = good.clone();
			for (int i = random.nextInt(6); i >= 0; i--) {
				damaged[random
					.nextInt(damaged.length)] = (byte) ((random.nextInt(3) == 0) ? 0xFF : random.nextInt(256));
			}
			ContentDifference difference = difference(name, good, damaged);
			assertThat(difference.notRead() != null || difference.firstByte() != null).isTrue();
			assertThat(difference.equalBut()).isNull();
			assertThat(difference.sameContent()).isFalse();
		}
		try (var left = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
			String own = "reprise-turning-" + ProcessHandle.current().pid() + "-";
			assertThat(left.filter((path) -> path.getFileName().toString().startsWith(own))).isEmpty();
		}
	}

	private ContentDifference difference(String name, byte[] left, byte[] right) throws IOException {
		return FormatFiles.difference(this.folder, name, left, right, Tolerance.NONE);
	}

}
