package dev.reprise.diff.reader.tensor.onnx;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.reprise.artifact.Digest;
import dev.reprise.diff.reader.bytes.JobFile;
import dev.reprise.diff.reader.bytes.NotReadException;
import dev.reprise.diff.reader.bytes.Stretch;
import dev.reprise.diff.reader.tensor.Tensor;
import dev.reprise.diff.reader.tensor.TensorFile;

/**
 * An ONNX model. Its initializers are tensors; its nodes are one digest, whatever else
 * the graph says another, whatever the model says beside the graph a third: so no byte of
 * two models with equal tensors and metadata is unaccounted for.
 *
 * @see <a href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">onnx.proto</a>
 */
public final class OnnxModel {

	private static final int GRAPH = 7;

	private static final int NODE = 1;

	private static final int INITIALIZER = 5;

	private static final int MAX_TENSORS = 100_000;

	private static final int MAX_FIELDS = 2_000_000;

	private final SortedMap<String, Tensor> tensors = new TreeMap<>();

	private final MessageDigest model = Digest.sha256();

	private final MessageDigest nodes = Digest.sha256();

	private final MessageDigest graph = Digest.sha256();

	private final byte[] buffer = new byte[1 << 16];

	private int nodeCount;

	private int fields;

	private OnnxModel() {
	}

	/**
	 * Reads what a model holds, though not yet its tensors' bytes.
	 * @throws NotReadException if it is none, or beyond a bound
	 */
	public static TensorFile read(JobFile file) throws IOException {
		OnnxModel model = new OnnxModel();
		boolean graphs = false;
		Message message = new Message(Stretch.of(file, 0, file.size()));
		for (Message.Field field = message.next(); field != null; field = message.next()) {
			model.count();
			if (field.number() != GRAPH) {
				model.take(model.model, field);
			}
			else if (graphs) {
				throw new NotReadException("it has two graphs");
			}
			else {
				graphs = true;
				model.graph(file, field.message());
			}
		}
		if (!graphs) {
			throw Message.damaged();
		}
		Map<String, String> metadata = new HashMap<>();
		metadata.put("model beside its graph", Digest.of(model.model).value());
		metadata.put("graph.nodes", model.nodeCount + " nodes, " + Digest.of(model.nodes).value());
		metadata.put("graph beside nodes and initializers", Digest.of(model.graph).value());
		return new TensorFile(TensorFile.Format.ONNX, model.tensors, metadata);
	}

	private void graph(JobFile file, Message message) throws IOException {
		for (Message.Field field = message.next(); field != null; field = message.next()) {
			count();
			if (field.number() == INITIALIZER) {
				Tensor tensor = new Initializer(file, field.message()).tensor();
				if (this.tensors.put(tensor.name(), tensor) != null || this.tensors.size() > MAX_TENSORS) {
					throw new NotReadException(
							"two of its initializers have one name, or there are more than " + MAX_TENSORS);
				}
			}
			else if (field.number() == NODE) {
				this.nodeCount++;
				take(this.nodes, field);
			}
			else {
				take(this.graph, field);
			}
		}
	}

	private void count() throws NotReadException {
		if (++this.fields > MAX_FIELDS) {
			throw new NotReadException("it has more than " + MAX_FIELDS + " fields");
		}
	}

	private void take(MessageDigest digest, Message.Field field) throws IOException {
		digest.update((field.number() + " " + field.type() + " " + field.bytes().size() + "\n")
			.getBytes(StandardCharsets.US_ASCII));
		try (InputStream in = field.bytes().open()) {
			for (int read = in.read(this.buffer); read >= 0; read = in.read(this.buffer)) {
				digest.update(this.buffer, 0, read);
			}
		}
	}

}
