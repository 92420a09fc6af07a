package dev.reprise.agent;

import java.lang.foreign.MemorySegment;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Reads DJL's arrays and models, of which the agent knows the names alone, and gives
 * fingerprints of them.
 */
final class Arrays128 {

	static final byte[] VACUOUS = special(1);

	static final byte[] UNREAD = special(2);

	private final Class<?> array;

	private final Method bytes;

	private final Method type;

	private final Method shape;

	private final Method dimensions;

	private final Method gradient;

	private final Method closes;

	private final Method model;

	private final Method block;

	private final Method children;

	private final Method parameters;

	private final Method key;

	private final Method value;

	private final Method initialized;

	private final Method id;

	private final Method trained;

	private final Method held;

	Arrays128(ClassLoader loader) throws ReflectiveOperationException {
		this.array = Class.forName("ai.djl.ndarray.NDArray", false, loader);
		this.bytes = this.array.getMethod("toByteBuffer", boolean.class);
		this.type = this.array.getMethod("getDataType");
		this.shape = this.array.getMethod("getShape");
		this.gradient = this.array.getMethod("getGradient");
		this.closes = this.array.getMethod("close");
		this.dimensions = Class.forName("ai.djl.ndarray.types.Shape", false, loader).getMethod("getShape");
		this.model = Class.forName("ai.djl.training.Trainer", false, loader).getMethod("getModel");
		this.block = Class.forName("ai.djl.Model", false, loader).getMethod("getBlock");
		Class<?> part = Class.forName("ai.djl.nn.Block", false, loader);
		this.parameters = part.getMethod("getParameters");
		this.children = part.getMethod("getChildren");
		Class<?> pair = Class.forName("ai.djl.util.Pair", false, loader);
		this.key = pair.getMethod("getKey");
		this.value = pair.getMethod("getValue");
		Class<?> parameter = Class.forName("ai.djl.nn.Parameter", false, loader);
		this.id = parameter.getMethod("getId");
		this.initialized = parameter.getMethod("isInitialized");
		this.trained = parameter.getMethod("requiresGradient");
		this.held = parameter.getMethod("getArray");
	}

	private static byte[] special(int value) {
		byte[] bytes = new byte[16];
		bytes[0] = (byte) value;
		return bytes;
	}

	/**
	 * The fingerprint of an array.
	 * @throws ReflectiveOperationException if it is no array of DJL's
	 */
	byte[] fingerprint(Object one) throws ReflectiveOperationException {
		try {
			ByteBuffer data = (ByteBuffer) this.bytes.invoke(one, true);
			if (!data.hasRemaining()) {
				return VACUOUS;
			}
			return Xxh3.hash128(MemorySegment.ofBuffer(data), Xxh3.hash64(text(one).getBytes(StandardCharsets.UTF_8)))
				.bytes();
		}
		catch (InvocationTargetException ex) {
			return UNREAD;
		}
	}

	private String text(Object one) throws ReflectiveOperationException {
		StringBuilder text = new StringBuilder(String.valueOf(this.type.invoke(one)).toLowerCase(Locale.ROOT));
		char between = ':';
		long[] sizes = (long[]) this.dimensions.invoke(this.shape.invoke(one));
		if (sizes.length == 0) {
			text.append(':');
		}
		for (long size : sizes) {
			text.append(between).append(size);
			between = ',';
		}
		return text.toString();
	}

	/**
	 * One value for what a model or a block takes or gives, in most cases one array.
	 */
	byte[] of(Object given) throws ReflectiveOperationException {
		if (!(given instanceof Iterable<?> list)) {
			return UNREAD;
		}
		List<byte[]> values = new ArrayList<>();
		for (Object one : list) {
			values.add(isArray(one) ? fingerprint(one) : UNREAD);
		}
		return (values.size() == 1) ? values.getFirst() : joined("[" + "T,".repeat(values.size()) + "]", values);
	}

