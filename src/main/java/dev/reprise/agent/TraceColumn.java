package dev.reprise.agent;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * One thing that is watched in each step.
 *
 * @param kind what it is
 * @param name the model's own name of it, {@code *} where all of a kind are together
 */
record TraceColumn(String kind, String name) {

	/**
	 * All kinds in causal order. What a root was given stands before what it gave.
	 */
	static final List<String> KINDS = List.of("generator", "batch", "output", "loss", "loss-value", "gradient",
			"parameter", "buffer", "generator-end");

	private static final List<String> NO_RESULT = List.of("generator", "loss-value", "generator-end");

	private static final String ALGORITHM = "xxh3-128/1";

	boolean isResult() {
		return !NO_RESULT.contains(this.kind);
	}

	/**
	 * Whether it may be put together with others of its kind.
	 */
	boolean isSummable() {
		return !NO_RESULT.contains(this.kind) && !this.kind.equals("loss");
	}

	private String type() {
		return this.kind.equals("loss-value") ? "number" : "fingerprint";
	}

	/**
	 * A number is kept as it is.
	 */
	private String algorithm() {
		return type().equals("number") ? "" : ALGORITHM;
	}

	// Written out, since what the compiler would put here is put together as it first
	// runs.
	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof TraceColumn column && this.kind.equals(column.kind) && this.name.equals(column.name);
	}

	@Override
	public int hashCode() {
		return 31 * this.kind.hashCode() + this.name.hashCode();
	}

	/**
	 * As the header of a segment has it.
	 */
	Map<String, @Nullable Object> described() {
		Map<String, @Nullable Object> described = new LinkedHashMap<>();
		described.put("kind", this.kind);
		described.put("name", this.name);
		described.put("type", type());
		described.put("algorithm", algorithm());
		described.put("result", isResult());
		return described;
	}

	/**
	 * As the chain has it.
	 */
	byte[] chained() {
		return (String.join("\0", this.kind, this.name, type(), algorithm()) + "\n").getBytes(StandardCharsets.UTF_8);
	}

}
