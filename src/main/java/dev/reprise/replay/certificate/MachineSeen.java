package dev.reprise.replay.certificate;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A machine as the record of a run names it, in the words of its main process.
 *
 * @param cpu the processor's model
 * @param capability the instruction set that torch computes with, or null
 * @param host the name of the host as the process sees it, which in a sandbox is the same
 * everywhere
 * @param gpus model and UUID of each
 */
public record MachineSeen(String cpu, @Nullable String capability, @Nullable String host, List<String> gpus) {

	private static final int MAX_TEXT = 200;

	private static final int MAX_GPUS = 64;

	/**
	 * Copies.
	 */
	public MachineSeen {
		gpus = List.copyOf(gpus);
	}

	/**
	 * Reads what a job wrote; what is not there or longer than is believed is cut.
	 * @return null where no processor is named
	 */
	public static @Nullable MachineSeen of(JsonNode machine) {
		String cpu = text(machine.path("cpu").path("model"));
		if (cpu == null) {
			return null;
		}
		List<String> gpus = new ArrayList<>();
		for (JsonNode gpu : machine.path("gpus")) {
			if (gpus.size() < MAX_GPUS) {
				gpus.add((text(gpu.path("model")) + " " + text(gpu.path("uuid"))).replace("null", "?"));
			}
		}
		return new MachineSeen(cpu, text(machine.path("cpu").path("capability")), text(machine.path("host")), gpus);
	}

	private static @Nullable String text(JsonNode node) {
		if (!node.isString() || node.asString().isBlank()) {
			return null;
		}
		String text = node.asString().replaceAll("\\p{Cntrl}", "?");
		return text.substring(0, Math.min(text.length(), MAX_TEXT));
	}

}
