package dev.reprise.agent;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/**
 * PyTorch's switches, which DJL has no names for, by the symbols of its library. None of
 * those that are called can throw.
 *
 * <p>
 * All are called in one form, since the JVM makes code for each form that it is told of,
 * which would take more of a short start than all else: up to three words in and one out.
 * On x86-64, for which the library is, they travel in the same registers whatever they
 * are, the place for a result that is larger being the first word in.
 */
@SuppressWarnings("restricted")
final class Torch {

	static final String DETERMINISTIC = "torch.use_deterministic_algorithms";

	static final String SEED = "torch.manual_seed";

	static final String THREADS = "torch.num_threads";

	static final String INTEROP_THREADS = "torch.num_interop_threads";

	/**
	 * Of {@code at::mt19937}: a seed of 8 bytes, how many are left, whether it is seeded,
	 * the next, and 624 numbers.
	 */
	private static final long ENGINE_BYTES = 8 + 4 + 4 + 4 + 624 * 4;

	private static final String GET = "_ZNK2at7Context";

	private static final String SET = "_ZN2at7Context";

	/**
	 * Switches that are on or off: the knob, what reads it, what sets it.
	 */
	static final List<Switch> SWITCHES = List.of(
			new Switch("torch.utils.deterministic.fill_uninitialized_memory",
					"36deterministicFillUninitializedMemoryEv", "39setDeterministicFillUninitializedMemoryEb"),
			new Switch("torch.backends.cudnn.deterministic", "18deterministicCuDNNEv", "21setDeterministicCuDNNEb"),
			new Switch("torch.backends.cudnn.benchmark", "14benchmarkCuDNNEv", "17setBenchmarkCuDNNEb"),
			new Switch("torch.backends.mkldnn.deterministic", "19deterministicMkldnnEv", "22setDeterministicMkldnnEb"),
			new Switch("torch.backends.cudnn.allow_tf32", "14allowTF32CuDNNEv", "17setAllowTF32CuDNNEb"),
			new Switch("torch.backends.cuda.matmul.allow_tf32", "15allowTF32CuBLASEv", "18setAllowTF32CuBLASEb"),
			new Switch("torch.backends.cuda.matmul.allow_fp16_reduced_precision_reduction",
					"24allowFP16ReductionCuBLASEv", "27setAllowFP16ReductionCuBLASEb"),
			new Switch("torch.backends.cuda.matmul.allow_bf16_reduced_precision_reduction",
					"24allowBF16ReductionCuBLASEv", "27setAllowBF16ReductionCuBLASEb"),
			new Switch("torch.backends.cuda.matmul.allow_fp16_accumulation", "27allowFP16AccumulationCuBLASEv",
					"30setAllowFP16AccumulationCuBLASEb"),
			new Switch("torch.backends.cuda.allow_fp16_bf16_reduction_math_sdp", "29allowFP16BF16ReductionMathSDPEv",
					"32setAllowFP16BF16ReductionMathSDPEb"),
			new Switch("torch.backends.cuda.enable_flash_sdp", "19userEnabledFlashSDPEv", "14setSDPUseFlashEb"),
			new Switch("torch.backends.cuda.enable_mem_efficient_sdp", "26userEnabledMemEfficientSDPEv",
					"21setSDPUseMemEfficientEb"),
			new Switch("torch.backends.cuda.enable_cudnn_sdp", "19userEnabledCuDNNSDPEv", "14setSDPUseCuDNNEb"));

	private final SymbolLookup symbols;

	private final Map<String, MemorySegment> functions = new ConcurrentHashMap<>();

	private final long context;

	private Torch(SymbolLookup symbols) throws Throwable {
		this.symbols = symbols;
		this.context = call("_ZN2at13globalContextEv", 0, 0, 0);
	}

	/**
	 * Opens the library that the engine has loaded.
	 * @param folder where DJL keeps it
	 * @throws Throwable if it is not as expected
	 */
	static Torch open(Path folder) throws Throwable {
		return new Torch(SymbolLookup.libraryLookup(folder.resolve("libtorch_cpu.so"), Arena.global())
			.or(SymbolLookup.libraryLookup(folder.resolve("libc10.so"), Arena.global())));
	}

	/**
	 * Sets every switch that is requested.
	 * @throws Throwable if a symbol is not there
	 */
	void set(Job job) throws Throwable {
		Object deterministic = job.knobs().get(DETERMINISTIC);
		if (deterministic != null) {
			call(SET + "26setDeterministicAlgorithmsEbb", this.context, 1, "warn".equals(deterministic) ? 1 : 0);
		}
		for (Switch one : SWITCHES) {
			if (job.knobs().get(one.knob()) instanceof Boolean value) {
				call(SET + one.set(), this.context, value ? 1 : 0, 0);
			}
		}
	}

