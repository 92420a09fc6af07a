package dev.reprise.diff.reader.bytes;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.reprise.artifact.Digest;

import org.jspecify.annotations.Nullable;

/**
 * Two files of which one pass showed that their bytes are those listed, where they differ
 * first, and which blocks at one place are equal. What both begin with is hashed once;
 * where they part, the state goes on for each. Two files that were hashed by this process
 * before and have not changed are not hashed again.
 *
 * @param left one file
 * @param right the other
 * @param firstByte offset of the first byte that differs, the size of the shorter file
 * where it is the beginning of the longer one
 * @param different blocks of {@link #BLOCK} bytes that are not equal
 */
public record VerifiedPair(JobFile left, JobFile right, long firstByte, BitSet different) {

	/**
	 * Bytes of a block.
	 */
	static final int BLOCK = 1 << 20;

	/**
	 * What is compared at once where nothing is hashed: two of them stay in a core's
	 * cache.
	 */
	private static final int CHUNK = 1 << 18;

	/** Blocks in memory of each side. */
	private static final int AHEAD = 6;

	/**
	 * Reads both files.
	 * @throws NotReadException if one of them cannot be read or its bytes are not those
	 * that were listed
	 */
	public static VerifiedPair read(JobFile left, JobFile right) throws NotReadException {
		if (left.known() && right.known()) {
			return unhashed(left, right);
		}
		if (Math.max(left.size(), right.size()) <= BLOCK) {
			return new Pass(left, right, null, null).run();
		}
		try (ExecutorService one = Executors.newSingleThreadExecutor();
				ExecutorService other = Executors.newSingleThreadExecutor()) {
			VerifiedPair pair = new Pass(left, right, one, other).run();
			left.hashed();
			right.hashed();
			return pair;
		}
	}

	private static VerifiedPair unhashed(JobFile left, JobFile right) throws NotReadException {
		long size = Math.min(left.size(), right.size());
		long longer = Math.max(left.size(), right.size());
		BitSet different = new BitSet();
		long first = (left.size() != right.size()) ? size : -1;
		try (Arena arena = Arena.ofConfined()) {
			ByteBuffer a = arena.allocate(CHUNK).asByteBuffer();
			ByteBuffer b = arena.allocate(CHUNK).asByteBuffer();
			for (long at = 0; at < size; at += CHUNK) {
				int length = (int) Math.min(CHUNK, size - at);
				left.read(at, a.clear().limit(length));
				right.read(at, b.clear().limit(length));
				int mismatch = a.flip().mismatch(b.flip());
				if (mismatch >= 0) {
					first = different.isEmpty() ? at + mismatch : first;
					different.set((int) (at / BLOCK));
				}
			}
		}
		if (longer > size) {
			different.set((int) (size / BLOCK), (int) ((longer - 1) / BLOCK) + 1);
		}
		if (!left.unchanged() || !right.unchanged()) {
			throw new NotReadException("it was changed while it was read");
		}
		return new VerifiedPair(left, right, first, different);
	}

	/**
	 * Whether bytes at one place of both files are known to be equal. False says nothing.
	 */
	public boolean equal(Stretch a, Stretch b, long from, long length) {
		if (a.file() != this.left || b.file() != this.right || a.position() != b.position() || length == 0) {
			return false;
		}
		int first = (int) ((a.position() + from) / BLOCK);
		int last = (int) ((a.position() + from + length - 1) / BLOCK);
		int next = this.different.nextSetBit(first);
		return next < 0 || next > last;
	}

	/**
	 * One pass over both files. This thread reads and compares, two others hash.
	 */
	private static final class Pass {

		private final JobFile left;

		private final JobFile right;

		private final @Nullable ExecutorService one;

		private final @Nullable ExecutorService other;

		private final MessageDigest leftDigest = Digest.sha256();

		private MessageDigest rightDigest = Digest.sha256();

		private final BitSet different = new BitSet();

		private long firstByte = -1;

		private boolean parted;

		Pass(JobFile left, JobFile right, @Nullable ExecutorService one, @Nullable ExecutorService other) {
			this.left = left;
			this.right = right;
			this.one = one;
			this.other = other;
		}

		VerifiedPair run() throws NotReadException {
			long size = Math.max(this.left.size(), this.right.size());
			int length = (int) Math.min(BLOCK, size);
			List<Slot> slots = new ArrayList<>();
			for (int i = 0; i < ((size > BLOCK) ? AHEAD : 1); i++) {
				slots.add(new Slot(new byte[length], new byte[length]));
			}
			int block = 0;
			for (long at = 0; at < size; at += BLOCK) {
				Slot slot = slots.get(block % slots.size());
				slot.await();
				block(slot, at, block++);
			}
			for (Slot slot : slots) {
				slot.await();
			}
			part();
			check(this.left, this.leftDigest);
			check(this.right, this.rightDigest);
			return new VerifiedPair(this.left, this.right, this.firstByte, this.different);
		}

		private void block(Slot slot, long at, int number) throws NotReadException {
			int onLeft = Math.clamp(this.left.size() - at, 0, BLOCK);
			int onRight = Math.clamp(this.right.size() - at, 0, BLOCK);
			this.left.read(Math.min(at, this.left.size()), slot.left, 0, onLeft);
			this.right.read(Math.min(at, this.right.size()), slot.right, 0, onRight);
			int mismatch = Arrays.mismatch(slot.left, 0, onLeft, slot.right, 0, onRight);
			if (mismatch >= 0) {
				this.different.set(number);
				if (!this.parted) {
					this.firstByte = at + mismatch;
					awaitHashed(slot);
					part();
				}
			}
			slot.hashing.add(hash(this.one, this.leftDigest, slot.left, onLeft));
			if (this.parted) {
				slot.hashing.add(hash(this.other, this.rightDigest, slot.right, onRight));
			}
		}

		/**
		 * One thread hashes the left side in turn: when it is idle, all before is done.
		 */
		private void awaitHashed(Slot slot) {
			slot.hashing.add(hash(this.one, this.leftDigest, slot.left, 0));
			slot.await();
		}

		private void part() {
			if (!this.parted) {
				this.parted = true;
				try {
					this.rightDigest = (MessageDigest) this.leftDigest.clone();
				}
				catch (CloneNotSupportedException ex) {
					throw new IllegalStateException(ex);
				}
			}
		}

		private static Future<?> hash(@Nullable ExecutorService on, MessageDigest digest, byte[] bytes, int length) {
			if (on == null) {
				digest.update(bytes, 0, length);
				return CompletableFuture.completedFuture(null);
			}
			return on.submit(() -> digest.update(bytes, 0, length));
		}

		private static void check(JobFile file, MessageDigest digest) throws NotReadException {
			if (!Digest.of(digest).equals(file.digest())) {
				throw new NotReadException("its bytes are not those that were listed");
			}
		}

	}

	private static final class Slot {

		private final byte[] left;

		private final byte[] right;

		private final List<Future<?>> hashing = new ArrayList<>();

		Slot(byte[] left, byte[] right) {
			this.left = left;
			this.right = right;
		}

		void await() {
			for (Future<?> hash : this.hashing) {
				try {
					hash.get();
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
					throw new IllegalStateException("interrupted while a file was hashed", ex);
				}
				catch (ExecutionException ex) {
					throw new IllegalStateException(ex);
				}
			}
			this.hashing.clear();
		}

	}

}
