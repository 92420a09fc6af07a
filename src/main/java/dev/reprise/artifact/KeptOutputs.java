package dev.reprise.artifact;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * The outputs of a job that ran in a person's own folder, copied into a record folder:
 * the next run writes over them where they are.
 */
public final class KeptOutputs {

	private final Path temp;

	private final boolean digestsOnly;

	/**
	 * Makes a keeper.
	 * @param temp a folder that is there, empty, on the file system of the record folder
	 * @param digestsOnly whether the bytes are hashed and not kept
	 */
	public KeptOutputs(Path temp, boolean digestsOnly) {
		this.temp = temp;
		this.digestsOnly = digestsOnly;
	}

	/**
	 * Collects what the job left.
	 * @param work the working folder
	 * @param outputs the folder that was named to the job
	 * @param before what the working folder held
	 */
	public OutputListing collect(Path work, Path outputs, FolderBefore before) throws IOException {
		Collector collector = new Collector(this.digestsOnly ? FileHasher::hash : this::keep, Workers.DEFAULT_THREADS);
		return collector.collect(new Collector.Left(work, outputs, before.files(), List.of(Glob.of("**")), Set.of(),
				Collector.Limits.DEFAULT, before));
	}

	private Digest keep(ReadableByteChannel bytes, long size) throws IOException {
		Path file = this.temp.resolve(UUID.randomUUID().toString());
		MessageDigest sha256 = Digest.sha256();
		byte[] buffer = FileHasher.buffer(size);
		try (OutputStream out = new DigestOutputStream(Files.newOutputStream(file), sha256)) {
			for (int read; (read = bytes.read(ByteBuffer.wrap(buffer))) >= 0;) {
				out.write(buffer, 0, read);
			}
		}
		catch (IOException ex) {
			Files.deleteIfExists(file);
			throw ex;
		}
		Digest digest = Digest.of(sha256);
		Files.move(file, this.temp.resolve(digest.hex()), StandardCopyOption.ATOMIC_MOVE);
		return digest;
	}

	/**
	 * Puts what was kept under its paths.
	 * @param folder is made
	 */
	public void place(OutputListing listing, Path folder) throws IOException {
		if (this.digestsOnly) {
			return;
		}
		Files.createDirectories(folder);
		Map<Digest, Path> placed = new HashMap<>();
		for (ListedFile file : listing.files()) {
			Path target = FileNames.resolve(folder, file.path());
			Files.createDirectories(target.getParent());
			@Nullable Path there = placed.putIfAbsent(file.digest(), target);
			if (there == null) {
				move(this.temp.resolve(file.digest().hex()), target);
			}
			else {
				Files.copy(there, target);
			}
			Files.setPosixFilePermissions(target,
					PosixFilePermissions.fromString(file.mode().equals("755") ? "rwxr-xr-x" : "rw-r--r--"));
		}
	}

	private static void move(Path from, Path to) throws IOException {
		try {
			Files.move(from, to);
		}
		catch (NoSuchFileException ex) {
			throw new IOException("an output that was collected is no longer there: " + to.getFileName(), ex);
		}
	}

}
