package dev.reprise.diff.reader.tensor.onnx;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

import dev.reprise.artifact.Digest;
import dev.reprise.artifact.ListedFile;
import dev.reprise.diff.reader.TensorFiles;
import dev.reprise.diff.reader.bytes.JobFile;
import dev.reprise.diff.reader.bytes.NotReadException;
import dev.reprise.diff.reader.tensor.TensorBytes;
import dev.reprise.diff.reader.tensor.TensorDifference;
import dev.reprise.diff.reader.tensor.TensorFile;
import dev.reprise.diff.reader.tensor.TensorFileComparison;
import dev.reprise.diff.reader.tensor.Tolerance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class OnnxModelTests {

	@TempDir
	Path folder;

	/** Written by onnx 1.x itself: {@code src/test/resources/tensors/README.md}. */
	@Test
	void modelOfTheLibraryIsReadByInitializers() throws Exception {
		byte[] bytes = Files.readAllBytes(Path.of("src/test/resources/tensors/linear.onnx"));
		TensorFile model = TensorBytes.read(this.folder, "linear.onnx", bytes);
		assertThat(model.tensors()).containsOnlyKeys("weight", "bias", "axes", "half", "small");
		assertThat(Objects.requireNonNull(model.tensors().get("weight")).shape()).containsExactly(2L, 3L);
		assertThat(model.metadata().get("graph.nodes")).startsWith("1 nodes, sha256:");
		assertThat(bytes(model, "weight")).isEqualTo(TensorBytes.floats(0, 1, 2, 3, 4, 5));
		assertThat(bytes(model, "bias")).isEqualTo(TensorBytes.floats(0.5f, -1));
		assertThat(bytes(model, "axes")).isEqualTo(TensorBytes.longs(1, -2));
		assertThat(bytes(model, "half")).containsExactly(0, 0x3C, 0, 0x40);
		assertThat(bytes(model, "small")).containsExactly(1, -2);
	}

	private static byte[] bytes(TensorFile model, String name) throws IOException {
		return Objects.requireNonNull(model.tensors().get(name)).source().bytes(100, name);
	}

	@Test
	void sameElementsInEveryEncodingAreEqual() throws Exception {
		byte[] raw = model("n", tensor(1, "w", field(9, TensorBytes.floats(1, 2))),
				tensor(7, "i", field(9, TensorBytes.longs(1, -2))));
		byte[] typed = model("n", tensor(1, "w", field(4, TensorBytes.floats(1, 2))),
				tensor(7, "i", field(7, concat(varint(1), varint(-2)))));
		TensorFileComparison same = compare(raw, typed);
		assertThat(same.tensors()).isEmpty();
		assertThat(same.metadata()).isEmpty();
		byte[] other = model("n", tensor(1, "w", field(4, TensorBytes.floats(1, 3))),
				tensor(7, "i", field(7, concat(varint(1), varint(-2)))));
		assertThat(compare(raw, other).tensors().stream().map(TensorDifference::name)).containsExactly("w");
	}

	@Test
	void whatIsNoTensorDiffersByItsDigest() throws Exception {
		byte[] left = model("a", tensor(1, "w", field(9, TensorBytes.floats(1, 2))));
		byte[] right = model("b", tensor(1, "w", field(9, TensorBytes.floats(1, 2))));
		assertThat(compare(left, right).metadata().stream().map(TensorFileComparison.MetadataDifference::key))
			.containsExactly("graph.nodes");
		byte[] more = concat(left, field(2, "me".getBytes(StandardCharsets.UTF_8)));
		assertThat(compare(left, more).metadata().stream().map(TensorFileComparison.MetadataDifference::key))
			.containsExactly("model beside its graph");
	}

	@Test
	void elementsInAFileBesideTheModelAreRead() throws Exception {
		byte[] beside = TensorBytes.floats(9, 1, 2);
		Path data = Files.write(this.folder.resolve("w.data"), beside);
		byte[] entry = concat(field(13, pair("location", "w.data")), field(13, pair("offset", "4")),
				field(13, pair("length", "8")), number(14, 1));
		byte[] bytes = model("n", tensor(1, "w", entry));
		Path path = Files.write(this.folder.resolve("m.onnx"), bytes);
		try (JobFile file = JobFile.open(path, new ListedFile("m.onnx", "644", bytes.length, Digest.of(bytes)),
				(name) -> JobFile.open(data, new ListedFile(name, "644", beside.length, Digest.of(beside))))) {
			TensorFile model = TensorFiles.read(file, TensorFile.Format.ONNX);
			TensorFileComparison same = TensorFileComparison.compare(model, TensorBytes.read(this.folder, "m.onnx",
					model("n", tensor(1, "w", field(9, TensorBytes.floats(1, 2))))), Tolerance.NONE);
			assertThat(same.tensors()).isEmpty();
		}
		notRead(model("n", tensor(1, "w", concat(field(13, pair("location", "../w")), number(14, 1)))),
				"not in its own folder");
	}

	@Test
	void modelThatLiesIsNotRead() {
		byte[] good = tensor(1, "w", field(9, TensorBytes.floats(1, 2)));
		notRead(model("n", good, good), "one name");
		notRead(model("n", tensor(1, "w", field(9, TensorBytes.floats(1)))), "bytes that its shape says");
		notRead(model("n", tensor(8, "w", field(9, TensorBytes.floats(1)))), "type that is not read");
		notRead(model("n", tensor(7, "w", field(7, varint(1)))), "elements that its shape says");
		notRead(model("n", tensor(1, "w", concat(field(9, new byte[8]), field(4, new byte[8])))), "pieces");
		notRead(new byte[] { 10, 127 }, "no whole");
		notRead(new byte[] { (byte) 0xFF, (byte) 0xFF, (byte) 0xFF }, "no whole");
		notRead(concat(model("n"), model("n")), "two graphs");
		notRead(number(1, 3), "no whole");
	}

	private void notRead(byte[] model, String why) {
		assertThatExceptionOfType(NotReadException.class).as(why)
			.isThrownBy(() -> TensorBytes.read(this.folder, "m.onnx", model))
			.withMessageContaining(why);
	}

	private TensorFileComparison compare(byte[] left, byte[] right) throws IOException {
		return TensorFileComparison.compare(TensorBytes.read(this.folder, "m.onnx", left),
				TensorBytes.read(this.folder, "m.onnx", right), Tolerance.NONE);
	}

	private static byte[] model(String node, byte[]... initializers) {
		byte[] graph = field(1, node.getBytes(StandardCharsets.UTF_8));
		for (byte[] initializer : initializers) {
			graph = concat(graph, field(5, initializer));
		}
		return concat(number(1, 10), field(7, graph));
	}

	private static byte[] tensor(int type, String name, byte[] data) {
		return concat(number(1, 2), number(2, type), field(8, name.getBytes(StandardCharsets.UTF_8)), data);
	}

	private static byte[] pair(String key, String value) {
		return concat(field(1, key.getBytes(StandardCharsets.UTF_8)), field(2, value.getBytes(StandardCharsets.UTF_8)));
	}

	private static byte[] number(int field, long value) {
		return concat(varint((long) field << 3), varint(value));
	}

	private static byte[] field(int field, byte[] bytes) {
		return concat(varint((long) field << 3 | 2), varint(bytes.length), bytes);
	}

	private static byte[] varint(long value) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		long rest = value;
		while ((rest & ~0x7FL) != 0) {
			bytes.write((int) (rest & 0x7F) | 0x80);
			rest >>>= 7;
		}
		bytes.write((int) rest);
		return bytes.toByteArray();
	}

	private static byte[] concat(byte[]... parts) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		for (byte[] part : parts) {
			bytes.writeBytes(part);
		}
		return bytes.toByteArray();
	}

}
