package dev.reprise.diff.reader.tensor;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

import dev.reprise.diff.reader.bytes.NotReadException;
import dev.reprise.diff.reader.bytes.Stretch;
import dev.reprise.diff.reader.bytes.VerifiedPair;

import org.jspecify.annotations.Nullable;

/**
 * Compares two tensors of one form, a piece at a time.
 */
final class TensorComparison {

	/**
	 * Largest tensor, in bytes, that is compared with one in another memory order: its
	 * right side is held in memory.
	 */
	static final int MAX_REORDERED = 16 * 1024 * 1024;

	/** A multiple of every element's size. */
	private static final int PIECE = 1 << 18;

	private final Tensor left;

	private final Tensor right;

	private final ElementTally tally;

	private TensorComparison(Tensor left, Tensor right, Tolerance tolerance) {
		this.left = left;
		this.right = right;
		this.tally = new ElementTally(left, tolerance);
	}

	/**
	 * In what the elements differ; null where every bit is equal.
	 * @throws NotReadException if a side cannot be read to its end
	 */
	static TensorDifference.@Nullable Values compare(Tensor left, Tensor right, Tolerance tolerance,
			@Nullable VerifiedPair pair) throws NotReadException {
		TensorComparison comparison = new TensorComparison(left, right, tolerance);
		if (left.source() instanceof Stretch a && right.source() instanceof Stretch b && left.laidOutAs(right)) {
			comparison.asTheyLie(a, b, pair);
			return comparison.tally.isEmpty() ? null : comparison.tally.difference();
		}
		try (InputStream a = left.source().open(); InputStream b = right.source().open()) {
			if (left.laidOutAs(right)) {
				comparison.inStep(a, b);
			}
			else {
				comparison.reordered(a, b);
			}
			if (a.read() >= 0 || b.read() >= 0) {
				throw new NotReadException("an array is longer than its shape says");
			}
		}
		catch (NotReadException ex) {
			throw ex;
		}
		catch (IOException ex) {
			throw new NotReadException("it is damaged");
		}
		return comparison.tally.isEmpty() ? null : comparison.tally.difference();
	}

	/**
	 * Bytes that lie in the files as they are, so that those known to be equal need not
	 * be read again.
	 */
	private void asTheyLie(Stretch a, Stretch b, @Nullable VerifiedPair pair) throws NotReadException {
		long bytes = this.left.bytes();
		boolean sameOrder = this.left.bigEndian() == this.right.bigEndian();
		byte[] leftPiece = new byte[(int) Math.min(PIECE, bytes)];
		byte[] rightPiece = new byte[leftPiece.length];
		for (long done = 0; done < bytes; done += PIECE) {
			int length = (int) Math.min(PIECE, bytes - done);
			if (pair == null || !sameOrder || !pair.equal(a, b, done, length)) {
				a.file().read(a.position() + done, leftPiece, 0, length);
				b.file().read(b.position() + done, rightPiece, 0, length);
				piece(done, leftPiece, rightPiece, length);
			}
		}
	}

	private void inStep(InputStream a, InputStream b) throws IOException {
		long bytes = this.left.bytes();
		byte[] leftPiece = new byte[(int) Math.min(PIECE, bytes)];
		byte[] rightPiece = new byte[leftPiece.length];
		for (long done = 0; done < bytes; done += PIECE) {
			int length = (int) Math.min(PIECE, bytes - done);
			fill(a, leftPiece, length);
			fill(b, rightPiece, length);
			piece(done, leftPiece, rightPiece, length);
		}
	}

	private void piece(long done, byte[] leftPiece, byte[] rightPiece, int length) {
		int size = this.left.dtype().bytes();
		int at = next(leftPiece, rightPiece, 0, length);
		while (at < length) {
			add((done + at) / size, leftPiece, at, rightPiece, at);
			at = next(leftPiece, rightPiece, at + size, length);
		}
	}

	/**
	 * Offset of the next element that may differ, or the length.
	 */
	private int next(byte[] a, byte[] b, int from, int length) {
		if (this.left.bigEndian() != this.right.bigEndian()) {
			return from;
		}
		int mismatch = Arrays.mismatch(a, from, length, b, from, length);
		return (mismatch < 0) ? length : from + mismatch - mismatch % this.left.dtype().bytes();
	}

	private void reordered(InputStream a, InputStream b) throws IOException {
		if (this.left.bytes() > MAX_REORDERED) {
			throw new NotReadException("a tensor lies in another memory order and is larger than " + MAX_REORDERED
					+ " bytes, too large to be reordered here");
		}
		int size = this.left.dtype().bytes();
		byte[] leftAll = new byte[(int) this.left.bytes()];
		byte[] rightAll = new byte[leftAll.length];
		fill(a, leftAll, leftAll.length);
		fill(b, rightAll, rightAll.length);
		for (int at = 0; at < leftAll.length; at += size) {
			long place = at / size;
			add(place, leftAll, at, rightAll, (int) this.right.place(this.left.index(place)) * size);
		}
	}

	private void add(long place, byte[] a, int atLeft, byte[] b, int atRight) {
		int width = this.left.dtype().width();
		boolean complex = this.left.dtype().parts() == 2;
		boolean leftBig = this.left.bigEndian();
		boolean rightBig = this.right.bigEndian();
		this.tally.add(place, Elements.bits(a, atLeft, width, leftBig),
				complex ? Elements.bits(a, atLeft + width, width, leftBig) : 0,
				Elements.bits(b, atRight, width, rightBig),
				complex ? Elements.bits(b, atRight + width, width, rightBig) : 0);
	}

	private static void fill(InputStream in, byte[] piece, int length) throws IOException {
		if (in.readNBytes(piece, 0, length) < length) {
			throw new NotReadException("an array ends before its shape says");
		}
	}

}
