package dev.reprise.recipe;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import dev.reprise.recipe.Knob.Level;
import dev.reprise.recipe.Knob.When;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Every knob that Reprise knows, stated once: its value, when it is set, from which mode
 * on, why, and where that can be looked up. The contract's table and the user's page are
 * held to it by tests.
 */
public final class RecipeBook {

	private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

	private static final String NOTES = "PyTorch notes, Reproducibility";

	private static final String CUDA_NOTES = "PyTorch notes, CUDA semantics";

	private static final String CUDA_VARIABLES = "PyTorch documentation, CUDA Environment Variables";

	private static final String PYTHON_VARIABLES = "Python documentation, Command line and environment";

	private static final String OPENMP = "OpenMP specification, Environment variables";

	private static final String ONEMKL = "Intel oneMKL developer guide, ";

	private static final List<Row> ROWS = List.of(
	// @formatter:off
		seed("random.seed", Level.SEEDED, Item.PYTHON_RANDOM,
				"Without a seed the generator starts from the system's entropy, so shuffles and augmentations differ in every run.",
				NOTES + ", Python"),
		seed("numpy.random.seed", Level.SEEDED, Item.NUMPY,
				"Many data sets and augmentations draw from NumPy's global generator, which starts from the system's entropy without a seed.",
				NOTES + ", Random number generators in other libraries"),
		new Row("numpy.random.bit_generator.randbits", When.RUNTIME, Level.STRICT, Item.NUMPY, false,
				"seed; unseeded generators draw from a stream that it seeds",
				"The global seed does not reach default_rng() and RandomState() without an argument: those take system entropy each time.",
				"NumPy reference, Bit generators, SeedSequence", (ask) -> JSON.numberNode(ask.seed())),
		seed("torch.manual_seed", Level.SEEDED, Item.TORCH_CPU,
				"Initial weights, dropout, sampling and the order of a shuffled loader come from this generator.",
				NOTES + ", PyTorch random number generator"),
		seed("torch.cuda.manual_seed", Level.SEEDED, Item.TORCH_CUDA,
				"The current GPU has a generator of its own, for weights and dropout that are drawn there.",
				"PyTorch documentation, torch.cuda.manual_seed"),
		seed("torch.cuda.manual_seed_all", Level.SEEDED, Item.TORCH_CUDA,
				"Every other GPU of the process has a generator of its own as well.",
				"PyTorch documentation, torch.cuda.manual_seed_all"),
		new Row("torch.use_deterministic_algorithms", When.RUNTIME, Level.WARN, Item.DETERMINISTIC_ALGORITHMS, false,
				"\"warn\" in warn, \"error\" in strict",
				"Selects the deterministic algorithm of an operation where there is one; where there is none it warns, or in strict refuses.",
				"PyTorch documentation, torch.use_deterministic_algorithms",
				(ask) -> JSON.stringNode((ask.mode() == DeterminismMode.STRICT) ? "error" : "warn")),
		flag("torch.utils.deterministic.fill_uninitialized_memory", true, Level.WARN, Item.UNINITIALISED_MEMORY,
				"A tensor from torch.empty holds what the memory held before; filled with NaN, reading it cannot differ silently.",
				"PyTorch documentation, torch.utils.deterministic"),
		flag("torch.backends.cudnn.deterministic", true, Level.WARN, Item.CUDNN,
				"Some of cuDNN's convolutions add in an order that varies; this leaves only those that do not.",
				NOTES + ", CUDA convolution determinism"),
		flag("torch.backends.cudnn.benchmark", false, Level.WARN, Item.CUDNN,
				"Benchmarking picks the fastest convolution by a stopwatch, so another run may pick another one.",
				NOTES + ", CUDA convolution benchmarking"),
		flag("torch.backends.mkldnn.deterministic", true, Level.WARN, Item.DETERMINISTIC_ALGORITHMS,
				"Selects deterministic kernels of oneDNN, which computes convolutions and matrix products on CPU.",
				"PyTorch source, torch/backends/mkldnn"),
		flag("torch.backends.cudnn.allow_tf32", false, Level.WARN, Item.TF32,
				"TF32 rounds the factors of a product to ten bits, only on GPUs that have it; in convolutions it is on by default.",
				CUDA_NOTES + ", TensorFloat-32"),
		flag("torch.backends.cuda.matmul.allow_tf32", false, Level.WARN, Item.TF32,
				"With it, matrix products on GPUs that have TF32 round their factors to ten bits.",
				CUDA_NOTES + ", TensorFloat-32"),
		new Row("torch.backends.fp32_precision", When.RUNTIME, Level.WARN, Item.TF32, false, "\"ieee\"",
				"The newer name of the same setting; set after the two older ones, which could not be read any more otherwise.",
				CUDA_NOTES + ", TensorFloat-32", (ask) -> JSON.stringNode("ieee")),
		variable("NVIDIA_TF32_OVERRIDE", "0", Level.WARN, Item.TF32,
				"Turns TF32 off below PyTorch, in NVIDIA's own libraries, whatever a program asks for.",
				CUDA_VARIABLES),
		flag("torch.backends.cuda.matmul.allow_fp16_reduced_precision_reduction", false, Level.STRICT, Item.REDUCED_PRECISION,
				"Lets a product of float16 matrices keep partial sums in float16, where the split decides the rounding.",
				CUDA_NOTES + ", Reduced precision reduction in FP16 GEMMs"),
		flag("torch.backends.cuda.matmul.allow_bf16_reduced_precision_reduction", false, Level.STRICT, Item.REDUCED_PRECISION,
				"Lets a product of bfloat16 matrices keep partial sums in bfloat16, where the split decides the rounding.",
				CUDA_NOTES + ", Reduced precision reduction in BF16 GEMMs"),
		flag("torch.backends.cuda.matmul.allow_fp16_accumulation", false, Level.STRICT, Item.REDUCED_PRECISION,
				"With it, the whole sum of a float16 product is kept in float16.",
				CUDA_NOTES + ", Full FP16 accumulation in FP16 GEMMs"),
		flag("torch.backends.cuda.allow_fp16_bf16_reduction_math_sdp", false, Level.STRICT, Item.REDUCED_PRECISION,
				"Lets attention that is computed step by step keep partial sums in half precision.",
				"PyTorch documentation, torch.backends.cuda"),
		portableFlag("torch.backends.cuda.enable_flash_sdp",
				"Which attention kernel runs depends on the GPU; a run for any GPU keeps to the one that all have."),
		portableFlag("torch.backends.cuda.enable_mem_efficient_sdp", "Whether the memory-efficient attention kernel runs depends on the GPU too."),
		portableFlag("torch.backends.cuda.enable_cudnn_sdp", "Whether cuDNN's attention kernel runs depends on the GPU too."),
		new Row("torch.num_threads", When.RUNTIME, Level.SEEDED, Item.THREADS, false, "threads",
				"A sum that is split over another number of threads is rounded differently, in strict mode too.",
				"PyTorch documentation, torch.set_num_threads", (ask) -> JSON.numberNode(ask.threads())),
		threads("OMP_NUM_THREADS",
				"Whatever uses OpenMP takes its number of threads from here, before any library is loaded.",
				OPENMP),
		threads("MKL_NUM_THREADS", "MKL, which multiplies matrices on CPU, takes its number of threads from here.",
				ONEMKL + "Threading control"),
		variable("MKL_DYNAMIC", "FALSE", Level.SEEDED, Item.THREADS,
				"MKL may otherwise use fewer threads than it was told.",
				ONEMKL + "MKL_DYNAMIC"),
		variable("OMP_WAIT_POLICY", "PASSIVE", Level.SEEDED, Item.THREADS,
				"Threads that wait by spinning slow down every other job on the machine; it does not change the bits.",
				OPENMP),
		variable("PYTHONHASHSEED", "0", Level.SEEDED, Item.HASH_SEED,
				"The order of a set of strings follows a salt that is new in each process; a constant, since nothing is sampled with it.",
				PYTHON_VARIABLES),
		new Row(Knob.ADDRESS_LAYOUT, When.PROCESS, Level.STRICT, Item.HASH_SEED, false, "\"fixed\"",
				"The order of a set of objects follows their addresses, which the kernel randomises; started through setarch -R, where that is allowed.",
				"Linux manual pages, setarch(8) and personality(2)", (ask) -> JSON.stringNode("fixed")),
		variable("CUBLAS_WORKSPACE_CONFIG", ":4096:8", Level.SEEDED, Item.CUBLAS,
				"Without a fixed workspace cuBLAS may sum in another order when several streams run; read once, at the first call.",
				NOTES + ", and " + CUDA_VARIABLES),
		new Row("MKL_CBWR", When.PROCESS, Level.STRICT, Item.INSTRUCTION_SET, false,
				"AUTO; COMPATIBLE with portable",
				"MKL's result otherwise depends on how a buffer happens to be aligned, and with AUTO still on the processor.",
				ONEMKL + "Obtaining numerically reproducible results",
				(ask) -> JSON.stringNode(ask.portable() ? "COMPATIBLE" : "AUTO")),
		portableVariable("ATEN_CPU_CAPABILITY", "avx2",
				"PyTorch uses the widest vectors that the processor has, and their width decides the order of a sum.",
				"PyTorch source, aten/src/ATen/native/DispatchStub"),
		portableVariable("ONEDNN_MAX_CPU_ISA", "AVX2", "The vectors of oneDNN are as wide as the processor has them too, and their width decides the order of a sum.",
				"oneDNN documentation, CPU dispatcher control"),
		portableVariable("ONEDNN_DEFAULT_FPMATH_MODE", "STRICT",
				"Keeps oneDNN from computing float32 in a narrower type where the processor has one.",
				"oneDNN documentation, Floating-point math mode"),
		variable("TORCHINDUCTOR_DETERMINISTIC", "1", Level.WARN, Item.COMPILER,
				"The compiler otherwise chooses among kernels by measuring them.",
				"PyTorch source, torch/_inductor/config"),
		variable("TORCHINDUCTOR_CACHE_DIR", "/tmp/inductor", Level.WARN, Item.COMPILER,
				"A cache that is shared with other runs brings kernels that were chosen in those; the path is private to the run.",
				"PyTorch recipes, Compile Time Caching Configuration"),
		variable("TRITON_CACHE_DIR", "/tmp/triton", Level.WARN, Item.COMPILER, "Triton's cache of compiled kernels would be shared with other runs; the path is private to the run.",
				"PyTorch recipes, Compile Time Caching Configuration"),
		variable("NCCL_ALGO", "Ring", Level.WARN, Item.NCCL,
				"NCCL chooses how to sum across GPUs from size and topology, and the choice decides the order of the sum.",
				"NCCL documentation, Environment variables"),
		variable("NCCL_PROTO", "Simple", Level.WARN, Item.NCCL, "NCCL's protocol splits the data, and the split decides the order of the sum.",
				"NCCL documentation, Environment variables"),
		variable("LC_ALL", "C.UTF-8", Level.SEEDED, Item.PROCESS_ENVIRONMENT,
				"The locale decides sorting, case and the encoding of files.",
				"Linux manual pages, locale(7)"),
		variable("TZ", "UTC", Level.SEEDED, Item.PROCESS_ENVIRONMENT,
				"Times that a program writes or parses would follow the host's zone.",
				"Linux manual pages, tzset(3)"),
		variable("PYTHONDONTWRITEBYTECODE", "1", Level.SEEDED, Item.PROCESS_ENVIRONMENT,
				"Compiled modules beside the code hold the time of its last change and would count as outputs.",
				PYTHON_VARIABLES),
		variable("SOURCE_DATE_EPOCH", "0", Level.SEEDED, Item.PROCESS_ENVIRONMENT,
				"Writers of PDFs and archives take the date from it, where there would be the time of day.",
				"reproducible-builds.org, SOURCE_DATE_EPOCH specification"));
	// @formatter:on

