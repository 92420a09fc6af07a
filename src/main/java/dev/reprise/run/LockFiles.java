package dev.reprise.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;
import java.util.stream.Collectors;

import dev.reprise.artifact.BlobStore;
import dev.reprise.artifact.CodeListing;
import dev.reprise.artifact.Digest;
import dev.reprise.artifact.ListedFile;
import dev.reprise.environment.lock.BadLockException;
import dev.reprise.environment.lock.Lock;
import dev.reprise.http.FieldErrors;
import dev.reprise.http.ObjectReader;
import dev.reprise.run.spec.EnvironmentSpec;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * Lock files that specs name: found in the code or in the store, and read before a run is
 * accepted.
 */
@Component
public class LockFiles {

	private static final String FIELD = "$.environment.lock";

	private final BlobStore store;

	LockFiles(BlobStore store) {
		this.store = store;
	}

	/**
	 * The bytes of a lock file.
	 * @throws IOException if it is not there, or not what its digest says
	 */
	public byte[] read(Digest digest) throws IOException {
		if (this.store.size(digest) > Lock.MAX_BYTES) {
			throw new IOException("the lock " + digest + " has more bytes than are read");
		}
		try (FileChannel channel = this.store.open(digest)) {
			ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(channel.size(), Lock.MAX_BYTES + 1L));
			while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
				// read on
			}
			byte[] bytes = java.util.Arrays.copyOf(buffer.array(), buffer.position());
			if (!Digest.of(bytes).equals(digest)) {
				throw new IOException("the lock " + digest + " is damaged in the store");
			}
			return bytes;
		}
	}

	/**
	 * Names a lock by its digest, and checks what is in it.
	 * @param code where a path is looked for, null where it is not known what it is
	 * @param errors takes what is wrong
	 */
	EnvironmentSpec resolve(EnvironmentSpec asked, @Nullable CodeListing code, FieldErrors errors) {
		return switch (asked) {
			case EnvironmentSpec.Named named -> named;
			case EnvironmentSpec.Locked locked -> {
				check(locked.digest(), errors);
				yield locked;
			}
			case EnvironmentSpec.LockPath path -> {
				Optional<ListedFile> file = (code == null) ? Optional.empty()
						: code.files().stream().filter((one) -> one.path().equals(path.path())).findFirst();
				if (file.isEmpty()) {
					if (code != null) {
						errors.add(FIELD, "is no file of the code", candidates(code));
					}
					yield path;
				}
				check(file.get().digest(), errors);
				yield new EnvironmentSpec.Locked(file.get().digest());
			}
		};
	}

	private static String candidates(CodeListing code) {
		String found = code.files()
			.stream()
			.map(ListedFile::path)
			.filter((path) -> path.endsWith(".txt") || path.endsWith(".lock") || path.endsWith(".toml"))
			.limit(10)
			.map(ObjectReader::printable)
			.collect(Collectors.joining(", "));
		return found.isEmpty() ? "send a requirements file, uv.lock or pylock.toml with the code"
				: "give one of its files: " + found;
	}

	private void check(Digest digest, FieldErrors errors) {
		try {
			if (!this.store.hold(digest)) {
				errors.add(FIELD, "names nothing that the store has",
						"PUT the file to /api/v1/blobs/" + digest + " first");
			}
			else if (this.store.size(digest) > Lock.MAX_BYTES) {
				errors.add(FIELD, "names a file of more than " + Lock.MAX_BYTES + " bytes",
						"lock the packages that the program needs, and no others");
			}
			else {
				Lock.read(read(digest));
			}
		}
		catch (BadLockException ex) {
			ex.problems()
				.forEach((problem) -> errors.add(FIELD,
						(problem.place().isEmpty() ? "" : "in " + problem.place() + ": ") + problem.problem(),
						problem.mend()));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
