package dev.reprise.agent;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * What an optimizer keeps from step to step, one of DJL's or of the program's own: maps
 * by a parameter's id, and in these by device. Numbers, texts and trackers of rates are
 * its settings.
 */
final class OptimizerState {

	private final Arrays128 arrays;

	private final Roots roots;

	private final Class<?> tracker;

	/**
	 * From a trainer to its optimizer.
	 */
	private final List<Field> way;

	private final Map<Class<?>, List<Field>> fields = new HashMap<>();

	OptimizerState(Arrays128 arrays, Roots roots, ClassLoader loader) throws ReflectiveOperationException {
		this.arrays = arrays;
		this.roots = roots;
		this.tracker = Class.forName("ai.djl.training.tracker.ParameterTracker", false, loader);
		this.way = List.of(field(loader, "ai.djl.training.Trainer", "parameterStore"),
				field(loader, "ai.djl.training.ParameterStore", "parameterServer"),
				field(loader, "ai.djl.training.LocalParameterServer", "optimizer"));
	}

	private static Field field(ClassLoader loader, String type, String name) throws ReflectiveOperationException {
		Field field = Class.forName(type, false, loader).getDeclaredField(name);
		field.setAccessible(true);
		return field;
	}

	/**
	 * The values by parameter and field, {@code 01Linear_weight.means}; what an optimizer
	 * keeps beside its parameters is {@code @.FIELD}.
	 * @param parameters by name
	 * @param unread is told, in half a sentence, of what cannot be read
	 * @throws ReflectiveOperationException if DJL is not as expected
	 */
	Map<String, byte[]> read(Object trainer, Map<String, Object> parameters, Consumer<String> unread)
			throws ReflectiveOperationException {
		Object optimizer = trainer;
		for (Field step : this.way) {
			if (!step.getDeclaringClass().isInstance(optimizer)) {
				unread.accept(type(optimizer) + " is no " + step.getDeclaringClass().getName());
				return Map.of();
			}
			optimizer = step.get(optimizer);
		}
		Map<String, byte[]> found = new LinkedHashMap<>();
		Map<String, Map<?, ?>> maps = new LinkedHashMap<>();
		for (Field field : fields(optimizer.getClass())) {
			Object value = field.get(optimizer);
			String name = field.getName();
			if (value instanceof Map<?, ?> map && map.keySet().stream().allMatch(this::isParameter)) {
				maps.put(name, map);
			}
			else if (!isSetting(value)) {
				found.put("@." + name, fingerprint(value, field, unread));
			}
		}
		for (Map.Entry<String, Object> parameter : parameters.entrySet()) {
			String id = this.arrays.id(parameter.getValue());
			for (Field field : fields(optimizer.getClass())) {
				Object value = maps.getOrDefault(field.getName(), Map.of()).get(id);
				if (value != null) {
					found.put(parameter.getKey() + "." + field.getName(), fingerprint(value, field, unread));
				}
			}
		}
		return found;
	}

	private List<Field> fields(Class<?> optimizer) {
		return this.fields.computeIfAbsent(optimizer, (missing) -> {
			List<Field> found = new ArrayList<>();
			for (Class<?> type = optimizer; type != null; type = type.getSuperclass()) {
				for (Field field : type.getDeclaredFields()) {
					if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
						field.setAccessible(true);
						found.add(field);
					}
				}
			}
			return found;
		});
	}

	private boolean isParameter(@Nullable Object key) {
		return key instanceof String id && this.roots.isParameter(id);
	}

	private boolean isSetting(@Nullable Object value) {
		return value == null || value instanceof Number || value instanceof CharSequence || value instanceof Boolean
				|| value instanceof Enum<?> || this.tracker.isInstance(value);
	}

	private byte[] fingerprint(Object value, Field field, Consumer<String> unread) throws ReflectiveOperationException {
		if (this.arrays.isArray(value)) {
			return this.arrays.fingerprint(value);
		}
		if (value instanceof Integer || value instanceof Long) {
			return Arrays128.said("int:" + value);
		}
		if (value instanceof Map<?, ?> map && map.values().stream().allMatch(this.arrays::isArray)) {
			Map<String, byte[]> parts = new TreeMap<>();
			for (Map.Entry<?, ?> part : map.entrySet()) {
				parts.put(String.valueOf(part.getKey()), this.arrays.fingerprint(part.getValue()));
			}
			return (parts.size() == 1) ? parts.values().iterator().next()
					: Arrays128.joined(String.join("\n", parts.keySet()), List.copyOf(parts.values()));
		}
		unread.accept(
				"what " + field.getDeclaringClass().getName() + " keeps in " + field.getName() + ", a " + type(value));
		return Arrays128.UNREAD;
	}

	private static String type(@Nullable Object value) {
		return (value != null) ? value.getClass().getName() : "nothing";
	}

}
