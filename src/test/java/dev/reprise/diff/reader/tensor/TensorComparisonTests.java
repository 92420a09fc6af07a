package dev.reprise.diff.reader.tensor;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import dev.reprise.diff.reader.bytes.NotReadException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static dev.reprise.diff.reader.tensor.TensorBytes.doubles;
import static dev.reprise.diff.reader.tensor.TensorBytes.floats;
import static dev.reprise.diff.reader.tensor.TensorBytes.longs;
import static dev.reprise.diff.reader.tensor.TensorBytes.npy;
import static dev.reprise.diff.reader.tensor.TensorBytes.safetensors;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class TensorComparisonTests {

	@TempDir
	Path folder;

	@Test
	void distancesAreOfFiniteNumbersAndTheRestIsCountedApart() throws Exception {
		byte[] left = floats(1, 0f, Float.NaN, Float.POSITIVE_INFINITY, 4, Float.NaN);
		byte[] right = floats(1, -0f, 2, 3, 4.5f, Float.intBitsToFloat(0x7FC00001));
		TensorDifference.Values values = values("F32", 6, left, right, Tolerance.NONE);
		assertThat(values.different()).isEqualTo(5);
		assertThat(values.of()).isEqualTo(6);
		assertThat(values.firstIndex()).containsExactly(1L);
		assertThat(values.bitsOnly()).isEqualTo(2);
		assertThat(values.nan()).isEqualTo(2);
		assertThat(values.infinite()).isEqualTo(1);
		assertThat(values.maxAbs()).isEqualTo(0.5);
		assertThat(values.maxRel()).isEqualTo(0.5 / 4.5);
		assertThat(values.maxUlp()).isEqualTo(1 << 20);
		assertThat(values.within()).isFalse();
	}

	@Test
	void distanceOfTheExtremesIsFinite() throws Exception {
		TensorDifference.Values values = values("F64", 1, doubles(Double.MAX_VALUE), doubles(-Double.MAX_VALUE),
				new Tolerance(Integer.MAX_VALUE, 0, 0));
		assertThat(values.maxAbs()).isEqualTo(Double.MAX_VALUE);
		assertThat(values.maxUlp()).isEqualTo(Long.MAX_VALUE);
		assertThat(values.outside()).isEqualTo(1);
	}

	@Test
	void distanceOfIntegersIsExactAcrossTheWholeRange() throws Exception {
		TensorDifference.Values values = values("I64", 2, longs(Long.MIN_VALUE, 1L << 53),
				longs(Long.MAX_VALUE, (1L << 53) + 1), new Tolerance(1, 1, 1e30));
		assertThat(values.maxAbs()).isEqualTo(0x1p64);
		assertThat(values.different()).isEqualTo(2);
		assertThat(values.outside()).isEqualTo(2);
		assertThat(values.maxUlp()).isNull();
	}

	@Test
	void unsignedIntegersHaveNoSign() throws Exception {
		TensorDifference.Values values = values("U64", 1, longs(-1), longs(0), Tolerance.NONE);
		assertThat(values.maxAbs()).isEqualTo(0x1p64);
		assertThat(values.maxRel()).isNull();
	}

	@Test
	void lateDifferencesAreFoundInLargeTensors() throws Exception {
		byte[] left = new byte[1_000_004];
		byte[] right = left.clone();
		right[1_000_003] = 0x40;
		right[600_001] = 1;
		TensorDifference.Values values = values("F32", 250_001, left, right, Tolerance.NONE);
		assertThat(values.different()).isEqualTo(2);
		assertThat(values.firstIndex()).containsExactly(150_000L);
		assertThat(values.maxAbs()).isEqualTo(2);
	}

	@Test
	void arrayInFortranOrderEqualsTheSameInC() throws Exception {
		byte[] c = npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", floats(1, 2, 3, 4, 5, 6));
		byte[] fortran = npy("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }", floats(1, 4, 2, 5, 3, 6));
		assertThat(compare("a.npy", c, fortran, Tolerance.NONE).equalTensors()).isTrue();
		byte[] other = npy("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }", floats(1, 4, 2, 9, 3, 6));
		TensorDifference difference = compare("a.npy", c, other, Tolerance.NONE).tensors().getFirst();
		assertThat(((TensorDifference.Values) difference).firstIndex()).containsExactly(1L, 1L);
	}

	@Test
	void valuesOfSmallFloatsAreThoseOfTheirDefinition() {
		assertThat(Dtype.F8_E4M3.value(0x7E)).isEqualTo(448);
		assertThat(Dtype.F8_E4M3.value(0x01)).isEqualTo(Math.scalb(1.0, -9));
		assertThat(Dtype.F8_E4M3.value(0xB8)).isEqualTo(-1);
		assertThat(Dtype.F8_E4M3.value(0xFF)).isNaN();
		assertThat(Dtype.F8_E5M2.value(0x7B)).isEqualTo(57344);
		assertThat(Dtype.F8_E5M2.value(0x7C)).isInfinite();
		assertThat(Dtype.BF16.value(0xC040)).isEqualTo(-3);
		assertThat(Dtype.F16.value(0x3555)).isCloseTo(1 / 3.0, org.assertj.core.data.Offset.offset(1e-4));
	}

	@Test
	void objectsAreNeverRead() {
		assertThatExceptionOfType(NotReadException.class)
			.isThrownBy(() -> TensorBytes.read(this.folder, "a.npy",
					npy("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", new byte[8])))
			.withMessageContaining("pickled");
	}

	@Test
	void headersThatNumpyDoesNotWriteAreRefused() {
		for (String header : List.of("{'descr': '<f4', 'fortran_order': False, 'shape': (2), }",
				"{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), }",
				"{'descr': '<f4', 'fortran_order': 0, 'shape': (2,), }",
				"{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'shape': (2,)}",
				"{'descr': '<f4', 'fortran_order': False}", "{'descr': [('a', '<f4')], 'fortran_order': False}",
				"{'descr': '<f4', 'fortran_order': False, 'shape': (2,), } + x", "", "{",
				"{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }",
				"{'descr': '<f4', 'fortran_order': False, 'shape': (999999999, 999999999, 999999999), }")) {
			assertThatExceptionOfType(NotReadException.class).as(header)
				.isThrownBy(() -> TensorBytes.read(this.folder, "a.npy", npy(header, floats(1, 2))));
		}
	}

	@Test
	void zipThatUnpacksToMuchMoreIsNotRead() {
		byte[] zeros = npy("{'descr': '|u1', 'fortran_order': False, 'shape': (100000000,), }", new byte[100_000_000]);
		assertThatExceptionOfType(NotReadException.class)
			.isThrownBy(() -> TensorBytes.read(this.folder, "a.npz", TensorBytes.npz(zeros)))
			.withMessageContaining("unpacks to more");
	}

	private TensorDifference.Values values(String dtype, int elements, byte[] left, byte[] right, Tolerance tolerance)
			throws IOException {
		return (TensorDifference.Values) compare("m.safetensors", safetensors(dtype, elements, left),
				safetensors(dtype, elements, right), tolerance)
			.tensors()
			.getFirst();
	}

	private TensorFileComparison compare(String name, byte[] left, byte[] right, Tolerance tolerance)
			throws IOException {
		return TensorFileComparison.compare(TensorBytes.read(this.folder, name, left),
				TensorBytes.read(this.folder, name, right), tolerance);
	}

}
