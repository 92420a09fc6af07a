package dev.reprise.record.trace;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

import com.dynatrace.hash4j.hashing.HashStream128;
import com.dynatrace.hash4j.hashing.HashValue128;
import com.dynatrace.hash4j.hashing.Hasher128;
import com.dynatrace.hash4j.hashing.Hashing;

/**
 * Computes the chains of a trace anew, row by row in their order, and says whether they
 * are those that the process wrote. Only then do equal chains say that rows are equal.
 */
public final class ChainCheck {

	private static final Hasher128 XXH3 = Hashing.xxh3_128();

	private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

	private static final int BEFORE_CELLS = 24;

	private final byte[][] buffers = new byte[2][BEFORE_CELLS];

	private final int[] cells = new int[2];

	private int[] runs = new int[0];

	/**
	 * Takes the next row, which is of the segment that was begun last.
	 * @return whether both chains in it are right
	 */
	public boolean next(Segment segment, long row) {
		long step = segment.step(row);
		boolean right = true;
		for (int chain = 0; chain < 2; chain++) {
			boolean results = chain == 0;
			byte[] buffer = this.buffers[chain];
			LONG.set(buffer, 16, step);
			if (results) {
				int at = BEFORE_CELLS;
				for (int i = 0; i < this.runs.length; i += 2) {
					segment.copyCells(row, this.runs[i], this.runs[i + 1], buffer, at);
					at += Segment.CELL * this.runs[i + 1];
				}
			}
			else {
				segment.copyCells(row, 0, this.cells[chain], buffer, BEFORE_CELLS);
			}
			HashValue128 hash = XXH3.hashBytesTo128Bits(buffer, 0, BEFORE_CELLS + Segment.CELL * this.cells[chain]);
			put(buffer, hash);
			right &= hash.getLeastSignificantBits() == segment.chainLow(row, results)
					&& hash.getMostSignificantBits() == segment.chainHigh(row, results);
		}
		return right;
	}

	/**
	 * Begins the next segment, be it without a row.
	 */
	public void begin(Segment segment) {
		for (int chain = 0; chain < 2; chain++) {
			HashStream128 stream = XXH3.hashStream();
			stream.putBytes(this.buffers[chain], 0, 16);
			int count = 0;
			for (Column column : segment.columns()) {
				if (chain == 1 || column.result()) {
					stream.putBytes(column.chained());
					count++;
				}
			}
			this.cells[chain] = count;
			this.buffers[chain] = Arrays.copyOf(this.buffers[chain], BEFORE_CELLS + Segment.CELL * count);
			put(this.buffers[chain], stream.get());
		}
		this.runs = runs(segment);
	}

	private static int[] runs(Segment segment) {
		int[] runs = new int[2 * segment.columns().size()];
		int used = 0;
		int at = 0;
		for (Column column : segment.columns()) {
			if (column.result()) {
				if (used > 0 && runs[used - 2] + runs[used - 1] == at) {
					runs[used - 1]++;
				}
				else {
					runs[used++] = at;
					runs[used++] = 1;
				}
			}
			at++;
		}
		return Arrays.copyOf(runs, used);
	}

	private static void put(byte[] buffer, HashValue128 hash) {
		LONG.set(buffer, 0, hash.getLeastSignificantBits());
		LONG.set(buffer, 8, hash.getMostSignificantBits());
	}

}