	private RecipeBook() {
	}

	/**
	 * Every knob of a Python program, whatever the mode, in the order in which they are
	 * set: for documentation, and for what is read back when nothing was set.
	 */
	public static List<Row> allKnobs() {
		return ROWS;
	}

	/**
	 * Every knob of a program on the JVM, likewise.
	 */
	public static List<Row> jvmKnobs() {
		return JvmKnobs.ALL;
	}

	/**
	 * The row of a knob, if there is one of that name.
	 */
	public static Optional<Row> row(String name) {
		return Stream.concat(ROWS.stream(), JvmKnobs.ALL.stream()).filter((row) -> row.name().equals(name)).findFirst();
	}

	/**
	 * The rows of an item in Python, in order.
	 */
	public static List<Row> rows(Item item) {
		return ROWS.stream().filter((row) -> row.item() == item).toList();
	}

	/**
	 * The rows of an item on the JVM, in order.
	 */
	public static List<Row> jvmRows(Item item) {
		return JvmKnobs.ALL.stream().filter((row) -> row.item() == item).toList();
	}

	static List<Knob> resolve(List<Row> rows, Ask ask) {
		List<Knob> knobs = new ArrayList<>();
		for (Row row : rows) {
			if (ask.mode().sets(row.level()) && (ask.portable() || !row.portableOnly())) {
				knobs.add(row.knob(ask));
			}
		}
		return List.copyOf(knobs);
	}

