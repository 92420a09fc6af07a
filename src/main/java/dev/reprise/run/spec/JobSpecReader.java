package dev.reprise.run.spec;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import dev.reprise.artifact.Digest;
import dev.reprise.artifact.Glob;
import dev.reprise.artifact.RelativePath;
import dev.reprise.http.FieldErrors;
import dev.reprise.http.ObjectReader;
import dev.reprise.recipe.DeterminismMode;
import dev.reprise.recipe.OnDrift;
import dev.reprise.recipe.Purpose;
import dev.reprise.recipe.Recipe;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads a job spec strictly: every broken field is noted with its path and the mend, and
 * nothing that is not understood is let through.
 */
public final class JobSpecReader {

	private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");

	private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");

	private static final Pattern MODULE = Pattern.compile("[A-Za-z_]\\w{0,127}(\\.[A-Za-z_]\\w{0,127}){0,15}");

	private static final String NAME_MEND = "give 1 to 63 of a-z, 0-9, '.', '_' and '-', beginning with a letter or digit";

	private static final long GIB = 1L << 30;

	private final Capacity capacity;

	private final Set<String> environments;

	private final @Nullable String noLocks;

	private final @Nullable String noTraces;

	private final SecureRandom random = new SecureRandom();

	/**
	 * Makes a reader.
	 * @param capacity the most that a run may ask for
	 * @param environments the names of environments that there are
	 * @param noLocks what to do where no environment is built from a lock file, null
	 * where some are
	 * @param noTraces what to do where runs cannot be traced, null where they can
	 */
	public JobSpecReader(Capacity capacity, Set<String> environments, @Nullable String noLocks,
			@Nullable String noTraces) {
		this.noTraces = noTraces;
		this.noLocks = noLocks;
		this.capacity = capacity;
		this.environments = environments;
	}

	/**
	 * Reads a spec.
	 * @param node the spec as an object
	 * @param upload the digest of code that came with the request, or null
	 * @param errors takes what is wrong; the result is meaningless if anything is
	 */
	public JobSpec read(JsonNode node, @Nullable Digest upload, FieldErrors errors) {
		ObjectReader spec = new ObjectReader(node, "$", errors);
		RuntimeSpec runtime = runtime(spec);
		Resources resources = resources(spec);
		JobSpec result = new JobSpec(spec.text("name", 200), seed(spec), determinism(spec), runtime,
				code(spec, upload, runtime), environment(spec, runtime), inputs(spec), outputs(spec), env(spec),
				resources, spec.duration("timeout", Duration.ofMinutes(30), Duration.ofSeconds(1), Duration.ofDays(30)),
				(int) spec.integer("maxAttempts", 1, 1, 10, "give a whole number from 1 to 10"),
				(int) spec.integer("priority", 0, -100, 100, "give a whole number from -100 to 100"), project(spec),
				orElse(spec.choice("network", Network.class), Network.NONE), spec.flag("portable", false),
				spec.flag("holdSeed", false), orElse(spec.choice("onDrift", OnDrift.class), OnDrift.RECORD),
				spec.flag("audit", false), TraceFields.read(spec, resources.disk()), labels(spec));
		DjlFields.checkInputs(spec, runtime, result.inputs().keySet());
		DjlFields.checkGpus(spec, runtime, result.resources(), this.capacity.gpus());
		spec.refuseUnknown();
		if (this.noTraces != null && result.trace() != null) {
			spec.wrong("trace", "cannot be had: " + TraceLibrary.NAME + " is not on this machine", this.noTraces);
		}
		return result;
	}

	private int seed(ObjectReader spec) {
		if (!spec.has("seed")) {
			return this.random.nextInt() & Integer.MAX_VALUE;
		}
		return (int) spec.integer("seed", 0, 0, Integer.MAX_VALUE,
				"give a whole number from 0 to 2147483647, the range that every library takes, or leave it out and one is drawn");
	}

	private static DeterminismMode determinism(ObjectReader spec) {
		DeterminismMode mode = spec.choice("determinism", DeterminismMode.class);
		Purpose purpose = spec.choice("purpose", Purpose.class);
		if (purpose == null) {
			return orElse(mode, DeterminismMode.STRICT);
		}
		if (mode != null && mode != purpose.mode()) {
			spec.wrong("purpose", "stands for another mode than 'determinism' says", "give one of the two");
		}
		return purpose.mode();
	}

