package dev.reprise.agent;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Writes a row for each step of a trainer. It only reads; what it cannot read ends the
 * trace, which is incomplete then, and never the program.
 */
final class Tracer {

	private final Job.Watch watch;

	private final Torch torch;

	private final Arrays128 arrays;

	private final TraceFiles files;

	private final List<TraceColumn> columns = new ArrayList<>();

	private final Map<TraceColumn, byte[]> row = new LinkedHashMap<>();

	private final List<byte[]> losses = new ArrayList<>();

	private final List<byte[]> batches = new ArrayList<>();

	private final List<byte[]> outputs = new ArrayList<>();

	private final List<Double> numbers = new ArrayList<>();

	private long steps;

	private boolean sum;

	private @Nullable String why;

	Tracer(Job.Watch watch, Torch torch, ClassLoader loader, Path folder) throws ReflectiveOperationException {
		this.watch = watch;
		this.torch = torch;
		this.arrays = new Arrays128(loader);
		this.files = new TraceFiles(folder, watch.every());
		this.sum = watch.sum();
	}

	/**
	 * Looks up what is read of DJL, which takes as long as some steps.
	 * @throws ReflectiveOperationException if DJL is not as expected
	 */
	static void prepare(ClassLoader loader) throws ReflectiveOperationException {
		new Arrays128(loader);
	}

	private boolean idle() {
		return this.why != null || this.steps % this.watch.every() != 0;
	}

	private void fails(Throwable problem) {
		this.why = "step " + this.steps + " could not be read: " + problem;
	}

	/**
	 * The root is about to be given something.
	 */
	synchronized void forward(Object given) {
		if (idle()) {
			return;
		}
		try {
			TraceColumn generator = new TraceColumn("generator", "torch");
			if (!this.row.containsKey(generator)) {
				this.row.put(generator, this.torch.generatorFingerprint());
			}
			byte[] batch = (given instanceof Iterable<?> list) ? this.arrays.fingerprint(list, "batch") : null;
			this.batches.add((batch != null) ? batch : Arrays128.VACUOUS);
		}
		catch (Throwable ex) {
			fails(ex);
		}
	}

	/**
	 * The root gave something.
	 */
	synchronized void output(Object given) {
		if (idle()) {
			return;
		}
		try {
			byte[] output = (given instanceof Iterable<?> list) ? this.arrays.fingerprint(list, "output") : null;
			this.outputs.add((output != null) ? output : Arrays128.VACUOUS);
		}
		catch (Throwable ex) {
			fails(ex);
		}
	}

	/**
	 * A backward pass begins.
	 */
	synchronized void backward(Object loss) {
		if (idle()) {
			return;
		}
		try {
			this.losses.add(this.arrays.fingerprint(loss));
			Double number = this.arrays.number(loss);
			if (number != null) {
				this.numbers.add(number);
			}
		}
		catch (Throwable ex) {
			fails(ex);
		}
	}

	/**
	 * The optimizer is about to take the gradients.
	 */
	synchronized void stepping(Object trainer) {
		if (idle()) {
			return;
		}
		try {
			put("batch", this.batches, "batches");
			put("output", this.outputs, "outputs");
			put("loss", this.losses, "losses");
			if (!this.numbers.isEmpty()) {
				double mean = this.numbers.stream().mapToDouble(Double::doubleValue).sum() / this.numbers.size();
				this.row.put(new TraceColumn("loss-value", ""),
						ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putDouble(mean).putLong(1).array());
			}
			for (Map.Entry<String, Object> parameter : this.arrays.parameters(trainer).entrySet()) {
				byte[] gradient = this.arrays.isTrained(parameter.getValue())
						? this.arrays.gradient(parameter.getValue()) : null;
				if (gradient != null) {
					this.row.put(new TraceColumn("gradient", parameter.getKey()), gradient);
				}
			}
		}
		catch (Throwable ex) {
			fails(ex);
		}
	}

	private void put(String kind, List<byte[]> values, String text) {
		if (!values.isEmpty()) {
			this.row.put(new TraceColumn(kind, ""),
					(values.size() == 1) ? values.getFirst() : Arrays128.joined(text + ":" + values.size(), values));
		}
		values.clear();
	}

	/**
	 * The step is done: its row is written.
	 */
	synchronized void stepped(Object trainer) {
		try {
			if (!idle()) {
				for (Map.Entry<String, Object> parameter : this.arrays.parameters(trainer).entrySet()) {
					String kind = this.arrays.isTrained(parameter.getValue()) ? "parameter" : "buffer";
					this.row.put(new TraceColumn(kind, parameter.getKey()), this.arrays.value(parameter.getValue()));
				}
				this.row.put(new TraceColumn("generator-end", "torch"), this.torch.generatorFingerprint());
				write();
			}
		}
		catch (Throwable ex) {
			fails(ex);
		}
		this.row.clear();
		this.numbers.clear();
		this.losses.clear();
		this.batches.clear();
		this.outputs.clear();
		this.steps++;
	}

	private void write() throws java.io.IOException {
		if (this.files.bytes() >= this.watch.budget()) {
			this.why = "the budget of " + this.watch.budget() + " bytes was spent at step " + this.steps;
			return;
		}
		if (!this.sum && this.files.bytes() >= this.watch.budget() / 2) {
			this.sum = true;
			this.columns.clear();
		}
		Map<TraceColumn, byte[]> values = this.sum ? summed() : this.row;
		if (!this.columns.containsAll(values.keySet())) {
			values.keySet().stream().filter((column) -> !this.columns.contains(column)).forEach(this.columns::add);
			this.columns.sort(Comparator.comparingInt((column) -> TraceColumn.KINDS.indexOf(column.kind())));
			this.files.begin(this.columns);
		}
		this.files.row(this.steps, values);
	}

	/**
	 * One column a kind: over the names, a line each, and their values.
	 */
	private Map<TraceColumn, byte[]> summed() {
		Map<TraceColumn, byte[]> summed = new LinkedHashMap<>();
		Map<String, List<TraceColumn>> together = new LinkedHashMap<>();
		this.row.forEach((column, value) -> {
			if (column.isSummable()) {
				together.computeIfAbsent(column.kind(), (missing) -> new ArrayList<>()).add(column);
			}
			else {
				summed.put(column, value);
			}
		});
		together.forEach((kind, those) -> summed.put(new TraceColumn(kind, "*"),
				Arrays128.joined(String.join("\n", those.stream().map(TraceColumn::name).toList()) + "\0",
						those.stream().map((column) -> this.row.getOrDefault(column, new byte[16])).toList())));
		return summed;
	}

	/**
	 * As {@code observed.json} has it.
	 */
	synchronized Map<String, @Nullable Object> document() {
		String state = (this.why != null) ? "incomplete" : (this.steps == 0) ? "no-steps" : "whole";
		return document(state, this.steps, this.files.segments(), (this.why != null) ? List.of(this.why) : List.of());
	}

	static Map<String, @Nullable Object> document(String state, long steps, int segments, List<String> why) {
		Map<String, @Nullable Object> document = new LinkedHashMap<>();
		document.put("state", state);
		document.put("steps", steps);
		document.put("segments", segments);
		document.put("rank", null);
		document.put("worldSize", null);
		document.put("why", why);
		return document;
	}

}
