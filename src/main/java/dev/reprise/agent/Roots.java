package dev.reprise.agent;

import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * The models that are trained, and the names of what is in them. Those of the second and
 * of later ones begin with {@code #2.}, {@code #3.} in the order in which they are first
 * used. One that is made anew when a trainer of one of the same class and parameters was
 * closed takes its names.
 */
final class Roots {

	private final Arrays128 arrays;

	private final IdentityHashMap<Object, Root> open = new IdentityHashMap<>();

	private final Map<String, PriorityQueue<Integer>> free = new HashMap<>();

	private final Set<String> parameters = new HashSet<>();

	private int made;

	Roots(Arrays128 arrays) {
		this.arrays = arrays;
	}

	/**
	 * The model of a trainer.
	 * @throws ReflectiveOperationException if DJL is not as expected
	 */
	Root of(Object trainer) throws ReflectiveOperationException {
		Object block = this.arrays.block(trainer);
		Root known = this.open.get(block);
		if (known != null) {
			return known;
		}
		StringBuilder signature = new StringBuilder(block.getClass().getName());
		for (Map.Entry<String, Object> parameter : this.arrays.parameters(block).entrySet()) {
			this.parameters.add(this.arrays.id(parameter.getValue()));
			signature.append('\n').append(parameter.getKey()).append(this.arrays.described(parameter.getValue()));
		}
		PriorityQueue<Integer> before = this.free.computeIfAbsent(signature.toString(),
				(missing) -> new PriorityQueue<>());
		Integer number = before.poll();
		Root root = new Root(block, (number != null) ? number : ++this.made, before);
		this.open.put(block, root);
		return root;
	}

	/**
	 * A trainer is about to be closed: the next model of the kind takes the place of what
	 * it trained.
	 * @throws ReflectiveOperationException if DJL is not as expected
	 */
	void closed(Object trainer) throws ReflectiveOperationException {
		Root root = this.open.remove(this.arrays.block(trainer));
		if (root != null) {
			root.siblings.add(root.number);
		}
	}

	/**
	 * Whether a parameter of that id is or was one of a model that is trained.
	 */
	boolean isParameter(String id) {
		return this.parameters.contains(id);
	}

	/**
	 * One model.
	 */
	final class Root {

		private final Object block;

		private final int number;

		private final PriorityQueue<Integer> siblings;

		private final IdentityHashMap<Object, String> names = new IdentityHashMap<>();

		Root(Object block, int number, PriorityQueue<Integer> siblings) {
			this.block = block;
			this.number = number;
			this.siblings = siblings;
			this.names.put(block, name());
		}

		/**
		 * The name of the model itself, with which those of its parts begin.
		 */
		String name() {
			return (this.number == 1) ? "" : "#" + this.number + ".";
		}

		/**
		 * The name of a block within it, as those of parameters are made; one that the
		 * model does not tell of is called by its class. That of the model itself is
		 * {@link #name()}.
		 * @throws ReflectiveOperationException if DJL is not as expected
		 */
		String name(Object within) throws ReflectiveOperationException {
			if (!this.names.containsKey(within)) {
				collect(this.block, name());
			}
			return this.names.computeIfAbsent(within, (one) -> "<" + one.getClass().getSimpleName() + ">");
		}

		private void collect(Object parent, String before) throws ReflectiveOperationException {
			for (Map.Entry<String, Object> child : Roots.this.arrays.children(parent).entrySet()) {
				if (this.names.putIfAbsent(child.getValue(), before + child.getKey()) == null) {
					collect(child.getValue(), before + child.getKey() + "_");
				}
			}
		}

		/**
		 * Its parameters that have values, by name.
		 * @throws ReflectiveOperationException if DJL is not as expected
		 */
		Map<String, Object> parameters() throws ReflectiveOperationException {
			Map<String, Object> found = new LinkedHashMap<>();
			for (Map.Entry<String, Object> parameter : Roots.this.arrays.parameters(this.block).entrySet()) {
				if (Roots.this.arrays.isInitialized(parameter.getValue())) {
					found.put(name() + parameter.getKey(), parameter.getValue());
				}
			}
			return found;
		}

	}

}
