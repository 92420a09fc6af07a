package dev.reprise.agent;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * One thing that is watched in each step.
 *
 * @param kind what it is
 * @param name the model's own name of it, {@code *} where what is left of a kind is
 * together
 */
record TraceColumn(String kind, String name) {

	/**
	 * The name of a column in which what is left of a kind is together.
	 */
	static final String SUM = "*";

	/**
	 * Columns that readers take.
	 */
	static final int MOST = 65_536;

	private static final List<String> KINDS = List.of("generator", "batch", "output", "loss", "loss-value",
			"accumulated", "gradient", "parameter", "optimizer", "buffer", "generator-end");

	private static final List<String> NO_RESULT = List.of("generator", "loss-value", "generator-end");

	private static final String ALGORITHM = "xxh3-128/1";

	private static final int LONGEST = 512;

	/**
	 * Makes the name one that a header can carry.
	 */
	TraceColumn {
		name = safe(name);
	}

	private static String safe(String name) {
		boolean plain = name.length() <= LONGEST;
		for (int i = 0; i < name.length() && plain; i++) {
			plain = name.charAt(i) >= ' ' && name.charAt(i) < 0x7F;
		}
		if (plain) {
			return name;
		}
		StringBuilder safe = new StringBuilder();
		name.codePoints()
			.map((letter) -> isPrintable(letter) ? letter : '?')
			.limit(LONGEST / 2 - 17)
			.forEach(safe::appendCodePoint);
		if (safe.toString().equals(name)) {
			return name;
		}
		try {
			byte[] digest = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
			return safe + "~" + HexFormat.of().formatHex(digest, 0, 8);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static boolean isPrintable(int letter) {
		return switch (Character.getType(letter)) {
			case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED,
					Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
				false;
			default -> true;
		};
	}

	/**
	 * Its place in the causal order of a step. What a model is given and what its blocks
	 * give have one, and stand as the program made them.
	 */
	int place() {
		return KINDS.indexOf(this.kind.equals("batch") ? "output" : this.kind);
	}

	boolean isResult() {
		return !NO_RESULT.contains(this.kind);
	}

	/**
	 * Whether it may be put together with others of its kind.
	 */
	boolean isSummable() {
		return isResult() && !this.kind.equals("loss");
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
