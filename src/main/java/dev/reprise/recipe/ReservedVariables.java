package dev.reprise.recipe;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * Environment variables that belong to the service: with another value the record would
 * not describe the process any more, or another program would run than the one that was
 * asked for.
 */
final class ReservedVariables {

	private static final String LOADER = "It makes the dynamic loader run other code than that of the environment.";

	private static final String PYTHON = "It changes how Python starts, before anything can be recorded; "
			+ "name a module or a file in the spec's runtime instead.";

	private static final String SHELL = "It makes a shell run code before the command.";

	private static final String GPUS = "The service gives a run its GPUs; ask for them in resources.gpus.";

	private static final String JVM = "The service starts the JVM with what the recipe needs; "
			+ "give options in the spec's runtime instead.";

	private static final String ENGINE = "The service brings DJL's engine with its native libraries, and keeps it offline.";

	private static final Map<String, String> ALL = reserve();

	private ReservedVariables() {
	}

	static Map<String, String> all() {
		return ALL;
	}

	static @Nullable String why(String variable) {
		String exact = ALL.get(variable);
		if (exact != null) {
			return exact;
		}
		for (Map.Entry<String, String> entry : ALL.entrySet()) {
			String key = entry.getKey();
			if (key.endsWith("*") && variable.startsWith(key.substring(0, key.length() - 1))) {
				return entry.getValue();
			}
		}
		return null;
	}

	private static Map<String, String> reserve() {
		Map<String, String> all = new TreeMap<>();
		for (RecipeBook.Row row : RecipeBook.allKnobs()) {
			if (row.when() == Knob.When.PROCESS && !row.name().equals(Knob.ADDRESS_LAYOUT)) {
				all.put(row.name(), mend(row));
			}
		}
		all.put("OMP_DYNAMIC", "It lets the number of threads change while a run goes on; it is resources.threads.");
		all.put("TORCH_ALLOW_TF32_CUBLAS_OVERRIDE", "It forces TF32 on, whatever the recipe sets.");
		all.put("REPRISE_*", "Names that begin so are the service's own.");
		all.put("LD_*", LOADER);
		all.put("GLIBC_TUNABLES", LOADER);
		all.put("GCONV_PATH", LOADER);
		for (String name : new String[] { "PYTHONHOME", "PYTHONSTARTUP", "PYTHONINSPECT", "PYTHONEXECUTABLE",
				"PYTHONPLATLIBDIR", "__PYVENV_LAUNCHER__" }) {
			all.put(name, PYTHON);
		}
		for (String name : new String[] { "BASH_ENV", "ENV", "BASH_FUNC_*", "SHELLOPTS", "BASHOPTS", "PS4" }) {
			all.put(name, SHELL);
		}
		for (String name : new String[] { "CUDA_VISIBLE_DEVICES", "CUDA_DEVICE_ORDER", "NVIDIA_VISIBLE_DEVICES",
				"NVIDIA_DRIVER_CAPABILITIES", "HIP_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES" }) {
			all.put(name, GPUS);
		}
		for (String name : new String[] { "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "CLASSPATH" }) {
			all.put(name, JVM);
		}
		for (String name : new String[] { "DJL_CACHE_DIR", "ENGINE_CACHE_DIR", "DJL_OFFLINE", "OPT_OUT_TRACKING",
				"DJL_DEFAULT_ENGINE", "PYTORCH_LIBRARY_PATH", "PYTORCH_VERSION", "PYTORCH_FLAVOR", "PYTORCH_PRECXX11",
				"PYTORCH_EXTRA_LIBRARY_PATH" }) {
			all.put(name, ENGINE);
		}
		all.put("PATH", "The interpreter of the run's environment is found on it.");
		all.put("HOME", "It is the same path in every attempt.");
		return Collections.unmodifiableMap(all);
	}

	private static String mend(RecipeBook.Row row) {
		if (row.name().equals("OMP_NUM_THREADS") || row.name().equals("MKL_NUM_THREADS")) {
			return "The recipe decides it; ask for a number of threads in resources.threads.";
		}
		if (row.portableOnly()) {
			return "The recipe decides it; it is set in strict where portable is true.";
		}
		return "The recipe decides it; it is set from determinism " + row.level().from().wire() + " on.";
	}

}
