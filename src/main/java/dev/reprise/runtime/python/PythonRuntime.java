package dev.reprise.runtime.python;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.reprise.runtime.Mount;
import dev.reprise.recipe.Recipe;
import dev.reprise.run.spec.JobSpec;
import dev.reprise.run.spec.RuntimeSpec;
import dev.reprise.runtime.ProcessPlan;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * Starts a Python program as its author would, with the recipe in its environment and the
 * harness first on {@code PYTHONPATH}.
 */
@Component
public class PythonRuntime {

	private static final String HARNESS = "/opt/reprise/harness";

	private static final HarnessPlaces INSIDE = new HarnessPlaces(HARNESS, "/workspace");

	private final Harness harness;

	PythonRuntime(Harness harness) {
		this.harness = harness;
	}

	/**
	 * What to start for a spec.
	 * @param environment the folder of the environment that it runs in
	 * @throws IllegalArgumentException if that has no interpreter any more
	 */
	public ProcessPlan plan(JobSpec spec, Recipe recipe, Path environment) {
		return new ProcessPlan(command(spec.runtime(), environment), variables(spec, recipe, environment),
				mounts(environment));
	}

	private static List<String> command(RuntimeSpec runtime, Path environment) {
		List<String> command = new ArrayList<>();
		String python = environment.resolve("bin/python").toString();
		switch (runtime) {
			case RuntimeSpec.Entrypoint entrypoint -> {
				command.addAll(List.of(python, entrypoint.file()));
				command.addAll(entrypoint.args());
			}
			case RuntimeSpec.Module module -> {
				command.addAll(List.of(python, "-m", module.name()));
				command.addAll(module.args());
			}
			case RuntimeSpec.Command other -> command.addAll(other.words());
			case RuntimeSpec.Jvm jvm -> throw new IllegalArgumentException("no program in Python: " + jvm);
		}
		return command;
	}

	private static Map<String, String> variables(JobSpec spec, Recipe recipe, Path environment) {
		Map<String, String> variables = new LinkedHashMap<>();
		variables.put("PATH", environment.resolve("bin") + ":/usr/local/bin:/usr/bin:/bin");
		variables.put("HOME", "/home/job");
		variables.put("USER", "job");
		variables.put("LOGNAME", "job");
		variables.put("TMPDIR", "/tmp");
		variables.putAll(INSIDE.variables(spec.env(), recipe));
		return variables;
	}

	private List<Mount> mounts(Path environment) {
		List<Mount> mounts = new ArrayList<>();
		mounts.add(new Mount(this.harness.folder(), HARNESS, false));
		mounts.add(Mount.readOnly(environment));
		Path base = base(environment);
		if (base != null && !base.startsWith("/usr") && !base.startsWith(environment)) {
			mounts.add(Mount.readOnly(base));
		}
		return mounts;
	}

	/**
	 * The installation that a virtual environment stands on: its interpreter is a link
	 * into it, and the standard library lies there.
	 */
	private static @Nullable Path base(Path environment) {
		try {
			Path bin = environment.resolve("bin/python").toRealPath().getParent();
			return (bin != null && Files.isDirectory(bin)) ? bin.getParent() : null;
		}
		catch (IOException ex) {
			throw new IllegalArgumentException("the interpreter of the environment " + environment + " is gone", ex);
		}
	}

}