	static Row seed(String name, Level level, Item item, String reason, String source) {
		return new Row(name, When.RUNTIME, level, item, false, "seed", reason, source,
				(ask) -> JSON.numberNode(ask.seed()));
	}

	private static Row flag(String name, boolean value, Level level, Item item, String reason, String source) {
		return new Row(name, When.RUNTIME, level, item, false, String.valueOf(value), reason, source,
				(ask) -> JSON.booleanNode(value));
	}

	private static Row portableFlag(String name, String reason) {
		return new Row(name, When.RUNTIME, Level.STRICT, Item.ATTENTION, true, "false", reason,
				"PyTorch documentation, torch.backends.cuda", (ask) -> JSON.booleanNode(false));
	}

	private static Row variable(String name, String value, Level level, Item item, String reason, String source) {
		return new Row(name, When.PROCESS, level, item, false, value, reason, source, (ask) -> JSON.stringNode(value));
	}

	private static Row portableVariable(String name, String value, String reason, String source) {
		return new Row(name, When.PROCESS, Level.STRICT, Item.INSTRUCTION_SET, true, value, reason, source,
				(ask) -> JSON.stringNode(value));
	}

	private static Row threads(String name, String reason, String source) {
		return new Row(name, When.PROCESS, Level.SEEDED, Item.THREADS, false, "threads", reason, source,
				(ask) -> JSON.stringNode(String.valueOf(ask.threads())));
	}

	/**
	 * What a value may depend on; nothing else of a spec reaches a knob.
	 */
	record Ask(DeterminismMode mode, int seed, int threads, boolean portable) {
	}

	/**
	 * The value of a knob for what is asked.
	 */
	@FunctionalInterface
	interface Value {

		JsonNode of(Ask ask);

	}

	/**
	 * One knob as the book has it, before a mode is chosen.
	 *
	 * @param name the name in the contract
	 * @param when when it has to be set
	 * @param level the least mode that sets it
	 * @param item the group of the checklist that it belongs to
	 * @param portableOnly whether it is set only where {@code portable} is asked for
	 * @param shownValue the value as a person reads it, with what it depends on
	 * @param reason why it is set
	 * @param source where the reason can be looked up
	 * @param value the value for what is asked
	 */
	public record Row(String name, When when, Level level, Item item, boolean portableOnly, String shownValue,
			String reason, String source, Value value) {

		private Knob knob(Ask ask) {
			return knob(this.value.of(ask));
		}

		Knob knob(JsonNode requested) {
			return new Knob(this.name, requested, this.when, this.level, this.item, this.reason, this.source);
		}

	}

}
