package dev.reprise.replay;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What became of a control: one bit was flipped, and the diff is to find it.
 *
 * @param found whether the diff named that step and that tensor first
 * @param step at which the process says that it flipped it, or null
 * @param tensor in which, or null
 * @param element which of its elements, in row-major order, or null
 * @param bit which of its bits, from the lowest, or null
 * @param why it was not found, or null
 */
@Schema(name = "Control")
record ControlResult(boolean found, @Nullable Long step, @Nullable String tensor, @Nullable Long element,
		@Nullable Integer bit, @Nullable String why) {

	static ControlResult failed(String why) {
		return new ControlResult(false, null, null, null, null, why);
	}

}
