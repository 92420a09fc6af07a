package dev.reprise.cli.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

import dev.reprise.artifact.HashedFiles;
import dev.reprise.artifact.ListedFile;
import dev.reprise.diff.reader.ContentDifference;
import dev.reprise.diff.reader.bytes.JobFile;
import dev.reprise.diff.reader.bytes.NotReadException;
import dev.reprise.diff.reader.tensor.Tolerance;

/**
 * A process that compares two files as a diff does, and tells the seconds that it took
 * and the most heap that it held. The digests that a listing has are taken before:
 * {@code known} by what then compares, as the service's store does when it puts a file,
 * or {@code unknown} to it, as another command's are.
 */
final class ComparesOnce {

	private ComparesOnce() {
	}

	public static void main(String[] args) throws IOException {
		HashedFiles hashed = new HashedFiles();
		Path leftFile = Path.of(args[0]);
		Path rightFile = Path.of(args[1]);
		ListedFile left = listed(leftFile, hashed);
		ListedFile right = listed(rightFile, hashed);
		HashedFiles known = args[2].equals("known") ? hashed : new HashedFiles();
		long start = System.nanoTime();
		ContentDifference difference;
		try (JobFile a = open(leftFile, left, known); JobFile b = open(rightFile, right, known)) {
			difference = ContentDifference.compare(a, b, Tolerance.NONE, false);
		}
		double seconds = (System.nanoTime() - start) / 1e9;
		if (difference.tensors() == null || difference.tensors().tensors().size() != 1) {
			throw new IllegalStateException("not the one tensor that differs: " + difference.notRead());
		}
		long heap = ManagementFactory.getMemoryPoolMXBeans()
			.stream()
			.filter((pool) -> pool.getType() == MemoryType.HEAP)
			.mapToLong((pool) -> pool.getPeakUsage().getUsed())
			.sum();
		System.out.printf(Locale.ROOT, "%.3f at most %d MiB of heap were used%n", seconds, heap >> 20);
	}

	private static ListedFile listed(Path file, HashedFiles hashed) throws IOException {
		return new ListedFile(String.valueOf(file.getFileName()), "644", Files.size(file), hashed.hash(file));
	}

	private static JobFile open(Path file, ListedFile listed, HashedFiles known) throws NotReadException {
		return JobFile.open(file, listed, (sibling) -> {
			throw new NotReadException("it names a file that is not there");
		}, known.witness(file));
	}

}
