package dev.reprise.runtime.python;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.reprise.recipe.Recipe;

/**
 * Where a process finds the harness and its workspace.
 *
 * @param harness the folder that holds {@code reprise_runner}, as the process sees it
 * @param workspace the folder that holds {@code job.json}, {@code record} and
 * {@code outputs}, as the process sees it
 */
public record HarnessPlaces(String harness, String workspace) {

	/**
	 * The variables that every Python process is started with, in their order: the job's
	 * own, the recipe's over them, and the way to the harness.
	 * @param own the job's own, of which {@code PYTHONPATH} comes after the harness
	 */
	public Map<String, String> variables(Map<String, String> own, Recipe recipe) {
		Map<String, String> variables = new LinkedHashMap<>();
		// A log that can be followed while the job runs; it changes when lines arrive,
		// not what is in them.
		variables.put("PYTHONUNBUFFERED", "1");
		variables.putAll(own);
		variables.putAll(recipe.processEnvironment());
		String site = this.harness + "/reprise_runner/site";
		String path = own.getOrDefault("PYTHONPATH", "");
		variables.put("PYTHONPATH", path.isEmpty() ? site : site + ":" + path);
		variables.put("REPRISE_JOB", this.workspace + "/job.json");
		variables.put("REPRISE_RECORD_DIR", this.workspace + "/record");
		variables.put("REPRISE_OUTPUT_DIR", this.workspace + "/outputs");
		return variables;
	}

}
