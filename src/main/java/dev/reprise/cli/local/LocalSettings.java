package dev.reprise.cli.local;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

import dev.reprise.artifact.RelativePath;
import dev.reprise.recipe.DeterminismMode;
import dev.reprise.recipe.OnDrift;
import dev.reprise.recipe.Recipe;
import dev.reprise.run.spec.RuntimeSpec;
import dev.reprise.run.spec.TraceSpec;
import org.jspecify.annotations.Nullable;

/**
 * What {@code ./reprise local} was asked for.
 *
 * @param command the program and its arguments, as its author would start it
 * @param mode the determinism mode
 * @param seed 0 to 2147483647
 * @param threads what each process computes with, 1 to 1024
 * @param portable whether equal bits are wanted across processors
 * @param holdSeed whether the seed wins over the program's own
 * @param onDrift what happens when the program changes a knob
 * @param trace what is kept of each step, null for nothing
 * @param env variables of the run's own, which are recorded
 * @param record the record folder, or null for one below the cache
 * @param digestsOnly whether outputs are hashed and not copied
 */
public record LocalSettings(List<String> command, DeterminismMode mode, int seed, int threads, boolean portable,
		boolean holdSeed, OnDrift onDrift, @Nullable TraceSpec trace, Map<String, String> env, @Nullable Path record,
		boolean digestsOnly) {

	private static final Pattern PYTHON = Pattern.compile("python(3(\\.\\d+)?)?");

	private static final Pattern MODULE = Pattern.compile("[A-Za-z_]\\w*(\\.[A-Za-z_]\\w*)*");

	private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");

	/**
	 * Copies and checks.
	 * @throws IllegalArgumentException naming what is wrong and the mend
	 */
	public LocalSettings {
		command = List.copyOf(command);
		env = Collections.unmodifiableMap(new TreeMap<>(env));
		if (command.isEmpty() || command.getFirst().isEmpty()) {
			throw new IllegalArgumentException("no command was given; write it after --, as in: -- python train.py");
		}
		if (command.getFirst().indexOf('=') >= 0 || command.getFirst().startsWith("-")) {
			throw new IllegalArgumentException("a program whose name holds '=' or begins with '-' cannot be started: "
					+ command.getFirst() + "; give variables by --env");
		}
		env.keySet().forEach((name) -> {
			String reason = Recipe.whyReserved(name);
			if (!VARIABLE.matcher(name).matches()) {
				throw new IllegalArgumentException("--env takes NAME=VALUE; no variable can be called " + name);
			}
			if (reason != null) {
				throw new IllegalArgumentException("--env must not set " + name + ": " + reason);
			}
		});
	}

	/**
	 * The knobs and their values.
	 * @throws IllegalArgumentException naming what is out of its range
	 */
	Recipe recipe() {
		return Recipe.resolve(this.mode, this.seed, this.threads, this.portable, this.holdSeed, this.onDrift);
	}

	/**
	 * The command as a service's job spec would have it, so that a run here and one there
	 * have the same settings.
	 */
	RuntimeSpec runtime() {
		int words = this.command.size();
		String program = this.command.getFirst();
		if (words > 1 && PYTHON.matcher(program.substring(program.lastIndexOf('/') + 1)).matches()) {
			String next = this.command.get(1);
			if (next.equals("-m") && words > 2 && MODULE.matcher(this.command.get(2)).matches()) {
				return new RuntimeSpec.Module(this.command.get(2), this.command.subList(3, words));
			}
			if (!next.startsWith("-") && RelativePath.wrong(next) == null) {
				return new RuntimeSpec.Entrypoint(next, this.command.subList(2, words));
			}
		}
		return new RuntimeSpec.Command(this.command);
	}

}
