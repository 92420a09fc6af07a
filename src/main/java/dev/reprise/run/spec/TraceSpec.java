package dev.reprise.run.spec;

import dev.reprise.record.RecordCopy;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is kept of each step, so that two runs can be told apart at the step and the
 * tensor where they part. It changes no bit of what the program computes.
 *
 * @param every a row is kept of steps 0, n, 2n and so on; 1 to 1000000
 * @param tensors which tensors have a column of their own
 * @param budget bytes that the trace of one process may take, or the traces of all ranks
 * of a group together, 1 MiB to 1 TiB: at half of it columns become one a kind, at all of
 * it the trace ends
 */
public record TraceSpec(int every, TraceTensors tensors, long budget) {

	/**
	 * Largest distance between two rows, in steps.
	 */
	public static final int MAX_EVERY = 1_000_000;

	/**
	 * Smallest budget, in bytes.
	 */
	public static final long MIN_BUDGET = 1L << 20;

	/**
	 * Largest budget, in bytes.
	 */
	public static final long MAX_BUDGET = 1L << 40;

	private static final long MARGIN = 64L << 20;

	/**
	 * Checks the ranges.
	 * @throws IllegalArgumentException naming the field and the mend
	 */
	public TraceSpec {
		if (every < 1 || every > MAX_EVERY) {
			throw new IllegalArgumentException("every is " + every + "; give 1 to " + MAX_EVERY);
		}
		if (budget < MIN_BUDGET || budget > MAX_BUDGET) {
			throw new IllegalArgumentException(
					"budget is " + budget + " bytes; give " + MIN_BUDGET + " to " + MAX_BUDGET);
		}
	}

	/**
	 * All tensors of every step. The trace lies on the disk that the job has, and is to
	 * leave it the most of that: it may take a tenth, and no more than 1 GiB.
	 * @param disk bytes that the job has
	 */
	public static TraceSpec ofAll(long disk) {
		return new TraceSpec(1, new TraceTensors.All(), defaultBudget(disk));
	}

	/**
	 * What is kept of the traces of a run: all that its processes may write. Of each the
	 * budget, and 64 MiB for headers and what it writes before it sees that the budget
	 * has ended; of all together what the job's disk holds, and 64 MiB.
	 * @param disk bytes that the job has; what seems to be more are holes in a file
	 */
	public RecordCopy.Bounds kept(long disk) {
		return new RecordCopy.Bounds(this.budget + MARGIN, disk + MARGIN);
	}

	static long defaultBudget(long disk) {
		return Math.clamp(disk / 10, MIN_BUDGET, 1L << 30);
	}

	/**
	 * As a spec and {@code job.json} have it.
	 */
	public ObjectNode toJson() {
		ObjectNode node = JsonMapper.shared().createObjectNode();
		node.put("every", this.every);
		switch (this.tensors) {
			case TraceTensors.All all -> node.put("tensors", "all");
			case TraceTensors.Sum sum -> node.put("tensors", "sum");
			case TraceTensors.Matching matching -> {
				ArrayNode patterns = node.putArray("tensors");
				matching.patterns().forEach(patterns::add);
			}
		}
		return node.put("budget", this.budget);
	}

}
