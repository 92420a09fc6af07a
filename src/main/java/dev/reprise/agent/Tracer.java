package dev.reprise.agent;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Writes a row for each step of a trainer. It only reads; what it cannot read ends the
 * trace, which is incomplete then, and never the program.
 */
final class Tracer {

	private final Job.Watch watch;

	private final Torch torch;

	private final Arrays128 arrays;

	private final Roots roots;

	private final OptimizerState optimizers;

	private final TraceRows rows;

	private final Set<String> why = new LinkedHashSet<>();

	private final List<Double> numbers = new ArrayList<>();

	private final List<byte[]> losses = new ArrayList<>();

	/**
	 * What models were given and what blocks gave, in that order.
	 */
	private final Map<TraceColumn, List<byte[]>> called = new LinkedHashMap<>();

	private final Map<TraceColumn, byte[]> accumulated = new LinkedHashMap<>();

	private final Map<TraceColumn, byte[]> gradients = new LinkedHashMap<>();

	/**
	 * Models that were called or trained since the row before.
	 */
	private final Set<Roots.Root> used = new LinkedHashSet<>();

	private byte @Nullable [] generator;

	/**
	 * The thread that calls a model, and the model.
	 */
	private volatile @Nullable Thread forwarding;

	private Roots.@Nullable Root root;

	private long step;

	private boolean ended;

	Tracer(Job.Watch watch, Torch torch, ClassLoader loader, Path folder) throws ReflectiveOperationException {
		this.watch = watch;
		this.torch = torch;
		this.arrays = new Arrays128(loader);
		this.roots = new Roots(this.arrays);
		this.optimizers = new OptimizerState(this.arrays, this.roots, loader);
		this.rows = new TraceRows(folder, watch);
	}

	/**
	 * Looks up what is read of DJL, which takes as long as some steps.
	 * @throws ReflectiveOperationException if DJL is not as expected
	 */
	static void prepare(ClassLoader loader) throws ReflectiveOperationException {
		new Arrays128(loader);
	}

	/**
	 * The step that is under way.
	 */
	synchronized long step() {
		return this.step;
	}

	private synchronized void look(Look look) {
		if (this.ended || this.step % this.watch.every() != 0) {
			return;
		}
		try {
			look.now();
		}
		catch (Throwable ex) {
			end("step " + this.step + " could not be read: " + ex);
		}
	}

	private void end(String reason) {
		this.why.add(reason);
		this.ended = true;
	}

	/**
	 * The model of a trainer, which has its name also where its step has no row. Null
	 * where that cannot be told.
	 */
	private synchronized Roots.@Nullable Root model(Object trainer) {
		try {
			return this.ended ? null : this.roots.of(trainer);
		}
		catch (Throwable ex) {
			end("a trainer's model could not be read: " + ex);
			return null;
		}
	}

	/**
	 * A model is about to be given something.
	 */
	void forward(Object trainer, Object given) {
		Roots.Root model = model(trainer);
		if (model == null) {
			return;
		}
		look(() -> {
			readGenerator();
			this.root = model;
			this.used.add(model);
			this.forwarding = Thread.currentThread();
			call("batch", model.name(), given);
		});
	}

	/**
	 * A block gave something. Those that are called outside of a model, or not to train,
	 * are in no column.
	 */
	void gave(Object block, Object given, boolean training) {
		if (training && Thread.currentThread() == this.forwarding) {
			look(() -> {
				Roots.Root model = this.root;
				String name = (model != null) ? model.name(block) : "";
				// What the model itself gives its trainer says.
				if (model != null && !name.equals(model.name())) {
					call("output", name, given);
				}
			});
		}
	}

	/**
	 * A model gave something.
	 */
	void output(Object given) {
		look(() -> {
			Roots.Root model = this.root;
			if (model != null) {
				call("output", model.name(), given);
			}
			this.forwarding = null;
		});
	}

	private void call(String kind, String name, Object given) throws ReflectiveOperationException {
		this.called.computeIfAbsent(new TraceColumn(kind, name), (missing) -> new ArrayList<>())
			.add(this.arrays.of(given));
	}

	private void readGenerator() throws Throwable {
		if (this.generator == null) {
			this.generator = this.torch.generatorFingerprint();
		}
	}

	/**
	 * A backward pass begins.
	 */
	void backward(Object loss) {
		look(() -> {
			readGenerator();
			this.losses.add(this.arrays.fingerprint(loss));
			Double number = this.arrays.number(loss);
			if (number != null) {
				this.numbers.add(number);
			}
		});
	}

