package dev.reprise.cli.local;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.reprise.recipe.DeterminismMode;
import dev.reprise.recipe.Recipe;

/**
 * The variables of who calls. The program gets them all; recorded are only those that
 * numeric libraries and Python read, since the others may hold secrets.
 */
final class CallerVariables {

	private static final List<String> RECORDED = List.of("OMP_", "GOMP_", "KMP_", "MKL_", "OPENBLAS_", "BLIS_",
			"NUMEXPR_", "ATEN_", "ONEDNN_", "DNNL_", "TORCH", "PYTORCH", "TRITON_", "CUDA_", "CUBLAS", "CUDNN",
			"NVIDIA_", "NCCL_", "GLOO_", "TF_CUDNN_", "TF_DETERMINISTIC_", "TF_ENABLE_", "XLA_", "JAX_", "PYTHON",
			"LD_PRELOAD", "LD_LIBRARY_PATH", "GLIBC_");

	private static final List<String> SECRET = List.of("TOKEN", "KEY", "SECRET", "PASSW", "CREDENTIAL");

	/**
	 * They undo what the recipe sets, whatever it sets.
	 */
	private static final List<String> AGAINST_RECIPE = List.of("OMP_DYNAMIC", "TORCH_ALLOW_TF32_CUBLAS_OVERRIDE");

	/**
	 * Reprise sets it in every run.
	 */
	private static final String UNBUFFERED = "PYTHONUNBUFFERED";

	private CallerVariables() {
	}

	/**
	 * Those that go into the record.
	 * @param caller all of the caller's
	 */
	static SortedMap<String, String> recorded(Map<String, String> caller, Recipe recipe) {
		SortedMap<String, String> recorded = new TreeMap<>();
		List<String> without = without(caller, recipe);
		caller.forEach((name, value) -> {
			if (RECORDED.stream().anyMatch(name::startsWith) && SECRET.stream().noneMatch(name::contains)
					&& recipe.knob(name).isEmpty() && !name.equals(UNBUFFERED) && !without.contains(name)
					&& value.length() <= 8192) {
				recorded.put(name, value);
			}
		});
		return recorded;
	}

	/**
	 * Those that the program does not get: what belongs to another run of Reprise, and
	 * what undoes the recipe.
	 */
	static List<String> without(Map<String, String> caller, Recipe recipe) {
		return caller.keySet()
			.stream()
			.filter((name) -> name.startsWith("REPRISE_")
					|| (recipe.mode() != DeterminismMode.OFF && AGAINST_RECIPE.contains(name)))
			.sorted()
			.toList();
	}

}