	/**
	 * One value for several. A part that is unread makes the whole unread: equal would
	 * not mean equal.
	 */
	static byte[] joined(String text, List<byte[]> values) {
		if (values.stream().anyMatch((value) -> Arrays.equals(value, UNREAD))) {
			return UNREAD;
		}
		return values.stream().allMatch((value) -> Arrays.equals(value, VACUOUS)) ? VACUOUS : hashed(text, values);
	}

	/**
	 * The value of something that is no array.
	 */
	static byte[] said(String text) {
		return hashed(text, List.of());
	}

	private static byte[] hashed(String text, List<byte[]> values) {
		byte[] head = text.getBytes(StandardCharsets.UTF_8);
		ByteBuffer all = ByteBuffer.allocate(head.length + 1 + 16 * values.size()).put(head).put((byte) 0);
		values.forEach(all::put);
		return Xxh3.hash128(MemorySegment.ofBuffer(all.flip()), 0).bytes();
	}

	/**
	 * The value of an array that is one number of 32 or 64 bits, null where it is none.
	 */
	@Nullable Double number(Object one) throws ReflectiveOperationException {
		ByteBuffer data = ((ByteBuffer) this.bytes.invoke(one, true)).order(ByteOrder.nativeOrder());
		return switch (String.valueOf(this.type.invoke(one)).toLowerCase(Locale.ROOT)) {
			case "float32" -> (data.remaining() == 4) ? (Double) (double) data.getFloat(data.position()) : null;
			case "float64" -> (data.remaining() == 8) ? (Double) data.getDouble(data.position()) : null;
			default -> null;
		};
	}

	/**
	 * The model that a trainer trains.
	 */
	Object block(Object trainer) throws ReflectiveOperationException {
		return this.block.invoke(this.model.invoke(trainer));
	}

	/**
	 * The blocks that a block has, by its own names of them.
	 */
	Map<String, Object> children(Object parent) throws ReflectiveOperationException {
		return pairs(this.children.invoke(parent));
	}

	/**
	 * The parameters of a block, by its own names of them.
	 */
	Map<String, Object> parameters(Object within) throws ReflectiveOperationException {
		return pairs(this.parameters.invoke(within));
	}

	boolean isInitialized(Object parameter) throws ReflectiveOperationException {
		return Boolean.TRUE.equals(this.initialized.invoke(parameter));
	}

	/**
	 * Type and shape of a parameter, nothing where it has no value.
	 */
	String described(Object parameter) throws ReflectiveOperationException {
		return isInitialized(parameter) ? text(this.held.invoke(parameter)) : "";
	}

	private Map<String, Object> pairs(Object list) throws ReflectiveOperationException {
		Map<String, Object> found = new LinkedHashMap<>();
		for (Object pair : (Iterable<?>) list) {
			found.put(String.valueOf(this.key.invoke(pair)), this.value.invoke(pair));
		}
		return found;
	}

	/**
	 * The id of a parameter, which is new in each run.
	 */
	String id(Object parameter) throws ReflectiveOperationException {
		return String.valueOf(this.id.invoke(parameter));
	}

	boolean isTrained(Object parameter) throws ReflectiveOperationException {
		return Boolean.TRUE.equals(this.trained.invoke(parameter));
	}

	byte[] value(Object parameter) throws ReflectiveOperationException {
		return fingerprint(this.held.invoke(parameter));
	}

	byte @Nullable [] gradient(Object parameter) throws ReflectiveOperationException {
		Object found;
		try {
			found = this.gradient.invoke(this.held.invoke(parameter));
		}
		catch (InvocationTargetException ex) {
			return null;
		}
		if (found == null) {
			return null;
		}
		try {
			return fingerprint(found);
		}
		finally {
			this.closes.invoke(found);
		}
	}

	boolean isArray(@Nullable Object value) {
		return this.array.isInstance(value);
	}

}
