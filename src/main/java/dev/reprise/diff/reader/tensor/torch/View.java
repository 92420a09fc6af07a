package dev.reprise.diff.reader.tensor.torch;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

import dev.reprise.diff.reader.bytes.Extent;
import dev.reprise.diff.reader.bytes.NotReadException;
import dev.reprise.diff.reader.tensor.Dtype;
import dev.reprise.diff.reader.tensor.Tensor;

/**
 * A tensor as a view of a storage: where its first element is, and how far apart the
 * elements along each dimension are.
 *
 * @param stored the storage
 * @param dtype what the tensor's elements are
 * @param offset of the first element, in elements
 * @param size its dimensions
 * @param stride elements from one to the next along each of them
 */
record View(Stored stored, Dtype dtype, long offset, List<Long> size, List<Long> stride) {

	View {
		size = List.copyOf(size);
		stride = List.copyOf(stride);
	}

	/**
	 * The tensor. Where its elements fill a part of the storage, in whatever order of
	 * dimensions, they are read as they lie; otherwise they are gathered one row after
	 * the other.
	 * @throws NotReadException if an element would lie outside the storage
	 */
	Tensor tensor(String name) throws NotReadException {
		long elements = Tensor.elements(this.size, this.dtype);
		long span = (elements == 0) ? 0 : span();
		long inStorage = this.stored.bytes().size() / this.dtype.bytes();
		if (this.size.size() != this.stride.size() || this.offset < 0 || this.offset > inStorage
				|| span > inStorage - this.offset) {
			throw new NotReadException("a tensor reaches out of its storage");
		}
		List<Integer> order = dense();
		long from = this.offset * this.dtype.bytes();
		Extent part = this.stored.bytes().part((elements == 0) ? 0 : from, span * this.dtype.bytes());
		if (elements == 0 || !order.isEmpty() || this.size.isEmpty()) {
			return new Tensor(name, this.dtype, this.size,
					(elements == 0) ? Tensor.order(this.size.size(), false) : order, this.stored.bigEndian(), part);
		}
		return new Tensor(name, this.dtype, this.size, Tensor.order(this.size.size(), false), this.stored.bigEndian(),
				Gathered.of(part, this));
	}

	/** Elements from the first to the last one, both included. */
	private long span() throws NotReadException {
		try {
			long span = 1;
			for (int i = 0; i < this.size.size() && i < this.stride.size(); i++) {
				if (this.stride.get(i) < 0) {
					throw new NotReadException("a tensor has a negative stride");
				}
				span = Math.addExact(span, Math.multiplyExact(this.size.get(i) - 1, this.stride.get(i)));
			}
			Math.multiplyExact(span, this.dtype.bytes());
			return span;
		}
		catch (ArithmeticException ex) {
			throw new NotReadException("a tensor reaches out of its storage");
		}
	}

	/**
	 * The dimensions by how they lie, slowest first, if the elements leave no gap and
	 * none is shown twice; empty otherwise.
	 */
	private List<Integer> dense() {
		List<Integer> order = new ArrayList<>(IntStream.range(0, this.size.size()).boxed().toList());
		order.sort(Comparator.comparing((Integer dimension) -> this.size.get(dimension) != 1)
			.thenComparingLong((dimension) -> (this.size.get(dimension) != 1) ? -this.stride.get(dimension) : 0));
		long expected = 1;
		for (int dimension : order.reversed()) {
			if (this.size.get(dimension) == 1) {
				break;
			}
			if (this.stride.get(dimension) != expected) {
				return List.of();
			}
			expected *= this.size.get(dimension);
		}
		return order;
	}

}
