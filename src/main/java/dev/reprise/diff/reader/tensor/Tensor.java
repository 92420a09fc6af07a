package dev.reprise.diff.reader.tensor;

import java.util.List;
import java.util.stream.IntStream;

import dev.reprise.diff.reader.bytes.Extent;
import dev.reprise.diff.reader.bytes.NotReadException;

/**
 * One tensor of a file.
 *
 * @param name its name in the file
 * @param dtype what its elements are
 * @param shape its dimensions, none for a scalar
 * @param order its dimensions by how they lie in the file, the one that varies slowest
 * first: 0, 1, 2… in C's order, the reverse in Fortran's
 * @param bigEndian whether the most significant byte of an element comes first
 * @param source where its bytes are
 */
public record Tensor(String name, Dtype dtype, List<Long> shape, List<Integer> order, boolean bigEndian,
		Extent source) {

	/**
	 * Most dimensions that are read; numpy has 64 at the most.
	 */
	public static final int MAX_DIMENSIONS = 64;

	public Tensor {
		shape = List.copyOf(shape);
		order = List.copyOf(order);
	}

	/**
	 * The order of C or of Fortran.
	 */
	public static List<Integer> order(int dimensions, boolean columnsFirst) {
		List<Integer> order = IntStream.range(0, dimensions).boxed().toList();
		return columnsFirst ? order.reversed() : order;
	}

	/**
	 * Elements of a shape, at most as many as a file could hold.
	 * @throws NotReadException if a dimension is negative or the product overflows
	 */
	public static long elements(List<Long> shape, Dtype dtype) throws NotReadException {
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

	/**
	 * How many elements it has.
	 */
	public long elements() {
		return this.shape.stream().mapToLong(Long::longValue).reduce(1, (a, b) -> a * b);
	}

	/**
	 * Bytes that its elements take.
	 */
	public long bytes() {
		return elements() * this.dtype.bytes();
	}

	/**
	 * Whether the order of its elements in the file is that of another tensor of its
	 * shape; it always is with one dimension that is not 1.
	 */
	boolean laidOutAs(Tensor other) {
		return this.order.stream()
			.filter((dimension) -> this.shape.get(dimension) != 1)
			.toList()
			.equals(other.order.stream().filter((dimension) -> other.shape.get(dimension) != 1).toList());
	}

	/**
	 * The index of an element, from its place in the file.
	 */
	List<Long> index(long place) {
		Long[] index = new Long[this.shape.size()];
		long rest = place;
		for (int i = 0; i < index.length; i++) {
			int dimension = this.order.get(index.length - 1 - i);
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
		for (int dimension : this.order) {
			place = place * this.shape.get(dimension) + index.get(dimension);
		}
		return place;
	}

}
