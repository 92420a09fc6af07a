package dev.reprise.environment;

import org.jspecify.annotations.Nullable;

/**
 * Whether this service builds environments from lock files.
 *
 * @param toolchain what with, or null where it does not
 */
public record LockBuilding(@Nullable Toolchain toolchain) {

	/**
	 * Why a spec cannot name a lock here, with the mend; null where it can.
	 */
	public @Nullable String whyNot() {
		return (this.toolchain != null) ? null : "start the service by ./reprise serve, which brings uv, or with"
				+ " --reprise.uv= and the path of one; or give {\"name\": …} of an environment that the operator prepared";
	}

}
