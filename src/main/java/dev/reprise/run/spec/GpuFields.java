package dev.reprise.run.spec;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import dev.reprise.http.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a spec asks for in GPUs, and refuses what this machine can never give.
 *
 * @param gpus how many
 * @param model words of the model's name, or null for any
 */
record GpuFields(int gpus, @Nullable String model) {

	private static final int MAX = 1024;

	private static final int NAME = 100;

	static GpuFields read(ObjectReader resources, @Nullable GpuStock stock) {
		int gpus = (int) resources.integer("gpus", 0, 0, MAX, "give a whole number from 0");
		String model = resources.text("gpuModel", NAME);
		if (model != null && model.isBlank()) {
			resources.wrong("gpuModel", "is empty", "give a name such as \"H200\", or leave it out");
		}
		else if (model != null && gpus == 0) {
			resources.wrong("gpuModel", "is given where no GPU is asked for", "give gpus, 1 or more, or leave it out");
		}
		else if (gpus > 0 && stock != null) {
			check(resources, gpus, model, stock.models());
		}
		return new GpuFields(gpus, model);
	}

	private static void check(ObjectReader resources, int gpus, @Nullable String model, Map<GpuModel, Integer> models) {
		if (models.isEmpty()) {
			resources.wrong("gpus", "asks for GPUs, and this machine has none",
					"give 0, or run Reprise where nvidia-smi lists GPUs");
			return;
		}
		List<Map.Entry<GpuModel, Integer>> fit = models.entrySet()
			.stream()
			.filter((entry) -> entry.getKey().fits(model))
			.toList();
		if (fit.isEmpty()) {
			resources.wrong("gpuModel", "is no model of GPU that this machine has", "give words of one of these names: "
					+ models.keySet().stream().map(GpuModel::name).collect(Collectors.joining(", ")));
			return;
		}
		int most = fit.stream().mapToInt((entry) -> entry.getKey().part() ? 1 : entry.getValue()).max().orElse(0);
		if (gpus > most) {
			resources.wrong("gpus", "is more than this machine has of one model", "give a whole number from 1 to "
					+ most + ": all GPUs of a run are of one model, and of the parts of a GPU it is given one");
		}
	}

}
