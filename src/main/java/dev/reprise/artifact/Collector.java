package dev.reprise.artifact;

import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.reprise.artifact.FolderWalk.Found;
import dev.reprise.artifact.FolderWalk.UnreadableException;
import org.jspecify.annotations.Nullable;

/**
 * Takes what a job left into the store. The job must have ended; what it left may be
 * anything: links, pipes, devices, names that climb or cannot be read, files without end.
 */
public final class Collector {

	/**
	 * Most refusals that are listed; one more says how many there were beyond.
	 */
	static final int MAX_REFUSED = 1000;

	private final Keeper keeper;

	private final int threads;

	/**
	 * A collector that reads two files at a time.
	 */
	public Collector(BlobStore store) {
		this(store, Workers.DEFAULT_THREADS);
	}

	/**
	 * A collector.
	 * @param store takes the bytes
	 * @param threads how many files are read at a time, 1 or more
	 */
	public Collector(BlobStore store, int threads) {
		this((bytes, size) -> store.put(bytes, size, null), threads);
	}

	/**
	 * A collector that takes no bytes: the digests are all that is kept.
	 */
	public static Collector ofDigests() {
		return new Collector(FileHasher::hash, Workers.DEFAULT_THREADS);
	}

	Collector(Keeper keeper, int threads) {
		this.keeper = keeper;
		this.threads = threads;
	}

	/**
	 * Collects what a job left.
	 * @param left where it is
	 * @return the outputs, and all that is not among them
	 * @throws BlobStoreException.Full if the store is full
	 * @throws IOException if the service's own disk fails
	 */
	public OutputListing collect(Left left) throws IOException {
		try (Workers workers = new Workers(this.threads)) {
			return new Collection(left, workers).collect();
		}
	}

	/**
	 * Takes the bytes of an output.
	 */
	@FunctionalInterface
	interface Keeper {

		/**
		 * Takes them.
		 * @param bytes to be read to their end
		 * @param size how many they are
		 * @return their digest
		 */
		Digest keep(ReadableByteChannel bytes, long size) throws IOException;

	}

	/**
	 * What a job left.
	 *
	 * @param work its working folder
	 * @param outputs its output folder
	 * @param code the code as it was placed in the working folder before the job began
	 * @param patterns which new and changed files of the working folder are outputs
	 * @param inputs paths below the working folder at which inputs were mounted
	 * @param limits the most that is collected
	 * @param before what the working folder held, where it is a person's own and not a
	 * copy of the code: then what the job wrote counts, and not what differs from the
	 * code
	 */
	public record Left(Path work, Path outputs, Listing code, List<Glob> patterns, Set<String> inputs, Limits limits,
			@Nullable FolderBefore before) {

		/**
		 * What a job left in a copy of its code.
		 */
		public Left(Path work, Path outputs, Listing code, List<Glob> patterns, Set<String> inputs, Limits limits) {
			this(work, outputs, code, patterns, inputs, limits, null);
		}

		/**
		 * Copies the collections.
		 */
		public Left {
			patterns = List.copyOf(patterns);
			inputs = Set.copyOf(inputs);
		}

		private boolean isOutput(String path) {
			return this.patterns.stream().anyMatch((pattern) -> pattern.matches(path));
		}

	}

	/**
	 * The most that is collected from one job.
	 *
	 * @param files files that are hashed
	 * @param entries names that are looked at, in each of the two folders
	 * @param bytes bytes of all files together, by the length that they show
	 */
	public record Limits(int files, int entries, long bytes) {

		/**
		 * What is meant where nobody says otherwise: 100,000 files, 250,000 entries, 100
		 * GiB.
		 */
		public static final Limits DEFAULT = new Limits(100_000, 250_000, 100L << 30);

		/**
		 * Checks that each is 1 or more.
		 */
		public Limits {
			if (files < 1 || entries < 1 || bytes < 1) {
				throw new IllegalArgumentException("every limit is 1 or more");
			}
		}

	}

	/**
	 * One file, what is known of it and how to open it.
	 */
	private record Candidate(Place place, String path, String mode, FolderWalk.Attributes attributes, Source source) {

		Candidate reopened(Path root) {
			return new Candidate(this.place, this.path, this.mode, this.attributes,
					() -> FolderWalk.open(root, this.path, this.attributes.size()));
		}

	}

	private enum Place {

		WORK, OUTPUTS

	}

	@FunctionalInterface
	private interface Source {

		ReadableByteChannel open() throws IOException;

	}

