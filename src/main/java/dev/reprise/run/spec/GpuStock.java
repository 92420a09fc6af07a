package dev.reprise.run.spec;

import java.util.SortedMap;

import org.jspecify.annotations.Nullable;

/**
 * The GPUs of this machine, as far as it matters to what may be asked for.
 */
@FunctionalInterface
public interface GpuStock {

	/**
	 * How many there are of each model, with those that are out of use for now.
	 */
	SortedMap<GpuModel, Integer> models();

	/**
	 * The version of their driver, null where there are none.
	 */
	default @Nullable String driver() {
		return null;
	}

}
