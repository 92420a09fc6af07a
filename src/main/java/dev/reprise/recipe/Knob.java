package dev.reprise.recipe;

import java.util.Arrays;
import java.util.Locale;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import tools.jackson.databind.JsonNode;

/**
 * One setting that a recipe requests.
 *
 * @param name the name in the contract: an environment variable, or where the setting is
 * found in Python
 * @param value what is requested, a scalar; the value of an environment variable is text
 * @param when when it has to be set
 * @param level the least mode that sets it
 * @param item the group of the checklist that it belongs to
 * @param reason why it is set, for a person
 * @param source where the reason can be looked up
 */
public record Knob(String name, JsonNode value, When when, Level level, Item item, String reason, String source) {

	/**
	 * The process knob that is no environment variable.
	 */
	static final String ADDRESS_LAYOUT = "address_layout";

	/**
	 * Refuses a value that could be changed later or that no process could read back.
	 */
	public Knob {
		if (!value.isValueNode() || value.isNull()) {
			throw new IllegalArgumentException("the value of " + name + " is no scalar");
		}
	}

	/**
	 * Whether it is an environment variable of the process.
	 */
	public boolean isVariable() {
		return this.when == When.PROCESS && !this.name.equals(ADDRESS_LAYOUT);
	}

	/**
	 * When a knob has to be set.
	 */
	public enum When {

		/**
		 * Before the process starts, by whoever starts it.
		 */
		PROCESS,

		/**
		 * In the process, before user code runs.
		 */
		RUNTIME;

		/**
		 * The name in JSON.
		 */
		@JsonValue
		public String wire() {
			return name().toLowerCase(Locale.ROOT);
		}

		/**
		 * The value of a name in JSON.
		 * @throws IllegalArgumentException if there is none
		 */
		@JsonCreator
		public static When of(String wire) {
			return Arrays.stream(values())
				.filter((when) -> when.wire().equals(wire))
				.findFirst()
				.orElseThrow(() -> new IllegalArgumentException("when is one of process, runtime"));
		}

	}

	/**
	 * The least mode that sets a knob.
	 */
	public enum Level {

		SEEDED("s", DeterminismMode.SEEDED), WARN("w", DeterminismMode.WARN), STRICT("S", DeterminismMode.STRICT);

		private final String wire;

		private final DeterminismMode from;

		Level(String wire, DeterminismMode from) {
			this.wire = wire;
			this.from = from;
		}

		/**
		 * The first mode that sets it.
		 */
		public DeterminismMode from() {
			return this.from;
		}

		/**
		 * The letter in JSON: s, w or S.
		 */
		@JsonValue
		public String wire() {
			return this.wire;
		}

		/**
		 * The level of a letter in JSON.
		 * @throws IllegalArgumentException if there is none
		 */
		@JsonCreator
		public static Level of(String wire) {
			return Arrays.stream(values())
				.filter((level) -> level.wire.equals(wire))
				.findFirst()
				.orElseThrow(() -> new IllegalArgumentException("level is one of s, w, S"));
		}

	}

}
