package dev.reprise.run.spec;

import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

import dev.reprise.http.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads a runtime of type {@code djl}.
 */
final class DjlFields {

	private static final Pattern CLASS = Pattern.compile("[A-Za-z_$][\\w$]{0,127}(\\.[A-Za-z_$][\\w$]{0,127}){0,15}");

	private DjlFields() {
	}

	static RuntimeSpec read(ObjectReader runtime) {
		String main = runtime.text("main", 512);
		String trainer = runtime.text("trainer", 32);
		List<String> args = runtime.texts("args", List.of(), 256, 8192);
		ObjectReader parameters = runtime.object("parameters");
		RuntimeSpec result = new RuntimeSpec.Main("none", args);
		if (runtime.has("main") == runtime.has("trainer")) {
			runtime.wrong("main", runtime.has("main") ? "is not the only form" : "is missing",
					"give exactly one of main (a class of the code's jars) and trainer (one that ships)");
		}
		if (main != null) {
			if (!CLASS.matcher(main).matches()) {
				runtime.wrong("main", "is no dotted name of a class", "give a name such as org.example.Train");
			}
			if (runtime.has("parameters")) {
				runtime.wrong("parameters", "does not go with main", "write them into args");
			}
			result = new RuntimeSpec.Main(main, args);
		}
		else if (trainer != null) {
			if (runtime.has("args")) {
				runtime.wrong("args", "does not go with a trainer", "give parameters");
			}
			result = trainer(runtime, trainer, parameters);
		}
		runtime.refuseUnknown();
		return result;
	}

	private static RuntimeSpec trainer(ObjectReader runtime, String name, @Nullable ObjectReader parameters) {
		TrainerParameters known = TrainerParameters.of(name);
		if (known == null) {
			runtime.wrong("trainer", "is none that ships",
					"give one of " + String.join(", ", TrainerParameters.names()));
			return new RuntimeSpec.Trainer(name, new TreeMap<>());
		}
		return new RuntimeSpec.Trainer(name, known.read(parameters));
	}

	/**
	 * The library for GPUs, of half a gigabyte more, is not among what the service
	 * brings.
	 */
	static void checkGpus(ObjectReader spec, RuntimeSpec runtime, Resources resources, @Nullable GpuStock stock) {
		if (runtime instanceof RuntimeSpec.Jvm && resources.gpus() > 0) {
			spec.wrong("resources",
					"asks for GPUs, and the runtime djl " + DjlNatives.lacking((stock != null) ? stock.driver() : null),
					"leave out gpus, and it runs on CPU");
		}
	}

	/**
	 * One that a trainer would not read would leave it with the set that ships, unsaid.
	 */
	static void checkInputs(ObjectReader spec, RuntimeSpec runtime, Set<String> inputs) {
		if (runtime instanceof RuntimeSpec.Trainer) {
			for (String name : inputs) {
				if (!name.equals(RuntimeSpec.Trainer.INPUT)) {
					spec.wrongEntry("inputs", name, "is read by no trainer",
							"name it " + RuntimeSpec.Trainer.INPUT + ", the one input of a trainer, or leave it out");
				}
			}
		}
	}

	/**
	 * A program on the JVM has no environment but the one that the service brings.
	 */
	static EnvironmentSpec environment(ObjectReader spec, @Nullable ObjectReader environment,
			EnvironmentSpec.Named only) {
		if (environment != null) {
			String name = environment.text("name", 63);
			environment.refuseUnknown();
			if (name != null && !name.equals(only.name())) {
				spec.wrong("environment", "does not go with a runtime of type djl",
						"leave it out; the service brings DJL, and the jars of the code are the rest");
			}
		}
		return only;
	}

}
