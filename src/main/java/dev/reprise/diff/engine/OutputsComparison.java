package dev.reprise.diff.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.reprise.artifact.Glob;
import dev.reprise.artifact.ListedFile;
import dev.reprise.diff.engine.folder.Listings;
import dev.reprise.diff.engine.folder.RecordFolder;
import dev.reprise.diff.engine.trace.TraceComparison;
import dev.reprise.diff.reader.ContentDifference;
import dev.reprise.diff.reader.apart.Turning;
import dev.reprise.diff.reader.bytes.JobFile;
import dev.reprise.diff.reader.bytes.NotReadException;
import dev.reprise.diff.reader.bytes.PlainText;

/**
 * Compares what two runs left, by the service's digests, and reads those files that
 * differ.
 */
final class OutputsComparison {

	/**
	 * Most equal files that are opened only to count their tensors.
	 */
	private static final int MAX_COUNTED = 1000;

	/**
	 * Most tensors, lines, entries of metadata and parts that are shown of all files
	 * together.
	 */
	private static final int MAX_TENSORS = 20_000;

	private static final int MAX_LINES = 20_000;

	private static final int MAX_METADATA = 2000;

	private static final int MAX_PARTS = 20_000;

	private final RecordFolder left;

	private final RecordFolder right;

	private final Comparison comparison;

	private final Duration longest;

	private final long begun = System.nanoTime();

	private final Turning turning = new Turning();

	private final List<FileDifference> differences = new ArrayList<>();

	private final List<Result.Excepted> excepted = new ArrayList<>();

	private Set<String> ignored = Set.of();

	private final List<String> notRead = new ArrayList<>();

	private final List<String> notJudged = new ArrayList<>();

	private int roomForTensors = MAX_TENSORS;

	private int roomForLines = MAX_LINES;

	private int roomForMetadata = MAX_METADATA;

	private int roomForParts = MAX_PARTS;

	private int leftOut;

	private int leftPaths;

	private int rightPaths;

	private int compared;

	private final Set<String> different = new HashSet<>();

	private int beyondTolerance;

	private int equalOpened;

	private long bytes;

	private long tensors;

	/**
	 * Compares.
	 * @param longest how long files are opened to tell where they differ; of later ones
	 * it is told only that they do
	 */
	OutputsComparison(RecordFolder left, RecordFolder right, Comparison comparison, Duration longest) {
		this.longest = longest;
		this.left = left;
		this.right = right;
		this.comparison = comparison;
		Listings a = left.listings();
		Listings b = right.listings();
		if (a != null && b != null) {
			compare(OutputPaths.of(left, a, right, b, comparison.ignore().stream().map(Glob::of).toList()));
		}
	}

	private void compare(OutputPaths paths) {
		for (OutputPaths.Facing facing : paths.facing()) {
			ListedFile onLeft = facing.left();
			ListedFile onRight = facing.right();
			this.leftPaths += (onLeft != null && !facing.deletion()) ? 1 : 0;
			this.rightPaths += (onRight != null && !facing.deletion()) ? 1 : 0;
			if (onLeft != null && onRight != null) {
				pair(onLeft, onRight);
			}
			else if (onLeft != null) {
				add(FileDifference.plain(onLeft.path(), FileDifference.Kind.MISSING_RIGHT, onLeft.size(), null));
			}
			else if (onRight != null) {
				add(FileDifference.plain(onRight.path(), FileDifference.Kind.MISSING_LEFT, null, onRight.size()));
			}
		}
		this.excepted.addAll(paths.excepted());
		this.ignored = paths.ignored();
		this.notJudged.addAll(paths.notJudged());
	}

	private void pair(ListedFile a, ListedFile b) {
		this.compared++;
		this.bytes += Math.max(a.size(), b.size());
		if (!a.mode().equals(b.mode())) {
			add(FileDifference.plain(a.path(), FileDifference.Kind.MODE, a.mode(), b.mode()).at(b.path()));
		}
		if (!a.digest().equals(b.digest())) {
			boolean kept = this.differences.size() < Result.Outputs.MAX_DIFFERENCES;
			ContentDifference content = kept ? content(a, b) : null;
			String setApart = (content != null) ? content.equalBut() : null;
			if (setApart != null) {
				this.excepted.add(new Result.Excepted(PlainText.of(a.path()), Result.Excepted.SET_APART, setApart));
			}
			else {
				add(FileDifference.content(a, b, content)
					.at(b.path())
					.atMost(this.roomForTensors, this.roomForLines, this.roomForMetadata, this.roomForParts));
			}
		}
		else if (this.equalOpened++ < MAX_COUNTED) {
			this.tensors += tensors(a);
		}
	}

