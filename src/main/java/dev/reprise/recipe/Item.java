package dev.reprise.recipe;

import java.util.Arrays;
import java.util.Locale;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * The groups that people know the recipe's knobs by, in the order of the checklist.
 */
public enum Item {

	PYTHON_RANDOM("Python's random"),

	NUMPY("NumPy"),

	JVM_RANDOM("Java's random numbers"),

	TORCH_CPU("PyTorch on CPU: torch.manual_seed"),

	TORCH_CUDA("PyTorch on GPU: torch.cuda.manual_seed and manual_seed_all"),

	DETERMINISTIC_ALGORITHMS("Deterministic algorithms: torch.use_deterministic_algorithms"),

	CUDNN("cuDNN: deterministic, without benchmark"),

	CUBLAS("cuBLAS: CUBLAS_WORKSPACE_CONFIG"),

	HASH_SEED("Hash seed"),

	THREADS("Threads"),

	DATA_LOADERS("Data loaders"),

	TF32("TF32"),

	UNINITIALISED_MEMORY("Uninitialised memory"),

	/**
	 * The one item without knobs: whether the recipe reached every process that the job
	 * started.
	 */
	CHILDREN("Children of the process"),

	REDUCED_PRECISION("Reduced precision in sums"),

	ATTENTION("Attention kernels"),

	INSTRUCTION_SET("Instruction set"),

	COMPILER("Compiler"),

	NCCL("NCCL"),

	PROCESS_ENVIRONMENT("Process environment");

	private final String title;

	Item(String title) {
		this.title = title;
	}

	/**
	 * What a person is shown.
	 */
	public String title() {
		return this.title;
	}

	/**
	 * The name in JSON, such as {@code torch-cpu}.
	 */
	@JsonValue
	public String wire() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	/**
	 * The item of a name in JSON.
	 * @throws IllegalArgumentException if there is none
	 */
	@JsonCreator
	public static Item of(String wire) {
		return Arrays.stream(values())
			.filter((item) -> item.wire().equals(wire))
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException("no item of the checklist has that name"));
	}

}
