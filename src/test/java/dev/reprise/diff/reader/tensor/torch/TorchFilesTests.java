package dev.reprise.diff.reader.tensor.torch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.reprise.diff.reader.ContentDifference;
import dev.reprise.diff.reader.TensorFiles;
import dev.reprise.diff.reader.bytes.JobFile;
import dev.reprise.diff.reader.bytes.NotReadException;
import dev.reprise.diff.reader.tensor.Dtype;
import dev.reprise.diff.reader.tensor.Tensor;
import dev.reprise.diff.reader.tensor.TensorBytes;
import dev.reprise.diff.reader.tensor.TensorDifference;
import dev.reprise.diff.reader.tensor.TensorFile;
import dev.reprise.diff.reader.tensor.TensorFileComparison;
import dev.reprise.diff.reader.tensor.Tolerance;
import dev.reprise.diff.reader.tensor.WrittenByTorch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Checkpoints and pickles that real torch, numpy and pickle wrote.
 */
class TorchFilesTests {

	@TempDir
	Path folder;

	@ParameterizedTest
	@ValueSource(strings = { "views.pt", "views-legacy.pt", "views-deflated.pt", "views-big.pt" })
	void viewsOfEveryKindHaveTheElementsThatNumpyWrote(String name) throws Exception {
		TensorFile views = read(name);
		TensorFileComparison comparison = TensorFileComparison.compare(views, read("views.npz"), Tolerance.NONE);
		assertThat(comparison.tensors()).isEmpty();
		assertThat(comparison.compared()).isEqualTo(12);
		TensorFileComparison other = TensorFileComparison.compare(read("views.npz"), views, Tolerance.NONE);
		assertThat(other.tensors()).isEmpty();
	}

	@Test
	void trainedStateIsReadByPaths() throws Exception {
		for (String name : List.of("trained.pt", "trained-legacy.pt")) {
			TensorFile file = read(name);
			assertThat(file.format()).isEqualTo(TensorFile.Format.TORCH);
			assertThat(file.tensors()).containsKeys("model.0.weight", "model.1.running_mean",
					"optimizer.state.0.exp_avg", "optimizer.state.0.step", "rng", "numpy.1");
			assertThat(file.metadata()).containsEntry("epoch", "3")
				.containsEntry("optimizer.param_groups.0.lr", "1.0E-4")
				.containsEntry("model", "collections.OrderedDict of 9")
				.containsEntry("model.(attributes)._metadata.'1'.version", "2")
				.containsEntry("args.(state).path.(0)", "'/'")
				.containsEntry("args", "argparse.Namespace");
		}
	}

	@Test
	void savedAgainDiffersInNothingButItsLayout() throws Exception {
		for (String name : List.of("trained-again.pt", "trained-legacy.pt")) {
			ContentDifference difference = compare("trained.pt", name);
			assertThat(difference.notRead()).isNull();
			TensorFileComparison tensors = Objects.requireNonNull(difference.tensors());
			assertThat(tensors.equalTensors()).isTrue();
			assertThat(tensors.metadata()).isEmpty();
			assertThat(difference.sameContent()).isFalse();
		}
	}

	@Test
	void trainedLongerDiffersInWhatTrainingChanges() throws Exception {
		TensorFileComparison comparison = Objects.requireNonNull(compare("trained.pt", "trained-longer.pt").tensors());
		assertThat(comparison.tensors().stream().map(TensorDifference::name))
			.contains("model.0.weight", "model.1.num_batches_tracked", "optimizer.state.0.step")
			.doesNotContain("rng", "numpy.1");
		assertThat(comparison.metadata().stream().map(TensorFileComparison.MetadataDifference::key)).contains("epoch",
				"scheduler.last_epoch");
		assertThat(comparison.within()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "numbers.pt", "numbers-legacy.pt" })
	void everyTypeHasItsValues(String name) throws Exception {
		TensorFile file = read(name);
		assertThat(file.tensors()).hasSize(19);
		for (Tensor tensor : file.tensors().values()) {
			List<Double> values = values(tensor);
			boolean bool = tensor.dtype() == Dtype.BOOL;
			boolean coarse = tensor.dtype().name().startsWith("F8");
			assertThat(values.subList(0, 3)).as(tensor.name()).containsExactly(0.0, 1.0, bool ? 1.0 : 3.0);
			assertThat(values.get(3)).as(tensor.name()).isBetween(bool ? 1.0 : coarse ? 96.0 : 100.0, 104.0);
		}
	}

	@Test
	void valuesOfEveryKindAreMetadata() throws Exception {
		Map<String, String> metadata = read("nested.pt").metadata();
		assertThat(metadata).containsEntry("list", "list of 4")
			.containsEntry("list.1", "2.5")
			.containsEntry("list.3", "dict of 0")
			.containsEntry("tuple.1", "None")
			.containsEntry("set", "set of 3")
			.containsEntry("set.0", "1")
			.containsEntry("frozen.1", "'b'")
			.containsEntry("ordered.z", "1")
			.containsEntry("default", "collections.defaultdict of 1")
			.containsEntry("counter.a", "2")
			.containsEntry("deque", "collections.deque of at most 5 of 2")
			.containsEntry("bytes", "bytes 00ff")
			.containsEntry("large", "0x1" + "0".repeat(50))
			.containsEntry("negative", "0x-400000000000000000")
			.containsEntry("7", "'seven'")
			.containsEntry("'7'", "'text'")
			.containsEntry("('a', 1)", "'tuple key'")
			.containsEntry("float", "nan:7ff8000000000000")
			.containsEntry("complex.(1)", "2.0")
			.containsEntry("text", "'δδδ'")
			.containsEntry("dtype", "torch.float16")
			.containsEntry("device.(0)", "'cpu'")
			.containsEntry("shape.(0).1", "3")
			.containsEntry("parameter.(about)", "parameter requires_grad")
			.containsEntry("grad.(about)", "requires_grad");
		assertThat(metadata.get("long")).startsWith("5000 characters, sha256:");
	}

