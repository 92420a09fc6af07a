package dev.reprise.artifact;

import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

import dev.reprise.artifact.FolderWalk.Attributes;
import dev.reprise.artifact.FolderWalk.Found;
import dev.reprise.artifact.FolderWalk.UnreadableException;
import org.jspecify.annotations.Nullable;

/**
 * What a person's own working folder held before a job began in it. Its files are the
 * code; which of them the job wrote is told by what the kernel keeps of each, so that a
 * file that was written anew with the bytes that it had counts as written.
 */
public final class FolderBefore {

	/**
	 * What is read as code: 50,000 files, 250,000 names, 2 GiB.
	 */
	public static final Collector.Limits LIMITS = new Collector.Limits(50_000, 250_000, 2L << 30);

	/**
	 * Largest file that is read as code, in bytes; larger ones are watched all the same.
	 */
	public static final long MAX_FILE = 256L << 20;

	/**
	 * The kernel's clock for files goes in ticks of at most this.
	 */
	private static final Duration TICK = Duration.ofMillis(20);

	private static final int MAX_UNREAD = 1000;

	private final Path root;

	private final LeaveOutRule rule;

	private final Map<String, Attributes> known = new HashMap<>();

	private final SortedSet<String> leftOut = new TreeSet<>();

	private final List<Refused> unread = new ArrayList<>();

	private Listing files = new Listing(List.of());

	private FolderBefore(Path root, LeaveOutRule rule) {
		this.root = root;
		this.rule = rule;
	}

	/**
	 * Looks at a folder.
	 * @param root an absolute path without links
	 * @param own folders of Reprise's own, absolute, that are no part of it
	 * @param limits the most that is read
	 * @throws IOException if it cannot be read at all
	 */
	public static FolderBefore look(Path root, Set<Path> own, Collector.Limits limits) throws IOException {
		FolderBefore before = new FolderBefore(root, new LeaveOutRule(root, own));
		try (Workers workers = new Workers(Workers.DEFAULT_THREADS)) {
			Look look = before.new Look(workers, limits);
			FolderWalk.walk(root, limits.entries(), look);
			before.files = new Listing(look.listed);
		}
		before.unread.sort(Comparator.comparing(Refused::path).thenComparing(Refused::reason));
		before.awaitTick();
		return before;
	}

	/**
	 * A file that is written in the tick of the clock in which it was looked at would
	 * look as it did.
	 */
	private void awaitTick() throws IOException {
		Instant last = this.known.values()
			.stream()
			.map((attributes) -> attributes.written().changed().toInstant())
			.max(Comparator.naturalOrder())
			.orElse(Instant.EPOCH);
		long left = Duration.between(Instant.now(), last.plus(TICK)).toMillis();
		try {
			Thread.sleep(Math.clamp(left, 0, TICK.toMillis()));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IOException("interrupted while looking at the working folder", ex);
		}
	}

	/**
	 * The files that the job has not written: what went into the run, of the folder.
	 * @param outputs what the job left
	 */
	public Listing code(OutputListing outputs) {
		Set<String> written = written(outputs);
		return new Listing(this.files.files().stream().filter((file) -> !written.contains(file.path())).toList());
	}

	/**
	 * The files as they were that the job wrote over: an earlier run may have left them,
	 * and this one may have read them.
	 */
	public Listing overwritten(OutputListing outputs) {
		Set<String> written = written(outputs);
		return new Listing(this.files.files().stream().filter((file) -> written.contains(file.path())).toList());
	}

	private Set<String> written(OutputListing outputs) {
		return outputs.files().stream().map(ListedFile::path).collect(Collectors.toSet());
	}

	/**
	 * All files that were read.
	 */
	public Listing files() {
		return this.files;
	}

	/**
	 * What is no code by the rule, sorted by path.
	 */
	public SortedSet<String> leftOut() {
		return Collections.unmodifiableSortedSet(this.leftOut);
	}

