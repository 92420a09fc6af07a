package dev.reprise.artifact;

import java.io.IOException;

import org.jspecify.annotations.Nullable;

/**
 * What can go wrong with one blob, told apart so that a client learns whether the mend is
 * theirs or the operator's.
 */
public abstract sealed class BlobStoreException extends IOException {

	private BlobStoreException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

	/**
	 * The same failure, as {@link Full} where the disk took no more. The JDK has no type
	 * for that: what there is are the C library's words.
	 */
	public static IOException told(IOException failure) {
		String message = String.valueOf(failure.getMessage());
		return (message.contains("No space left on device") || message.contains("Disk quota exceeded"))
				? new Full(failure) : failure;
	}

	/**
	 * More bytes came than are accepted.
	 */
	public static final class TooLarge extends BlobStoreException {

		private final long maxBytes;

		TooLarge(long maxBytes) {
			super("more than " + maxBytes + " bytes came, the most that one file may have; send less or split it",
					null);
			this.maxBytes = maxBytes;
		}

		/**
		 * The bound that was passed, in bytes.
		 */
		public long maxBytes() {
			return this.maxBytes;
		}

	}

	/**
	 * The bytes that came are not those that were announced.
	 */
	public static final class Mismatch extends BlobStoreException {

		Mismatch(Digest expected, Digest actual) {
			super("the bytes have the digest " + actual + ", not " + expected
					+ "; send them again, or correct the digest", null);
		}

	}

	/**
	 * The file system of the store takes no more.
	 */
	public static final class Full extends BlobStoreException {

		Full(@Nullable IOException cause) {
			super("the store's file system is full; free space on it or give it more, then send again", cause);
		}

	}

	/**
	 * A blob that was asked for is not in the store.
	 */
	public static final class Missing extends BlobStoreException {

		Missing(Digest digest) {
			super("the store has no " + digest + "; upload it", null);
		}

	}

	/**
	 * A blob's bytes no longer have its digest.
	 */
	public static final class Damaged extends BlobStoreException {

		Damaged(Digest digest) {
			super("the stored bytes of " + digest
					+ " are damaged: they no longer have this digest; restore the file from a copy, or remove it and upload it again",
					null);
		}

	}

}
