package dev.reprise.run.spec;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.reprise.artifact.Digest;
import dev.reprise.recipe.DeterminismMode;
import dev.reprise.recipe.OnDrift;
import dev.reprise.recipe.Recipe;
import dev.reprise.recipe.RecipeBook;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a client asked for, with every default filled in and the seed drawn where none was
 * given.
 *
 * @param name what people call it, or null
 * @param seed 0 to 2147483647
 * @param determinism the mode
 * @param runtime what is started
 * @param code the digest of the listing of its files
 * @param environment the packages that it runs with
 * @param inputs by name
 * @param outputs patterns of files below the working folder that count as outputs
 * @param env variables of its own
 * @param resources what it holds
 * @param timeout how long it may run
 * @param maxAttempts how often it is tried where attempts are lost, 1 to 10
 * @param priority higher goes first, -100 to 100
 * @param project whom it is counted for
 * @param network what of the network it sees
 * @param portable whether equal bits are wanted across processors
 * @param holdSeed whether the job's seed wins over the program's own
 * @param onDrift what happens when the program changes a knob
 * @param audit whether the operators of the first step are listed
 * @param trace what is kept of each step, null for nothing
 * @param labels for finding it again
 */
public record JobSpec(@Nullable String name, int seed, DeterminismMode determinism, RuntimeSpec runtime, Digest code,
		EnvironmentSpec environment, Map<String, InputSpec> inputs, List<String> outputs, Map<String, String> env,
		Resources resources, Duration timeout, int maxAttempts, int priority, String project, Network network,
		boolean portable, boolean holdSeed, OnDrift onDrift, boolean audit, @Nullable TraceSpec trace,
		Map<String, String> labels) {

	public JobSpec {
		inputs = Collections.unmodifiableMap(new TreeMap<>(inputs));
		outputs = List.copyOf(outputs);
		env = Collections.unmodifiableMap(new TreeMap<>(env));
		labels = Collections.unmodifiableMap(new TreeMap<>(labels));
	}

	/**
	 * The recipe that it resolves to.
	 * @param knobs by name what is requested in place of what the mode says, JSON's null
	 * where nothing is
	 */
	public Recipe recipe(Map<String, JsonNode> knobs) {
		boolean jvm = this.runtime instanceof RuntimeSpec.Jvm;
		Recipe recipe = jvm
				? Recipe.resolveForJvm(this.determinism, this.seed, this.resources.threads(), this.portable,
						this.holdSeed, this.onDrift)
				: Recipe.resolve(this.determinism, this.seed, this.resources.threads(), this.portable, this.holdSeed,
						this.onDrift);
		return knobs.isEmpty() ? recipe : recipe.with(jvm ? RecipeBook.jvmKnobs() : RecipeBook.allKnobs(), knobs);
	}

	/**
	 * The same spec with its environment named by what it turned out to be.
	 */
	public JobSpec withEnvironment(EnvironmentSpec found) {
		return new JobSpec(this.name, this.seed, this.determinism, this.runtime, this.code, found, this.inputs,
				this.outputs, this.env, this.resources, this.timeout, this.maxAttempts, this.priority, this.project,
				this.network, this.portable, this.holdSeed, this.onDrift, this.audit, this.trace, this.labels);
	}

	/**
	 * The same spec with its code named by the listing that the code turned out to be.
	 */
	public JobSpec withCode(Digest listing) {
		return new JobSpec(this.name, this.seed, this.determinism, this.runtime, listing, this.environment, this.inputs,
				this.outputs, this.env, this.resources, this.timeout, this.maxAttempts, this.priority, this.project,
				this.network, this.portable, this.holdSeed, this.onDrift, this.audit, this.trace, this.labels);
	}

}