	private static RuntimeSpec runtime(ObjectReader spec) {
		RuntimeSpec none = new RuntimeSpec.Command(List.of("true"));
		ObjectReader runtime = spec.object("runtime");
		if (runtime == null) {
			if (!spec.has("runtime")) {
				spec.wrong("runtime", "is missing",
						"give {\"type\": \"python\", \"entrypoint\": \"train.py\"}, or \"module\" or \"command\" in place of \"entrypoint\"");
			}
			return none;
		}
		String type = runtime.text("type", 32);
		if ("djl".equals(type)) {
			return DjlFields.read(runtime);
		}
		if (!"python".equals(type)) {
			if (type != null || !runtime.has("type")) {
				runtime.wrong("type", (type == null) ? "is missing" : "is not known", "give \"python\" or \"djl\"");
			}
		}
		String entrypoint = runtime.text("entrypoint", RelativePath.MAX_BYTES);
		String module = runtime.text("module", 256);
		List<String> command = runtime.texts("command", List.of("true"), 256, 8192);
		List<String> args = runtime.texts("args", List.of(), 256, 8192);
		long forms = List.of("entrypoint", "module", "command").stream().filter(runtime::has).count();
		if (forms != 1) {
			runtime.wrong("entrypoint", (forms == 0) ? "is missing" : "is not the only form",
					"give exactly one of entrypoint (a file), module (a dotted name) and command (a list)");
		}
		runtime.refuseUnknown();
		if (entrypoint != null) {
			checkPath(runtime, "entrypoint", entrypoint);
			return new RuntimeSpec.Entrypoint(entrypoint, args);
		}
		if (module != null) {
			if (!MODULE.matcher(module).matches()) {
				runtime.wrong("module", "is no dotted name of a module", "give a name such as pkg.train");
			}
			return new RuntimeSpec.Module(module, args);
		}
		if (runtime.has("command")) {
			if (command.isEmpty() || command.getFirst().isEmpty()) {
				runtime.wrong("command", "is empty", "give the program and its arguments as a list of texts");
				return none;
			}
			if (runtime.has("args")) {
				runtime.wrong("args", "does not go with a command", "write the arguments into the command");
			}
			return new RuntimeSpec.Command(command);
		}
		return none;
	}

	private static Digest code(ObjectReader spec, @Nullable Digest upload, RuntimeSpec runtime) {
		String text = spec.text("code", 128);
		Digest nothing = Digest.of(new byte[0]);
		if (upload != null) {
			if (text != null) {
				spec.wrong("code", "is given beside uploaded code", "leave it out, or upload nothing");
			}
			return upload;
		}
		if (text == null) {
			if (!spec.has("code") && !(runtime instanceof RuntimeSpec.Trainer)) {
				spec.wrong("code", "is missing",
						"send it as multipart parts 'code' beside the part 'spec', or PUT an archive to /api/v1/blobs/sha256:… and give its digest here");
			}
			return nothing;
		}
		Digest digest = digest(spec, "code", text);
		return (digest != null) ? digest : nothing;
	}

	private static @Nullable Digest digest(ObjectReader reader, String field, String text) {
		if (Digest.isDigest(text)) {
			return new Digest(text);
		}
		reader.wrong(field, "is no digest", "give sha256: and 64 lower-case hexadecimal digits");
		return null;
	}

	private EnvironmentSpec environment(ObjectReader spec, RuntimeSpec runtime) {
		ObjectReader environment = spec.object("environment");
		EnvironmentSpec.Named none = new EnvironmentSpec.Named("default");
		if (runtime instanceof RuntimeSpec.Jvm) {
			return DjlFields.environment(spec, environment, none);
		}
		if (environment == null) {
			if (!spec.has("environment") && !this.environments.contains("default")) {
				spec.wrong("environment", "is missing, and there is no default here",
						"have the operator set reprise.environments.default, or name another");
			}
			return none;
		}
		environment.notYet("image", "give {\"name\": …} of an environment that the operator prepared");
		String lock = environment.text("lock", RelativePath.MAX_BYTES);
		String name = environment.text("name", 63);
		environment.refuseUnknown();
		if (lock != null) {
			return lock(environment, lock);
		}
		String named = orElse(name, "default");
		if (!environment.has("lock") && !this.environments.contains(named)) {
			environment.wrong("name", "is no environment that there is here",
					this.environments.isEmpty() ? "have the operator set reprise.environments.default"
							: "give one of " + String.join(", ", this.environments));
		}
		return new EnvironmentSpec.Named(named);
	}

