package dev.reprise.record;

import java.util.Optional;

import tools.jackson.databind.JsonNode;

/**
 * What the main process wrote about its packages and its machine: the premises
 * {@code environment} and {@code machine} of a comparison, in the process's own words.
 *
 * @param environment interpreter, packages, torch and harness
 * @param machine processor, kernel, C library, GPUs and driver
 */
public record EnvironmentRecord(JsonNode environment, JsonNode machine) {

	/**
	 * Whether the process saw a GPU, if it said so.
	 */
	public Optional<Boolean> hasGpu() {
		JsonNode gpus = this.machine.get("gpus");
		return (gpus != null && gpus.isArray()) ? Optional.of(!gpus.isEmpty()) : Optional.empty();
	}

	/**
	 * The version of an installed package, if it is listed.
	 */
	public Optional<String> packageVersion(String name) {
		JsonNode version = this.environment.path("packages").path(name).path("version");
		return version.isString() ? Optional.of(version.stringValue()) : Optional.empty();
	}

}