	/**
	 * What became of a candidate: a file of which the digest is known, or why there is
	 * none.
	 */
	private record Outcome(Candidate candidate, @Nullable Digest digest, @Nullable String refusal) {
	}

	private final class Collection {

		private final Left left;

		private final Workers workers;

		private final Map<String, ListedFile> code;

		private final Names names = new Names();

		private final List<ListedFile> fromWork = new ArrayList<>();

		private final List<ListedFile> fromOutputs = new ArrayList<>();

		private final List<ListedFile> unmatched = new ArrayList<>();

		private final List<Refused> refused = new ArrayList<>();

		private final Set<String> refusedInWork = new HashSet<>();

		/**
		 * Files with several names wait until all names have been seen.
		 */
		private final List<Candidate> linked = new ArrayList<>();

		private final Map<String, Integer> namesOfInode = new HashMap<>();

		private int files;

		private long bytes;

		Collection(Left left, Workers workers) {
			this.left = left;
			this.workers = workers;
			this.code = left.code().files().stream().collect(Collectors.toMap(ListedFile::path, Function.identity()));
		}

		OutputListing collect() throws IOException {
			int entries = this.left.limits().entries();
			FolderWalk.walk(this.left.work(), entries, new Visitor(Place.WORK));
			FolderWalk.walk(this.left.outputs(), entries, new Visitor(Place.OUTPUTS));
			linked();
			List<ListedFile> outputs = new ArrayList<>(this.fromWork);
			outputs.addAll(named());
			return OutputListing.of(new Listing(outputs), new Listing(this.unmatched).files(), boundedRefused(),
					deleted());
		}

		private void linked() throws IOException {
			List<Candidate> whole = new ArrayList<>();
			for (Candidate candidate : this.linked) {
				Integer seen = this.namesOfInode.get(candidate.attributes().inode());
				if (seen != null && seen == candidate.attributes().links()) {
					whole.add(candidate.reopened(root(candidate.place())));
				}
				else {
					refuse(candidate, "a hard link to a file elsewhere; copy the file");
				}
			}
			judge(whole);
		}

		private Path root(Place place) {
			return (place == Place.WORK) ? this.left.work() : this.left.outputs();
		}

		private void judge(List<Candidate> candidates) throws IOException {
			List<Candidate> within = new ArrayList<>();
			for (Candidate candidate : candidates) {
				String beyond = isLikeCode(candidate) ? null : beyondLimits(candidate.attributes().size());
				if (beyond == null) {
					within.add(candidate);
				}
				else {
					refuse(candidate, beyond);
				}
			}
			this.workers.each(within, this::read).forEach(this::enter);
		}

		/**
		 * Counted before anything is read, in the order of the names, so that two runs
		 * that left the same leave out the same.
		 */
		private @Nullable String beyondLimits(long size) {
			Limits limits = this.left.limits();
			if (this.files == limits.files()) {
				return "left out: there are more than " + limits.files() + " files";
			}
			if (size > limits.bytes() - this.bytes) {
				return "left out: with its " + size + " bytes there are more than " + limits.bytes();
			}
			this.files++;
			this.bytes += size;
			return null;
		}

		private boolean isLikeCode(Candidate candidate) {
			ListedFile before = before(candidate);
			return before != null && before.size() == candidate.attributes().size();
		}

		private @Nullable ListedFile before(Candidate candidate) {
			return (candidate.place() == Place.WORK && this.left.before() == null) ? this.code.get(candidate.path())
					: null;
		}

		private Outcome read(Candidate candidate) throws IOException {
			try {
				ListedFile before = before(candidate);
				if (isLikeCode(candidate) && before != null) {
					Digest digest = hash(candidate);
					if (digest.equals(before.digest()) && before.mode().equals(candidate.mode())) {
						return new Outcome(candidate, digest, null);
					}
				}
				return new Outcome(candidate, isOutput(candidate) ? keep(candidate) : hash(candidate), null);
			}
			catch (UnreadableException ex) {
				return new Outcome(candidate, null, ex.why());
			}
		}

		private boolean isOutput(Candidate candidate) {
			return candidate.place() == Place.OUTPUTS || this.left.isOutput(candidate.path());
		}

		private Digest hash(Candidate candidate) throws IOException {
			try (ReadableByteChannel in = candidate.source().open()) {
				return FileHasher.hash(in, candidate.attributes().size());
			}
		}

		private Digest keep(Candidate candidate) throws IOException {
			try (ReadableByteChannel in = candidate.source().open()) {
				return Collector.this.keeper.keep(in, candidate.attributes().size());
			}
		}