	/**
	 * A backward pass is done, and nothing else has touched what it made.
	 */
	void backwardDone() {
		look(() -> readGradients("accumulated", parameters(), this.accumulated));
	}

	/**
	 * The optimizer is about to take the gradients.
	 */
	void stepping(Object trainer) {
		Roots.Root model = model(trainer);
		if (model != null) {
			look(() -> {
				readGenerator();
				this.used.add(model);
				readGradients("gradient", model.parameters(), this.gradients);
			});
		}
	}

	/**
	 * Those of all models that this row is about.
	 */
	private Map<String, Object> parameters() throws ReflectiveOperationException {
		Map<String, Object> all = new LinkedHashMap<>();
		for (Roots.Root model : this.used) {
			all.putAll(model.parameters());
		}
		return all;
	}

	private void readGradients(String kind, Map<String, Object> parameters, Map<TraceColumn, byte[]> into)
			throws ReflectiveOperationException {
		into.clear();
		for (Map.Entry<String, Object> parameter : parameters.entrySet()) {
			byte[] gradient = this.arrays.isTrained(parameter.getValue()) ? this.arrays.gradient(parameter.getValue())
					: null;
			if (gradient != null) {
				into.put(new TraceColumn(kind, parameter.getKey()), gradient);
			}
		}
	}

	/**
	 * The step is done: its row is written.
	 */
	synchronized void stepped(Object trainer) {
		look(() -> {
			String end = this.rows.write(this.step, row(trainer));
			if (end != null) {
				end(end);
			}
		});
		this.called.clear();
		this.losses.clear();
		this.numbers.clear();
		this.accumulated.clear();
		this.gradients.clear();
		this.used.clear();
		this.generator = null;
		this.forwarding = null;
		this.step++;
	}

	private Map<TraceColumn, byte[]> row(Object trainer) throws Throwable {
		Map<TraceColumn, byte[]> row = new LinkedHashMap<>();
		byte[] before = this.generator;
		if (before != null) {
			row.put(new TraceColumn("generator", "torch"), before);
		}
		this.called.forEach((column, values) -> row.put(column, several("calls", values)));
		if (!this.losses.isEmpty()) {
			row.put(new TraceColumn("loss", ""), several("losses", this.losses));
		}
		if (!this.numbers.isEmpty()) {
			double mean = this.numbers.stream().mapToDouble(Double::doubleValue).sum() / this.numbers.size();
			row.put(new TraceColumn("loss-value", ""),
					ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putDouble(mean).putLong(1).array());
		}
		row.putAll(this.accumulated);
		row.putAll(this.gradients);
		Map<String, Object> parameters = parameters();
		for (Map.Entry<String, Object> parameter : parameters.entrySet()) {
			String kind = this.arrays.isTrained(parameter.getValue()) ? "parameter" : "buffer";
			row.put(new TraceColumn(kind, parameter.getKey()), this.arrays.value(parameter.getValue()));
		}
		this.optimizers
			.read(trainer, parameters, (what) -> this.why.add("the optimizer's state could not be read: " + what))
			.forEach((name, value) -> row.put(new TraceColumn("optimizer", name), value));
		row.put(new TraceColumn("generator-end", "torch"), this.torch.generatorFingerprint());
		return row;
	}

	private static byte[] several(String text, List<byte[]> values) {
		return (values.size() == 1) ? values.getFirst() : Arrays128.joined(text + ":" + values.size(), values);
	}

	/**
	 * A trainer is about to be closed. One that the program forgot is closed whenever the
	 * collector of garbage comes to it, and its names are not given away.
	 */
	synchronized void closing(Object trainer) {
		ThreadGroup group = Thread.currentThread().getThreadGroup();
		if (group != null && group.getName().equals("system")) {
			return;
		}
		try {
			this.roots.closed(trainer);
		}
		catch (Throwable ex) {
			end("what a trainer trained could not be read when it was closed: " + ex);
		}
	}

	/**
	 * As {@code observed.json} has it.
	 */
	synchronized Map<String, @Nullable Object> document() {
		String state = !this.why.isEmpty() ? "incomplete" : (this.step == 0) ? "no-steps" : "whole";
		return document(state, this.step, this.rows.segments(), List.copyOf(this.why));
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

	@FunctionalInterface
	private interface Look {

		void now() throws Throwable;

	}

}
