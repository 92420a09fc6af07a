package dev.reprise.replay.counter;

import dev.reprise.diff.engine.Layer;
import io.swagger.v3.oas.annotations.media.Schema;

/**
 * One difference between two runs that can be taken from one to the other.
 *
 * @param layer settings, code, inputs, environment, or recipe for a single knob
 * @param key of a setting its place in the spec ({@code resources.threads},
 * {@code env.LR}), of code a file's path or {@code *} for all, of inputs the name, of the
 * environment {@code *}, of the recipe the knob
 */
@Schema(name = "Change")
record Change(@Schema(implementation = String.class) Layer layer, String key) {

	static final String ALL = "*";

	/**
	 * Whether a cause of a diff speaks of this.
	 */
	boolean isNamedBy(String causeLayer, String causeKey) {
		return causeLayer.equals(this.layer.word())
				&& (this.key.equals(ALL) || causeKey.equals(this.key) || causeKey.startsWith(this.key + ".")
						|| causeKey.startsWith(this.key + " ") || this.key.startsWith(causeKey + "."));
	}

	String words() {
		String where = this.layer.word();
		return this.key.equals(ALL) ? where : where + " " + this.key;
	}

}
