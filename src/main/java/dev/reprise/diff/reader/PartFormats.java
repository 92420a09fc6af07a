package dev.reprise.diff.reader;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

import dev.reprise.diff.reader.apart.Parquet;
import dev.reprise.diff.reader.apart.Turning;
import dev.reprise.diff.reader.archive.Gzip;
import dev.reprise.diff.reader.archive.Tar;
import dev.reprise.diff.reader.archive.Zip;
import dev.reprise.diff.reader.bytes.JobFile;
import dev.reprise.diff.reader.bytes.NotReadException;
import dev.reprise.diff.reader.bytes.VerifiedPair;
import dev.reprise.diff.reader.document.MatplotlibSvg;
import dev.reprise.diff.reader.document.Pdf;
import dev.reprise.diff.reader.document.Png;
import dev.reprise.diff.reader.events.EventFile;
import dev.reprise.diff.reader.part.Findings;
import dev.reprise.diff.reader.part.PartReader;
import dev.reprise.diff.reader.part.PartsComparison;
import dev.reprise.diff.reader.tensor.TensorDifference;
import dev.reprise.diff.reader.tensor.TensorFile;
import dev.reprise.diff.reader.tensor.TensorFileComparison;
import dev.reprise.diff.reader.tensor.Tolerance;
import dev.reprise.diff.reader.values.Csv;
import dev.reprise.diff.reader.values.Json;
import dev.reprise.diff.reader.values.JsonLines;

import org.jspecify.annotations.Nullable;

/**
 * The formats that are compared by their parts. Files that lie in an archive are read as
 * those beside it; archives in archives, twice over.
 */
final class PartFormats {

	private static final int MAX_DEPTH = 2;

	private static final List<PartReader> PLAIN = List.of(new EventFile(), new Json(), new JsonLines(), new Csv(),
			new Png(), new Pdf(), new MatplotlibSvg(), new Unread());

	private final Tolerance tolerance;

	private final Turning turning;

	private final int depth;

	private final List<PartReader> readers;

	private PartFormats(Tolerance tolerance, Turning turning, int depth) {
		this.tolerance = tolerance;
		this.turning = turning;
		this.depth = depth;
		this.readers = new ArrayList<>(PLAIN);
		this.readers.add(new Parquet(turning));
		if (depth < MAX_DEPTH) {
			this.readers.add(new Gzip(this::nested));
			this.readers.add(new Tar(this::nested));
			this.readers.add(new Zip(this::nested));
		}
	}

	/**
	 * In what two files differ whose bytes do; null where they are not of one format that
	 * is read here.
	 * @throws NotReadException if they cannot be read at all
	 */
	static @Nullable PartsComparison compare(JobFile left, JobFile right, Tolerance tolerance, Turning turning)
			throws NotReadException {
		return new PartFormats(tolerance, turning, 0).compare(left, right);
	}

	private @Nullable PartsComparison compare(JobFile left, JobFile right) throws NotReadException {
		PartReader reader = reader(left);
		if (reader == null || !reader.equals(reader(right))) {
			return null;
		}
		Findings findings = new Findings(this.tolerance);
		try {
			reader.compare(left, right, findings);
		}
		catch (NotReadException ex) {
			findings.notRead(String.valueOf(ex.getMessage()));
		}
		catch (IOException ex) {
			findings.notRead("it is damaged");
		}
		return findings.result();
	}

	private @Nullable PartReader reader(JobFile file) throws NotReadException {
		byte[] head = file.read(0, (int) Math.min(PartReader.HEAD, file.size()));
		String name = file.path().toLowerCase(Locale.ROOT);
		return this.readers.stream().filter((reader) -> reader.reads(name, head)).findFirst().orElse(null);
	}

	private void nested(String name, byte[] left, byte[] right, Findings findings) {
		try (JobFile a = JobFile.inMemory(name, left); JobFile b = JobFile.inMemory(name, right)) {
			TensorFile.Format format = TensorFiles.format(a);
			// An index names files beside itself, and a member has none.
			if (format != null && format != TensorFile.Format.SHARDS && Objects.equals(format, TensorFiles.format(b))) {
				tensors(name, TensorFileComparison.compare(TensorFiles.read(a, format, this.turning),
						TensorFiles.read(b, format, this.turning), this.tolerance), findings);
				return;
			}
			PartsComparison parts = new PartFormats(this.tolerance, this.turning, this.depth + 1).compare(a, b);
			if (parts != null) {
				findings.within(name, parts);
				return;
			}
			findings.differs(name + ": first at byte " + VerifiedPair.read(a, b).firstByte(), null, null);
		}
		catch (NotReadException ex) {
			findings.notRead(name + " in it was not read: " + ex.getMessage());
		}
	}

	private static void tensors(String name, TensorFileComparison tensors, Findings findings) {
		for (TensorDifference difference : tensors.tensors()) {
			findings.differs(name + ": tensor " + difference.name(), null, null, difference.within());
		}
		tensors.metadata()
			.forEach((entry) -> findings.differs(name + ": metadata " + entry.key(), entry.left(), entry.right()));
		if (tensors.equalTensors() && tensors.metadata().isEmpty()) {
			findings.otherLayout();
		}
	}

}
