package dev.reprise.artifact;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.reprise.artifact.FolderWalk.Attributes;
import org.jspecify.annotations.Nullable;

/**
 * Large files that this process hashed or wrote as it hashed, and what the kernel said of
 * each then: as long as it says the same, they hold the same bytes, and need not be
 * hashed again. It keeps the moment of the last change itself, whoever made it; no
 * program can set it. Thread-safe.
 */
public final class HashedFiles {

	/**
	 * Smallest file that is remembered, in bytes; others are hashed in a moment.
	 */
	static final long MIN_BYTES = 16L << 20;

	private static final int MAX_FILES = 10_000;

	private final Map<Path, Hashed> known = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
		@Override
		protected boolean removeEldestEntry(Map.Entry<Path, Hashed> eldest) {
			return size() > MAX_FILES;
		}
	});

	/**
	 * Hashes a file and remembers it.
	 * @throws IOException if it cannot be read, or is a link
	 */
	public Digest hash(Path file) throws IOException {
		Witness witness = witness(file);
		Digest digest = FileHasher.hash(file);
		witness.hashed(digest);
		return digest;
	}

	/**
	 * Says whether a file is still as it was, from now on.
	 */
	public Witness witness(Path file) {
		return new Witness(file, Attributes.of(file));
	}

	/**
	 * Remembers a file whose bytes were hashed as they were written.
	 */
	void written(Path file, Digest digest) {
		witness(file).hashed(digest);
	}

	void forget(Path file) {
		this.known.remove(file);
	}

	/**
	 * A change of a file that leaves its bytes as they are.
	 * @throws IOException if it cannot be made
	 */
	void touch(Path file, Touch touch) throws IOException {
		Hashed before = this.known.get(file);
		boolean knew = before != null && witness(file).knew(before.digest());
		touch.run();
		if (before != null && knew) {
			written(file, before.digest());
		}
	}

	private record Hashed(Attributes attributes, Digest digest) {
	}

	/**
	 * A step that changes dates.
	 */
	@FunctionalInterface
	interface Touch {

		void run() throws IOException;

	}

	/**
	 * One file, as it was when this was made.
	 */
	public final class Witness {

		private final Path file;

		private final @Nullable Attributes then;

		Witness(Path file, @Nullable Attributes then) {
			this.file = file;
			this.then = then;
		}

		/**
		 * Whether the file had been hashed with that result, and was as it had been then.
		 */
		public boolean knew(Digest digest) {
			return this.then != null && new Hashed(this.then, digest).equals(HashedFiles.this.known.get(this.file));
		}

		/**
		 * Whether it is still as it was when this was made.
		 */
		public boolean unchanged() {
			return this.then != null && this.then.equals(Attributes.of(this.file));
		}

		/**
		 * Remembers that its bytes were hashed since this was made.
		 */
		public void hashed(Digest digest) {
			if (this.then != null && this.then.size() >= MIN_BYTES && unchanged()) {
				HashedFiles.this.known.put(this.file, new Hashed(this.then, digest));
			}
		}

	}

}