	private EnvironmentSpec lock(ObjectReader environment, String lock) {
		if (environment.has("name")) {
			environment.wrong("lock", "is not the only form", "give one of lock and name");
			return new EnvironmentSpec.Named("default");
		}
		if (this.noLocks != null) {
			environment.wrong("lock", "is not built by this service", this.noLocks);
			return new EnvironmentSpec.Named("default");
		}
		if (lock.startsWith("sha256:")) {
			Digest digest = digest(environment, "lock", lock);
			return (digest != null) ? new EnvironmentSpec.Locked(digest) : new EnvironmentSpec.LockPath(lock);
		}
		checkPath(environment, "lock", lock);
		return new EnvironmentSpec.LockPath(lock);
	}

	private static Map<String, InputSpec> inputs(ObjectReader spec) {
		Map<String, InputSpec> inputs = new LinkedHashMap<>();
		spec.objects("inputs", 100, (name, input) -> {
			if (!NAME.matcher(name).matches()) {
				spec.wrongEntry("inputs", name, "has a name that is not allowed", NAME_MEND);
			}
			String digest = input.text("digest", 128);
			String path = input.text("path", RelativePath.MAX_BYTES);
			if (digest == null && !input.has("digest")) {
				input.wrong("digest", "is missing", "PUT the file to /api/v1/blobs and give its digest");
			}
			if (path != null) {
				checkPath(input, "path", path);
			}
			input.refuseUnknown();
			Digest parsed = (digest != null) ? digest(input, "digest", digest) : null;
			if (parsed != null) {
				inputs.put(name, new InputSpec(parsed, path));
			}
		});
		List<String> paths = new ArrayList<>();
		inputs.forEach((name, input) -> {
			String path = input.path();
			if (path != null) {
				for (String other : paths) {
					if (path.equals(other) || path.startsWith(other + "/") || other.startsWith(path + "/")) {
						spec.wrong("inputs", "places two inputs at one path: " + path, "give each a path of its own");
					}
				}
				paths.add(path);
			}
		});
		return inputs;
	}

	private static List<String> outputs(ObjectReader spec) {
		List<String> patterns = spec.texts("outputs", List.of("**"), 64, 256);
		for (int i = 0; i < patterns.size(); i++) {
			String pattern = patterns.get(i);
			try {
				Glob.of(pattern);
			}
			catch (IllegalArgumentException ex) {
				spec.wrongEntry("outputs", i, "is no pattern that is taken: " + ex.getMessage(),
						"give patterns relative to the working folder, such as \"runs/**\"");
			}
		}
		return patterns;
	}

	private static Map<String, String> env(ObjectReader spec) {
		Map<String, String> env = spec.textMap("env", 100, 8192);
		env.keySet().forEach((name) -> {
			String reason = Recipe.whyReserved(name);
			if (!VARIABLE.matcher(name).matches()) {
				spec.wrongEntry("env", name, "has a name that no variable can have",
						"use letters, digits and '_', not beginning with a digit");
			}
			else if (reason != null) {
				spec.wrongEntry("env", name, "is not for a job to set: " + reason, "leave it out");
			}
		});
		return env;
	}

	private Resources resources(ObjectReader spec) {
		ObjectReader resources = spec.object("resources");
		long memory = Math.min(4 * GIB, this.capacity.memory());
		if (resources == null) {
			return new Resources(0, null, 1, 1, memory, 10 * GIB);
		}
		GpuFields gpus = GpuFields.read(resources, this.capacity.gpus());
		Resources result = new Resources(gpus.gpus(), gpus.model(),
				(int) resources.integer("cpus", 1, 1, this.capacity.cpus(),
						"give a whole number; this machine has " + this.capacity.cpus()),
				(int) resources.integer("threads", 1, 1, 1024, "give a whole number from 1 to 1024"),
				resources.size("memory", memory, 64L << 20, this.capacity.memory()),
				resources.size("disk", 10 * GIB, 1L << 20, 1L << 46));
		resources.refuseUnknown();
		return result;
	}

	private static String project(ObjectReader spec) {
		String project = orElse(spec.text("project", 63), "default");
		if (!NAME.matcher(project).matches()) {
			spec.wrong("project", "is no name that is allowed", NAME_MEND);
		}
		return project;
	}

	private static Map<String, String> labels(ObjectReader spec) {
		Map<String, String> labels = spec.textMap("labels", 64, 200);
		labels.keySet().forEach((name) -> {
			if (!NAME.matcher(name).matches()) {
				spec.wrongEntry("labels", name, "has a name that is not allowed", NAME_MEND);
			}
		});
		return labels;
	}

	private static void checkPath(ObjectReader reader, String field, String path) {
		String wrong = RelativePath.wrong(path);
		if (wrong != null) {
			reader.wrong(field, "is no path that is taken: " + wrong, "give a path relative to the working folder");
		}
	}

	private static <T> T orElse(@Nullable T value, T whenNull) {
		return (value != null) ? value : whenNull;
	}

}