		private void enter(Outcome outcome) {
			Candidate candidate = outcome.candidate();
			Digest digest = outcome.digest();
			if (digest == null) {
				refuse(candidate, String.valueOf(outcome.refusal()));
				return;
			}
			ListedFile file = new ListedFile(candidate.path(), candidate.mode(), candidate.attributes().size(), digest);
			if (candidate.place() == Place.OUTPUTS) {
				this.fromOutputs.add(file);
			}
			else if (!file.equals(before(candidate))) {
				(isOutput(candidate) ? this.fromWork : this.unmatched).add(file);
			}
		}

		/**
		 * Files of the output folder under their own path, but for those whose path is
		 * taken by the working folder: these with {@code outputs/} before it.
		 */
		private List<ListedFile> named() {
			List<ListedFile> named = new ArrayList<>();
			List<ListedFile> waiting = new ArrayList<>();
			for (ListedFile file : this.fromOutputs) {
				if (this.names.isFree(file.path())) {
					named.add(file);
				}
				else {
					waiting.add(file);
				}
			}
			named.forEach((file) -> this.names.take(file.path()));
			waiting.sort(Comparator.comparing(ListedFile::path));
			for (ListedFile file : waiting) {
				String path = "outputs/" + file.path();
				while (!this.names.isFree(path)) {
					path = "outputs/" + path;
				}
				String wrong = RelativePath.wrong(path);
				if (wrong != null) {
					this.refused.add(new Refused("outputs/" + FileNames.readable(file.path()), wrong + "; rename it"));
					continue;
				}
				this.names.take(path);
				named.add(new ListedFile(path, file.mode(), file.size(), file.digest()));
			}
			return named;
		}

		private List<String> deleted() {
			return this.left.code()
				.files()
				.stream()
				.map(ListedFile::path)
				.filter((path) -> !this.names.has(path) && !isHidden(path))
				.toList();
		}

		/**
		 * Whether nothing is known of a path, since it or a folder above it was refused
		 * or is an input.
		 */
		private boolean isHidden(String path) {
			if (this.refusedInWork.contains(path) || this.left.inputs().contains(path)) {
				return true;
			}
			return !path.isEmpty() && isHidden(path.substring(0, Math.max(path.lastIndexOf('/'), 0)));
		}

		private List<Refused> boundedRefused() {
			List<Refused> sorted = this.refused.stream()
				.sorted(Comparator.comparing(Refused::path).thenComparing(Refused::reason))
				.toList();
			if (sorted.size() <= MAX_REFUSED) {
				return sorted;
			}
			List<Refused> bounded = new ArrayList<>(sorted.subList(0, MAX_REFUSED));
			bounded.add(new Refused("…", "and " + (sorted.size() - MAX_REFUSED) + " more"));
			return bounded;
		}

		private void refuse(Candidate candidate, String reason) {
			refuse(candidate.place(), candidate.path(), reason);
		}

		private void refuse(Place place, String path, String reason) {
			String readable = FileNames.readable(path);
			if (place == Place.OUTPUTS) {
				readable = path.isEmpty() ? "outputs" : "outputs/" + readable;
			}
			else {
				this.refusedInWork.add(path);
			}
			this.refused.add(new Refused(readable.isEmpty() ? "." : readable, reason));
		}

		private final class Visitor implements FolderWalk.Visitor {

			private final Place place;

			private final @Nullable FolderBefore before;

			Visitor(Place place) {
				this.place = place;
				this.before = (place == Place.WORK) ? Collection.this.left.before() : null;
			}

			@Override
			public boolean leaveOut(String path) {
				return this.place == Place.WORK && (Collection.this.left.inputs().contains(path)
						|| (this.before != null && this.before.leaveOut(path, this)));
			}

			@Override
			public void refused(String path, String reason) {
				if (this.before == null || !this.before.knew(path)) {
					refuse(this.place, path, reason);
				}
			}

			@Override
			public void files(List<Found> found) throws IOException {
				List<Candidate> candidates = new ArrayList<>();
				for (Found file : found) {
					Candidate candidate = new Candidate(this.place, file.path(), file.mode(), file.attributes(),
							file::open);
					if (this.place == Place.WORK) {
						Collection.this.names.take(file.path());
					}
					if (this.before != null && this.before.untouched(file)) {
						continue;
					}
					if (file.attributes().links() > 1) {
						Collection.this.namesOfInode.merge(file.attributes().inode(), 1, Integer::sum);
						Collection.this.linked.add(candidate);
					}
					else {
						candidates.add(candidate);
					}
				}
				judge(candidates);
			}

		}

	}

}
