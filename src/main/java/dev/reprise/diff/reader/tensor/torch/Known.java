package dev.reprise.diff.reader.tensor.torch;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import dev.reprise.diff.reader.pickle.Allowed;
import dev.reprise.diff.reader.pickle.Value;
import dev.reprise.diff.reader.tensor.Dtype;

import org.jspecify.annotations.Nullable;

/**
 * The names that are understood in a pickle. Each either makes a tensor or an array, in a
 * way that is followed here, or stands for a plain value that its arguments say in full.
 */
final class Known implements Allowed {

	static final Set<String> REBUILD = Set.of("torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2",
			"torch._utils._rebuild_tensor_v3", "torch._utils._rebuild_parameter");

	static final String LOAD = "torch.storage._load_from_bytes";

	static final Set<String> NUMPY_MODULES = Set.of("numpy.core.multiarray", "numpy._core.multiarray",
			"numpy.core.numeric", "numpy._core.numeric", "numpy");

	static final Set<String> NUMPY = Set.of("_reconstruct", "scalar", "_frombuffer", "dtype", "ndarray");

	private static final Map<String, Dtype> STORAGES = Map.ofEntries(Map.entry("DoubleStorage", Dtype.F64),
			Map.entry("FloatStorage", Dtype.F32), Map.entry("HalfStorage", Dtype.F16),
			Map.entry("BFloat16Storage", Dtype.BF16), Map.entry("LongStorage", Dtype.I64),
			Map.entry("IntStorage", Dtype.I32), Map.entry("ShortStorage", Dtype.I16),
			Map.entry("CharStorage", Dtype.I8), Map.entry("ByteStorage", Dtype.U8),
			Map.entry("BoolStorage", Dtype.BOOL), Map.entry("ComplexDoubleStorage", Dtype.C128),
			Map.entry("ComplexFloatStorage", Dtype.C64), Map.entry("UntypedStorage", Dtype.U8));

	private static final Map<String, Dtype> DTYPES = Map.ofEntries(Map.entry("float64", Dtype.F64),
			Map.entry("float32", Dtype.F32), Map.entry("float16", Dtype.F16), Map.entry("bfloat16", Dtype.BF16),
			Map.entry("float8_e4m3fn", Dtype.F8_E4M3), Map.entry("float8_e5m2", Dtype.F8_E5M2),
			Map.entry("float8_e4m3fnuz", Dtype.F8_E4M3FNUZ), Map.entry("float8_e5m2fnuz", Dtype.F8_E5M2FNUZ),
			Map.entry("float8_e8m0fnu", Dtype.F8_E8M0), Map.entry("int64", Dtype.I64), Map.entry("int32", Dtype.I32),
			Map.entry("int16", Dtype.I16), Map.entry("int8", Dtype.I8), Map.entry("uint64", Dtype.U64),
			Map.entry("uint32", Dtype.U32), Map.entry("uint16", Dtype.U16), Map.entry("uint8", Dtype.U8),
			Map.entry("bool", Dtype.BOOL), Map.entry("complex32", Dtype.C32), Map.entry("complex64", Dtype.C64),
			Map.entry("complex128", Dtype.C128));

	/** Values of the standard library and of torch that their arguments say in full. */
	private static final Set<String> PLAIN = Set.of("torch.device", "torch.Size", "torch.strided", "builtins.complex",
			"builtins.slice", "builtins.range", "argparse.Namespace", "types.SimpleNamespace", "decimal.Decimal",
			"fractions.Fraction", "datetime.datetime", "datetime.date", "datetime.time", "datetime.timedelta",
			"datetime.timezone");

	private static final Set<String> PATHS = Set.of("PosixPath", "PurePosixPath", "WindowsPath", "PureWindowsPath",
			"Path");

	/** Made of the sets above. */
	static final Known NAMES = new Known();

	private final Set<String> names = new HashSet<>(PLAIN);

	private Known() {
		this.names.addAll(REBUILD);
		this.names.add(LOAD);
		STORAGES.keySet().forEach((name) -> {
			this.names.add("torch." + name);
			this.names.add("torch.storage." + name);
			this.names.add("torch.cuda." + name);
		});
		DTYPES.keySet().forEach((name) -> this.names.add("torch." + name));
		PATHS.forEach((name) -> {
			this.names.add("pathlib." + name);
			this.names.add("pathlib._local." + name);
		});
	}

	@Override
	public boolean knows(Value.Global global) {
		return this.names.contains(global.inFull())
				|| (NUMPY_MODULES.contains(global.module()) && NUMPY.contains(global.name()));
	}

	/**
	 * Type of a storage's elements; null where the name is of no storage.
	 */
	static @Nullable Dtype storage(Value.Global global) {
		return Set.of("torch", "torch.storage", "torch.cuda").contains(global.module()) ? STORAGES.get(global.name())
				: null;
	}

	/**
	 * The type of that name; null where it is of none.
	 */
	static @Nullable Dtype dtype(Value value) {
		return (value instanceof Value.Global global && global.module().equals("torch")) ? DTYPES.get(global.name())
				: null;
	}

	/**
	 * Whether numpy makes something under that name.
	 */
	static boolean numpy(Value.Global global, String name) {
		return NUMPY_MODULES.contains(global.module()) && global.name().equals(name);
	}

}
