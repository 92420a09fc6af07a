package dev.reprise.diff.reader.tensor.torch;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

import dev.reprise.diff.reader.bytes.Extent;
import dev.reprise.diff.reader.bytes.InMemory;
import dev.reprise.diff.reader.bytes.NotReadException;

/**
 * The elements of a view that leaves gaps or shows elements twice, row after row. They
 * come in runs that lie together. What the view spans is taken into memory where it is
 * small; else runs must be long enough to be worth a reading each.
 *
 * @param span from the view's first byte to its last
 * @param view the view
 * @param run bytes of a run
 * @param outer how many dimensions choose a run
 * @param size bytes in all
 */
record Gathered(Extent span, View view, int run, int outer, long size) implements Extent {

	/** Largest span that is taken into memory, and largest view of many short runs. */
	static final int MAX_SPAN = 16 * 1024 * 1024;

	static final int LONG_RUN = 4096;

	static Gathered of(Extent span, View view) throws NotReadException {
		long run = view.dtype().bytes();
		int outer = view.size().size();
		while (outer > 0
				&& (view.size().get(outer - 1) == 1 || view.stride().get(outer - 1) * view.dtype().bytes() == run)
				&& run * view.size().get(outer - 1) <= MAX_SPAN) {
			outer--;
			run *= view.size().get(outer);
		}
		long size = view.size().stream().reduce(1L, (a, b) -> a * b) * view.dtype().bytes();
		boolean small = span.size() <= MAX_SPAN && size <= 4L * MAX_SPAN;
		if (!small && !(span.direct() && run >= LONG_RUN)) {
			throw new NotReadException("a tensor's elements are scattered over more than " + MAX_SPAN
					+ " bytes, too many to be gathered here");
		}
		return new Gathered(span, view, (int) run, outer, size);
	}

	@Override
	public boolean direct() {
		return false;
	}

	@Override
	public InputStream open(long from, long length) throws IOException {
		Extent.check(this, from, length);
		Extent held = (this.span.size() <= MAX_SPAN) ? new InMemory(this.span.bytes(MAX_SPAN, "a tensor")) : this.span;
		InputStream in = new Runs(this, held);
		in.skipNBytes(from);
		return in;
	}

	private long position(long number) {
		long rest = number;
		long position = 0;
		List<Long> sizes = this.view.size();
		for (int i = this.outer - 1; i >= 0; i--) {
			position += rest % sizes.get(i) * this.view.stride().get(i);
			rest /= sizes.get(i);
		}
		return position * this.view.dtype().bytes();
	}

	private static final class Runs extends InputStream {

		private static final int BATCH = 1 << 16;

		private final Gathered gathered;

		private final Extent held;

		private final byte[] batch;

		private final long runs;

		private long next;

		private int at;

		private int end;

		Runs(Gathered gathered, Extent held) {
			this.gathered = gathered;
			this.held = held;
			this.batch = new byte[Math.max(BATCH / gathered.run(), 1) * gathered.run()];
			this.runs = gathered.size() / gathered.run();
		}

		@Override
		public int read() throws IOException {
			byte[] one = new byte[1];
			return (read(one, 0, 1) < 0) ? -1 : one[0] & 0xFF;
		}

		@Override
		public int read(byte[] into, int from, int length) throws IOException {
			if (this.at == this.end) {
				fill();
			}
			if (this.at == this.end) {
				return (length == 0) ? 0 : -1;
			}
			int count = Math.min(length, this.end - this.at);
			System.arraycopy(this.batch, this.at, into, from, count);
			this.at += count;
			return count;
		}

		private void fill() throws IOException {
			int run = this.gathered.run();
			this.at = 0;
			this.end = 0;
			while (this.next < this.runs && this.end + run <= this.batch.length) {
				copy(this.gathered.position(this.next++), run);
			}
		}

		private void copy(long position, int run) throws IOException {
			if (this.held instanceof InMemory memory) {
				memory.copy((int) position, this.batch, this.end, run);
			}
			else {
				try (InputStream in = this.held.open(position, run)) {
					if (in.readNBytes(this.batch, this.end, run) < run) {
						throw new NotReadException("a storage ends before its size says");
					}
				}
			}
			this.end += run;
		}

	}

}