	@ParameterizedTest
	@ValueSource(strings = { "nested-legacy.pt", "other-order.pt", "protocol-3.pt", "protocol-5.pt" })
	void sameValuesWrittenOtherwiseAreEqual(String name) throws Exception {
		TensorFileComparison comparison = Objects.requireNonNull(compare("nested.pt", name).tensors());
		assertThat(comparison.tensors()).isEmpty();
		assertThat(comparison.metadata()).isEmpty();
		assertThat(comparison.compared()).isEqualTo(5);
	}

	@ParameterizedTest
	@ValueSource(ints = { 2, 3, 4, 5 })
	void pickleOfTensorsAndArraysHoldsWhatTheCheckpointHolds(int protocol) throws Exception {
		TensorFileComparison comparison = TensorFileComparison.compare(read("protocol-" + protocol + ".pkl"),
				read("nested.pt"), Tolerance.NONE);
		assertThat(comparison.tensors()).isEmpty();
		assertThat(comparison.metadata()).isEmpty();
		assertThat(comparison.compared()).isEqualTo(5);
	}

	@Test
	void everyProtocolSaysTheSame() throws Exception {
		Map<String, String> first = read("plain-0.pkl").metadata();
		assertThat(first).containsEntry("a.5.1", "2").containsEntry("n", "0x1" + "0".repeat(20));
		for (int protocol = 1; protocol <= 5; protocol++) {
			assertThat(read("plain-" + protocol + ".pkl").metadata()).isEqualTo(first);
		}
	}

	@Test
	void oneTensorAloneHasTheNameOfTheWhole() throws Exception {
		assertThat(read("tensor.pt").tensors()).containsOnlyKeys("(whole)");
	}

	@Test
	void tensorsThatShareAStorageAreBothRead() throws Exception {
		assertThat(Objects.requireNonNull(read("shared.pt").tensors().get("b")).elements()).isEqualTo(3);
	}

	@Test
	void whatWouldCallSomethingIsNotReadAndNothingRuns() throws Exception {
		int read = 0;
		for (String name : WrittenByTorch.names()) {
			if (name.startsWith("calls-")) {
				read++;
				assertThatExceptionOfType(NotReadException.class).as(name)
					.isThrownBy(() -> read(name))
					.withMessageContaining("nothing of it was run");
			}
		}
		assertThat(read).isEqualTo(28);
		assertThatExceptionOfType(NotReadException.class).isThrownBy(() -> read("calls-system-4.pt"))
			.withMessageContaining("posix.system");
		assertThatExceptionOfType(NotReadException.class).isThrownBy(() -> read("calls-module-2.pkl"))
			.withMessageContaining("torch.nn.modules.linear.Linear");
		assertThat(WrittenByTorch.isThere("it-ran")).isFalse();
	}

	@Test
	void whatIsKnownToBeBeyondThisReaderIsNamed() {
		assertNotRead("quantized.pt", "torch._utils._rebuild_qtensor");
		assertNotRead("sparse.pt", "torch._utils._rebuild_sparse_tensor");
		assertNotRead("conjugate.pt", "conjugate");
		assertNotRead("program.pt", "TorchScript");
		assertNotRead("objects.pkl", "Python objects");
	}

	@Test
	void truncatedCheckpointIsNotReadAndSaysWhy() throws Exception {
		for (String name : List.of("trained.pt", "trained-legacy.pt")) {
			byte[] whole = WrittenByTorch.bytes(name);
			for (int length = 64; length < whole.length; length += 101) {
				byte[] cut = Arrays.copyOf(whole, length);
				assertThatExceptionOfType(NotReadException.class).as(name + " cut to " + length)
					.isThrownBy(() -> TensorBytes.read(this.folder, name, cut));
			}
		}
	}

	private static void assertNotRead(String name, String why) {
		assertThatExceptionOfType(NotReadException.class).as(name)
			.isThrownBy(() -> read(name))
			.withMessageContaining(why);
	}

	private static TensorFile read(String name) throws IOException {
		JobFile file = WrittenByTorch.open(name);
		TensorFile.Format format = TensorFiles.format(file);
		return TensorFiles.read(file, Objects.requireNonNull(format, name));
	}

	private static ContentDifference compare(String left, String right) throws IOException {
		try (JobFile a = WrittenByTorch.open(left); JobFile b = WrittenByTorch.open(right)) {
			return ContentDifference.compare(a, b, Tolerance.NONE, false);
		}
	}

	private static List<Double> values(Tensor tensor) throws IOException {
		List<Double> values = new ArrayList<>();
		try (InputStream in = tensor.source().open()) {
			for (long i = 0; i < tensor.elements(); i++) {
				long bits = 0;
				for (int b = 0; b < tensor.dtype().width(); b++) {
					bits |= (long) in.read() << (b * 8);
				}
				in.skipNBytes((long) tensor.dtype().width() * (tensor.dtype().parts() - 1));
				values.add(tensor.dtype().value(bits));
			}
		}
		return values;
	}

}