	private ContentDifference content(ListedFile a, ListedFile b) {
		ContentDifference content;
		try {
			content = read(a, b);
		}
		catch (NotReadException ex) {
			content = ContentDifference.notRead(ex);
		}
		if (content.notRead() != null) {
			this.notRead.add(PlainText.of(a.path()) + " was not read: " + content.notRead());
		}
		if (content.tensors() != null) {
			this.tensors += content.tensors().compared();
		}
		return content;
	}

	private ContentDifference read(ListedFile a, ListedFile b) throws NotReadException {
		if (System.nanoTime() - this.begun >= this.longest.toNanos()) {
			throw new NotReadException("the files before it took " + this.longest
					+ " to read, which is all the time that a comparison has for that");
		}
		try (JobFile onLeft = this.left.open(a); JobFile onRight = this.right.open(b)) {
			return ContentDifference.compare(onLeft, onRight, this.comparison.tolerance(), this.roomForLines > 0,
					this.turning);
		}
	}

	private int tensors(ListedFile file) {
		try (JobFile open = this.left.open(file)) {
			return ContentDifference.tensors(open);
		}
		catch (NotReadException ex) {
			return 0;
		}
	}

	private void add(FileDifference difference) {
		if (difference.counts()) {
			this.different.add(difference.path());
			this.beyondTolerance += Boolean.TRUE.equals(difference.within()) ? 0 : 1;
		}
		if (this.differences.size() < Result.Outputs.MAX_DIFFERENCES) {
			this.differences.add(difference);
			this.roomForTensors -= (difference.tensors() != null) ? difference.tensors().size() : 0;
			this.roomForMetadata -= (difference.metadata() != null) ? difference.metadata().size() : 0;
			this.roomForParts -= (difference.parts() != null) ? difference.parts().size() : 0;
			this.roomForLines -= (difference.text() != null) ? difference.text().diff().size() : 0;
		}
		else {
			this.leftOut++;
		}
	}

	Result.Outputs result() {
		int kept = Math.min(this.excepted.size(), Result.Outputs.MAX_DIFFERENCES);
		return new Result.Outputs((this.compared == 0 && this.different.isEmpty()) ? null : this.different.isEmpty(),
				this.differences, this.leftOut, this.excepted.subList(0, kept), this.excepted.size() - kept);
	}

	Diff.Coverage coverage(TraceComparison traces) {
		int kept = Math.min(this.ignored.size(), Diff.Coverage.MAX_IGNORED);
		return new Diff.Coverage(traces.coverage().word(), traces.steps(), traces.columns(), traces.vacuousColumns(),
				this.compared, this.bytes, this.tensors, this.ignored.stream().limit(kept).map(PlainText::of).toList(),
				this.ignored.size() - kept);
	}

	/** Outputs that differ, within a tolerance or not. */
	int different() {
		return this.different.size();
	}

	/** Outputs that differ and are not within the tolerance that was asked for. */
	int beyondTolerance() {
		return this.beyondTolerance;
	}

	int compared() {
		return this.compared;
	}

	long bytes() {
		return this.bytes;
	}

	/** Whether both sides left outputs, none of them under one path. */
	boolean disjoint() {
		return this.compared == 0 && this.notJudged.isEmpty() && this.leftPaths > 0 && this.rightPaths > 0;
	}

	int leftPaths() {
		return this.leftPaths;
	}

	int rightPaths() {
		return this.rightPaths;
	}

	int ignored() {
		return this.ignored.size();
	}

	int excepted() {
		return this.excepted.size();
	}

	long excepted(String kind) {
		return this.excepted.stream().filter((entry) -> entry.kind().equals(kind)).count();
	}

	/** Sentences on files of which the bytes were not read. */
	List<String> notRead() {
		return this.notRead;
	}

	/**
	 * Sentences on paths that could not be compared; with one of them nothing is proven.
	 */
	List<String> notJudged() {
		return this.notJudged;
	}

}
