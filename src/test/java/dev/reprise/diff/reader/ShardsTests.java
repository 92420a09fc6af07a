package dev.reprise.diff.reader;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

import dev.reprise.artifact.Digest;
import dev.reprise.artifact.ListedFile;
import dev.reprise.diff.reader.bytes.JobFile;
import dev.reprise.diff.reader.bytes.NotReadException;
import dev.reprise.diff.reader.tensor.TensorBytes;
import dev.reprise.diff.reader.tensor.TensorDifference;
import dev.reprise.diff.reader.tensor.TensorFileComparison;
import dev.reprise.diff.reader.tensor.Tolerance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class ShardsTests {

	private static final String INDEX = "out/model.safetensors.index.json";

	@TempDir
	Path folder;

	private final Map<String, byte[]> left = new HashMap<>();

	private final Map<String, byte[]> right = new HashMap<>();

	@Test
	void tensorsAreComparedByNameWhereTheShardsAreCutElsewhere() throws Exception {
		this.left.put("out/1.safetensors", tensors(Map.of("a", 1f, "b", 2f)));
		this.left.put("out/2.safetensors", tensors(Map.of("c", 3f)));
		this.left.put(INDEX, index("a", "1", "b", "1", "c", "2"));
		this.right.put("out/one.safetensors", tensors(Map.of("a", 1f)));
		this.right.put("out/two.safetensors", tensors(Map.of("b", 2f, "c", 4f)));
		this.right.put(INDEX, index("a", "one", "b", "two", "c", "two"));
		ContentDifference difference = compare();
		assertThat(difference.notRead()).isNull();
		TensorFileComparison tensors = Objects.requireNonNull(difference.tensors());
		assertThat(tensors.compared()).isEqualTo(3);
		assertThat(tensors.tensors().stream().map(TensorDifference::name)).containsExactly("c");
		this.right.put("out/two.safetensors", tensors(Map.of("b", 2f, "c", 3f)));
		difference = compare();
		tensors = Objects.requireNonNull(difference.tensors());
		assertThat(tensors.equalTensors()).isTrue();
		assertThat(tensors.metadata()).isEmpty();
		assertThat(difference.sameContent()).isFalse();
	}

	@Test
	void indexThatLiesIsNotRead() throws Exception {
		this.left.put("out/1.safetensors", tensors(Map.of("a", 1f, "b", 2f)));
		this.left.put("up.safetensors", tensors(Map.of("a", 1f)));
		this.left.put("out/x.txt", new byte[] { 1 });
		this.left.put(INDEX, index("a", "1", "b", "1"));
		this.right.putAll(this.left);
		Map.of("not among the outputs", index("a", "0", "b", "1"), "does not name the tensors", index("a", "1"),
				"does not name the tensors that", index("a", "1", "b", "1", "c", "1"), "not in its own folder",
				index("a", "../up"), "names itself", text("{\"weight_map\":{\"a\":\"model.safetensors.index.json\"}}"),
				"holds no tensors", text("{\"weight_map\":{\"a\":\"x.txt\"}}"), "no object",
				text("{\"weight_map\":[]}"), "other than text", text("{\"weight_map\":{\"a\":1}}"), "no JSON",
				text("{"))
			.forEach((why, bytes) -> {
				this.right.put(INDEX, bytes);
				assertThat(notRead()).as(why).contains(why);
			});
	}

	@Test
	void shardWhoseBytesAreNotThoseListedIsNotRead() throws Exception {
		this.left.put("out/1.safetensors", tensors(Map.of("a", 1f)));
		this.left.put(INDEX, index("a", "1"));
		this.right.putAll(this.left);
		byte[] index = text("{\"metadata\":{},\"weight_map\":{\"a\":\"1.safetensors\"}}");
		Path altered = this.folder.resolve("altered");
		Files.write(altered, tensors(Map.of("a", 9f)));
		try (JobFile a = open(this.left, INDEX);
				JobFile b = JobFile.open(write(INDEX, index), listed(INDEX, index),
						(path) -> JobFile.open(altered, listed(path, Objects.requireNonNull(this.right.get(path)))))) {
			assertThat(ContentDifference.compare(a, b, Tolerance.NONE, false).notRead())
				.contains("not those that were listed");
		}
	}

	private String notRead() {
		try {
			return String.valueOf(compare().notRead());
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private ContentDifference compare() throws IOException {
		try (JobFile a = open(this.left, INDEX); JobFile b = open(this.right, INDEX)) {
			return ContentDifference.compare(a, b, Tolerance.NONE, false);
		}
	}

	private JobFile open(Map<String, byte[]> outputs, String path) throws NotReadException {
		byte[] bytes = outputs.get(path);
		if (bytes == null) {
			throw new NotReadException("not among the outputs");
		}
		return JobFile.open(write(path, bytes), listed(path, bytes), (sibling) -> open(outputs, sibling));
	}

	private Path write(String path, byte[] bytes) {
		try {
			return Files.write(Files.createTempFile(this.folder, "output", ""), bytes);
		}
		catch (IOException ex) {
			throw new IllegalStateException(path, ex);
		}
	}

	private static ListedFile listed(String path, byte[] bytes) {
		return new ListedFile(path, "644", bytes.length, Digest.of(bytes));
	}

	private static byte[] index(String... places) {
		StringBuilder json = new StringBuilder("{\"metadata\":{\"total_size\":12},\"weight_map\":{");
		for (int i = 0; i < places.length; i += 2) {
			json.append((i > 0) ? "," : "")
				.append('"')
				.append(places[i])
				.append("\":\"")
				.append(places[i + 1])
				.append(".safetensors\"");
		}
		return text(json.append("}}").toString());
	}

	private static byte[] text(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static byte[] tensors(Map<String, Float> values) {
		StringBuilder header = new StringBuilder("{");
		float[] data = new float[values.size()];
		int at = 0;
		for (Map.Entry<String, Float> value : values.entrySet()) {
			header.append((at > 0) ? "," : "")
				.append("\"" + value.getKey() + "\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[" + at * 4 + ","
						+ (at + 1) * 4 + "]}");
			data[at++] = value.getValue();
		}
		return TensorBytes.safetensors(header.append("}").toString(), TensorBytes.floats(data));
	}

}