	/**
	 * Reads every knob of the library.
	 * @throws Throwable if a symbol is not there
	 */
	Map<String, Object> read() throws Throwable {
		Map<String, Object> read = new LinkedHashMap<>();
		read.put(SEED, seed());
		Object mode = flag("31deterministicAlgorithmsWarnOnlyEv") ? "warn" : "error";
		read.put(DETERMINISTIC, flag("23deterministicAlgorithmsEv") ? mode : false);
		for (Switch one : SWITCHES) {
			read.put(one.knob(), flag(one.get()));
		}
		read.put(THREADS, number("_ZN2at15get_num_threadsEv"));
		read.put(INTEROP_THREADS, number("_ZN2at23get_num_interop_threadsEv"));
		return read;
	}

	/**
	 * Seeds the generator of the CPU.
	 */
	void seed(long seed) throws Throwable {
		call("_ZN2at16CPUGeneratorImpl16set_current_seedEm", generator(), seed, 0);
	}

	/**
	 * The seed that is in force on the CPU.
	 */
	long seed() throws Throwable {
		return call("_ZNK2at16CPUGeneratorImpl12current_seedEv", generator(), 0, 0);
	}

	/**
	 * The generator of the CPU, {@code at::CPUGeneratorImpl}.
	 */
	private long generator() throws Throwable {
		return at(call("_ZN2at6detail22getDefaultCPUGeneratorEv", 0, 0, 0), ValueLayout.JAVA_LONG.byteSize())
			.get(ValueLayout.JAVA_LONG, 0);
	}

	/**
	 * The fingerprint of the state of the CPU's generator: seed, place and numbers of its
	 * Mersenne twister.
	 */
	byte[] generatorFingerprint() throws Throwable {
		try (Arena arena = Arena.ofConfined()) {
			MemorySegment engine = arena.allocate((ENGINE_BYTES + 7) / 8 * 8, 8);
			call("_ZN2at16CPUGeneratorImpl6engineEv", engine.address(), generator(), 0);
			if (engine.get(ValueLayout.JAVA_LONG, 0) != seed()) {
				return Arrays128.UNREAD;
			}
			// What lies between the fields is whatever was there before.
			engine.asSlice(13, 3).fill((byte) 0);
			return Xxh3.hash128(engine.asSlice(0, ENGINE_BYTES), 0).bytes();
		}
	}

	/**
	 * The vectors that the library computes with: DEFAULT, AVX2 or AVX512.
	 */
	String capability() {
		try {
			// A std::string that the caller makes room for: short ones lie in it.
			try (Arena arena = Arena.ofConfined()) {
				MemorySegment text = arena.allocate(32, 8);
				call("_ZN2at18get_cpu_capabilityB5cxx11Ev", text.address(), 0, 0);
				long length = text.get(ValueLayout.JAVA_LONG, 8);
				return (length < 16) ? text.asSlice(16, length + 1).getString(0) : "unknown";
			}
		}
		catch (Throwable ex) {
			return "unknown";
		}
	}

	private boolean flag(String getter) throws Throwable {
		return (call(GET + getter, this.context, 0, 0) & 0xFF) != 0;
	}

	private int number(String getter) throws Throwable {
		return (int) call(getter, 0, 0, 0);
	}

	/**
	 * Calls a function of the library.
	 * @throws Throwable if there is none of that name
	 */
	long call(String symbol, long first, long second, long third) throws Throwable {
		return call(this.functions.computeIfAbsent(symbol, this::address), first, second, third);
	}

	static long call(MemorySegment function, long first, long second, long third) throws Throwable {
		return (long) Form.CALL.invokeExact(function, first, second, third);
	}

	/**
	 * The memory at an address of the library.
	 */
	static MemorySegment at(long address, long bytes) {
		return MemorySegment.ofAddress(address).reinterpret(bytes);
	}

	private MemorySegment address(String symbol) {
		Optional<MemorySegment> address = this.symbols.find(symbol);
		return address.orElseThrow(() -> new IllegalStateException("PyTorch's library has no symbol " + symbol));
	}

	/**
	 * Calls a function of the C library that takes nothing and gives text.
	 */
	static @Nullable String text(String function) {
		try {
			MemorySegment found = Linker.nativeLinker().defaultLookup().find(function).orElseThrow();
			return at(call(found, 0, 0, 0), 256).getString(0);
		}
		catch (Throwable ex) {
			return null;
		}
	}

	/**
	 * Has the JVM make the code for such calls now.
	 */
	static void prepare() {
		text("gnu_get_libc_version");
	}

	/**
	 * Of all calls; made as the first is.
	 */
	private static final class Form {

		private static final MethodHandle CALL = Linker.nativeLinker()
			.downcallHandle(FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG,
					ValueLayout.JAVA_LONG));

	}

	/**
	 * One switch.
	 *
	 * @param knob its name in the recipe
	 * @param get the symbol that reads it, after the class
	 * @param set the symbol that sets it, after the class
	 */
	record Switch(String knob, String get, String set) {
	}

}