	/**
	 * What was there and was not read, sorted by path; at most 1,000, and one that says
	 * how many more.
	 */
	public List<Refused> unread() {
		if (this.unread.size() <= MAX_UNREAD) {
			return List.copyOf(this.unread);
		}
		List<Refused> some = new ArrayList<>(this.unread.subList(0, MAX_UNREAD));
		some.add(new Refused("…", "and " + (this.unread.size() - MAX_UNREAD) + " more"));
		return some;
	}

	/**
	 * Whether something is to be passed over after the job too. What the job made in a
	 * place that the rule leaves out is told to the visitor: nobody hides an output so.
	 */
	boolean leaveOut(String path, FolderWalk.Visitor visitor) {
		if (!this.rule.leavesOut(path)) {
			return false;
		}
		if (!this.leftOut.contains(path) && this.rule.counts(path)) {
			visitor.refused(path, "made by the job in a place that is left out by rule: a cache, a virtual environment"
					+ " or a version control's own folder");
		}
		return true;
	}

	/**
	 * Whether the job has not written a file.
	 */
	boolean untouched(Found file) {
		return file.attributes().equals(this.known.get(file.path()));
	}

	/**
	 * Whether something that cannot be taken was there before, and is as it was. Of a
	 * folder that tells nothing of what is in it.
	 */
	boolean knew(String path) {
		Attributes then = this.known.get(path);
		return then != null && !isOpenFolder(path) && then.equals(Attributes.of(FileNames.resolve(this.root, path)));
	}

	private boolean isOpenFolder(String path) {
		Path folder = FileNames.resolve(this.root, path);
		return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS) && Files.isReadable(folder);
	}

	private final class Look implements FolderWalk.Visitor {

		private final Workers workers;

		private final Collector.Limits limits;

		private final List<ListedFile> listed = new ArrayList<>();

		private int count;

		private long bytes;

		Look(Workers workers, Collector.Limits limits) {
			this.workers = workers;
			this.limits = limits;
		}

		@Override
		public boolean leaveOut(String path) {
			if (!FolderBefore.this.rule.leavesOut(path)) {
				return false;
			}
			FolderBefore.this.leftOut.add(path);
			return true;
		}

		@Override
		public void refused(String path, String reason) {
			Attributes attributes = Attributes.of(FileNames.resolve(FolderBefore.this.root, path));
			if (attributes != null) {
				FolderBefore.this.known.put(path, attributes);
			}
			FolderBefore.this.unread.add(new Refused(path.isEmpty() ? "." : FileNames.readable(path), reason));
		}

		@Override
		public void files(List<Found> files) throws IOException {
			List<Found> within = new ArrayList<>();
			for (Found file : files) {
				FolderBefore.this.known.put(file.path(), file.attributes());
				String beyond = beyond(file.size());
				if (beyond == null) {
					within.add(file);
				}
				else {
					unread(file, beyond);
				}
			}
			List<Read> read = this.workers.each(within, FolderBefore::read);
			for (Read file : read) {
				if (file.listed() != null) {
					this.listed.add(file.listed());
				}
				else {
					unread(file.found(), String.valueOf(file.refusal()));
				}
			}
		}

		private @Nullable String beyond(long size) {
			if (size > MAX_FILE) {
				return "larger than " + MAX_FILE + " bytes";
			}
			if (this.count == this.limits.files() || size > this.limits.bytes() - this.bytes) {
				return "there are more than " + this.limits.files() + " files or " + this.limits.bytes() + " bytes";
			}
			this.count++;
			this.bytes += size;
			return null;
		}

		private void unread(Found file, String reason) {
			FolderBefore.this.unread.add(new Refused(FileNames.readable(file.path()), reason));
		}

	}

	private record Read(Found found, @Nullable ListedFile listed, @Nullable String refusal) {
	}

	private static Read read(Found file) throws IOException {
		try (ReadableByteChannel in = file.open()) {
			Digest digest = FileHasher.hash(in, file.size());
			return new Read(file, new ListedFile(file.path(), file.mode(), file.size(), digest), null);
		}
		catch (UnreadableException ex) {
			return new Read(file, null, ex.why());
		}
	}

}
