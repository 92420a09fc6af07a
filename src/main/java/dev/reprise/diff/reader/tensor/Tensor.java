package dev.reprise.diff.reader.tensor;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

import dev.reprise.diff.reader.bytes.NotReadException;

/**
 * One tensor of a file.
 *
 * @param name its name in the file
 * @param dtype what its elements are
 * @param shape its dimensions, none for a scalar
 * @param columnsFirst whether the first dimension varies fastest (Fortran's order)
 * @param bigEndian whether the most significant byte of an element comes first
 * @param source where its bytes are
 */
record Tensor(String name, Dtype dtype, List<Long> shape, boolean columnsFirst, boolean bigEndian, Source source) {

	/**
	 * Most dimensions that are read; numpy has 64 at the most.
	 */
	static final int MAX_DIMENSIONS = 64;

	Tensor {
		shape = List.copyOf(shape);
	}

	/**
	 * Elements of a shape, at most as many as a file could hold.
	 * @throws NotReadException if a dimension is negative or the product overflows
	 */
	static long elements(List<Long> shape, Dtype dtype) throws NotReadException {
		if (shape.size() > MAX_DIMENSIONS) {
			throw new NotReadException("a tensor has more than " + MAX_DIMENSIONS + " dimensions");
		}
		try {
			long elements = 1;
			for (long dimension : shape) {
				if (dimension < 0) {
					throw new NotReadException("a tensor has a negative dimension");
				}
				elements = Math.multiplyExact(elements, dimension);
			}
			Math.multiplyExact(elements, dtype.bytes());
			return elements;
		}
		catch (ArithmeticException ex) {
			throw new NotReadException("a tensor's shape is larger than any file");
		}
	}

	long elements() {
		return this.shape.stream().mapToLong(Long::longValue).reduce(1, (a, b) -> a * b);
	}

	long bytes() {
		return elements() * this.dtype.bytes();
	}

	/**
	 * Whether the order of its elements in the file is that of another tensor of its
	 * shape; it always is with one dimension that is not 1.
	 */
	boolean laidOutAs(Tensor other) {
		return this.columnsFirst == other.columnsFirst
				|| this.shape.stream().filter((dimension) -> dimension != 1).count() < 2;
	}

	/**
	 * The index of an element, from its place in the file.
	 */
	List<Long> index(long place) {
		Long[] index = new Long[this.shape.size()];
		long rest = place;
		for (int i = 0; i < index.length; i++) {
			int dimension = this.columnsFirst ? i : index.length - 1 - i;
			long extent = this.shape.get(dimension);
			index[dimension] = rest % extent;
			rest /= extent;
		}
		return List.of(index);
	}

	/**
	 * The place in the file of the element at an index.
	 */
	long place(List<Long> index) {
		long place = 0;
		for (int i = 0; i < index.size(); i++) {
			int dimension = this.columnsFirst ? index.size() - 1 - i : i;
			place = place * this.shape.get(dimension) + index.get(dimension);
		}
		return place;
	}

	/**
	 * Where a tensor's bytes are.
	 */
	@FunctionalInterface
	interface Source {

		/**
		 * A stream over the tensor's bytes, to be closed.
		 */
		InputStream open() throws IOException;

	}

}
