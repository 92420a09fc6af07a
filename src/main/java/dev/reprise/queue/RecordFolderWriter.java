package dev.reprise.queue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

import dev.reprise.artifact.BlobStore;
import dev.reprise.artifact.BlobStoreException;
import dev.reprise.artifact.CodeListing;
import dev.reprise.artifact.Collector;
import dev.reprise.artifact.DataFolder;
import dev.reprise.artifact.Digest;
import dev.reprise.artifact.Folders;
import dev.reprise.artifact.GitState;
import dev.reprise.artifact.Glob;
import dev.reprise.artifact.InputListing;
import dev.reprise.artifact.ListedFile;
import dev.reprise.artifact.Listing;
import dev.reprise.artifact.ListingStore;
import dev.reprise.artifact.OutputListing;
import dev.reprise.artifact.RunListing;
import dev.reprise.executor.Ending;
import dev.reprise.record.RecordCopy;
import dev.reprise.run.Attempt;
import dev.reprise.run.LeftOutputs;
import dev.reprise.run.OutputSummary;
import dev.reprise.run.Run;
import dev.reprise.run.RunFolders;
import dev.reprise.run.RunTransitions;
import dev.reprise.run.Runs;
import dev.reprise.run.spec.InputSpec;
import dev.reprise.run.spec.JobSpec;
import dev.reprise.run.spec.TraceSpec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.stereotype.Component;

/**
 * Collects what an attempt left into the run's record folder: its outputs into the store,
 * the listing of everything, the record and the logs. The folder appears under its name
 * when it is whole.
 */
@Component
class RecordFolderWriter {

	private static final Logger log = LoggerFactory.getLogger(RecordFolderWriter.class);

	private static final JsonMapper JSON = JsonMapper.shared();

	/**
	 * What is read of a lost attempt, which nobody waits for: a start of the service must
	 * not take long for it.
	 */
	private static final Collector.Limits LOST = new Collector.Limits(10_000, 50_000, 2L << 30);

	private final BlobStore store;

	private final ListingStore listings;

	private final Collector collector;

	private final DataFolder data;

	private final RunFolders folders;

	private final Runs runs;

	private final RunTransitions transitions;

	RecordFolderWriter(BlobStore store, ListingStore listings, Collector collector, DataFolder data, RunFolders folders,
			Runs runs, RunTransitions transitions) {
		this.transitions = transitions;
		this.runs = runs;
		this.store = store;
		this.listings = listings;
		this.collector = collector;
		this.data = data;
		this.folders = folders;
	}

	/**
	 * Writes the record folder of a run whose attempt has ended, replacing one that an
	 * earlier life had written but not yet told anyone of.
	 */
	OutputSummary write(Run run, Workspace workspace, AttemptEnd end, Ending ending) throws IOException, Unready {
		Listing code = Workspace.code(this.listings, run.spec().code());
		OutputListing outputs = this.collector.collect(left(run, workspace, code, Collector.Limits.DEFAULT));
		Path temp = Files.createTempDirectory(this.data.tmp(), "record-");
		try {
			fill(temp, run, workspace, end(run, end, ending), code, outputs);
		}
		catch (IOException ex) {
			// A trace may be what fills the disk: half of one is of no use to anybody.
			Folders.remove(temp);
			throw BlobStoreException.told(ex);
		}
		publish(temp, run.id());
		if (run.attempt() > 1) {
			this.transitions.compareLeft(run.id(), outputs.files());
		}
		return new OutputSummary(outputs.digest().value(), outputs.files().size(),
				outputs.files().stream().mapToLong(ListedFile::size).sum());
	}

	/**
	 * What an attempt had written when it was lost, null where that is nothing or cannot
	 * be told. Nothing of it is kept but digests.
	 */
	@Nullable LeftOutputs left(Run run, Workspace workspace) {
		try {
			Listing code = Workspace.code(this.listings, run.spec().code());
			List<ListedFile> files = Collector.ofDigests().collect(left(run, workspace, code, LOST)).files();
			return files.isEmpty() ? null : LeftOutputs.of(files);
		}
		catch (IOException | Unready ex) {
			log.warn("what the lost attempt {} of run {} had written cannot be told", run.attempt(), run.id(), ex);
			return null;
		}
	}

	private static Collector.Left left(Run run, Workspace workspace, Listing code, Collector.Limits limits) {
		JobSpec spec = run.spec();
		Set<String> inputPaths = new HashSet<>();
		for (InputSpec input : spec.inputs().values()) {
			String path = input.path();
			if (path != null) {
				inputPaths.add(path);
			}
		}
		return new Collector.Left(workspace.work(), workspace.outputs(), code,
				spec.outputs().stream().map(Glob::of).toList(), inputPaths, limits);
	}

	private void fill(Path temp, Run run, Workspace workspace, ObjectNode end, Listing code, OutputListing outputs)
			throws IOException {
		JobSpec spec = run.spec();
		Files.writeString(temp.resolve("spec.json"), JSON.readTree(run.specJson()).toPrettyString());
		Files.writeString(temp.resolve("end.json"), end.toPrettyString());
		GitState git = (run.codeCommit() != null) ? new GitState(run.codeCommit(), null) : null;
		RunListing listing = new RunListing(new CodeListing(spec.code(), code.files(), git), inputs(spec), outputs);
		Files.writeString(temp.resolve("listing.json"), JSON.valueToTree(listing).toPrettyString());
		TraceSpec trace = spec.trace();
		RecordCopy.copy(workspace.path(), temp,
				(trace != null) ? trace.kept(spec.resources().disk()) : RecordCopy.Bounds.NONE, this.store::checkRoom);
		for (Path written : new Path[] { workspace.stdout(), workspace.stderr() }) {
			if (Files.exists(written)) {
				Files.copy(written, temp.resolve(written.getFileName()));
			}
		}
	}

	private ObjectNode end(Run run, AttemptEnd end, Ending ending) {
		ObjectNode node = end.json(run.isolation(), run.attempt(), ending);
		Instant started = run.startedAt();
		if (ending.startedAt() == null && started != null) {
			node.put("startedAt", started.toString());
		}
		ObjectNode watch = run.watch().toJson();
		if (watch != null) {
			node.set("watch", watch);
		}
		Attempt.Environment environment = this.runs.environment(run);
		if (environment != null) {
			node.putObject("environment")
				.put("key", environment.key())
				.put("contents", environment.contents())
				.put("builtAt", environment.builtAt().toString());
		}
		return node;
	}

	private Map<String, InputListing> inputs(JobSpec spec) throws IOException {
		Map<String, InputListing> inputs = new TreeMap<>();
		for (var input : spec.inputs().entrySet()) {
			Digest digest = input.getValue().digest();
			Optional<Listing> tree = Workspace.tree(this.listings, digest);
			inputs.put(input.getKey(), new InputListing(digest, tree.isPresent() ? tree.get().files()
					: List.of(new ListedFile(input.getKey(), "644", this.store.size(digest), digest))));
		}
		return inputs;
	}

	private void publish(Path temp, String run) throws IOException {
		Path target = this.folders.recordFolder(run);
		try (var files = Files.walk(temp)) {
			for (Path path : (Iterable<Path>) files::iterator) {
				force(path);
			}
		}
		if (Files.exists(target)) {
			Folders.remove(target);
		}
		Files.move(temp, target, StandardCopyOption.ATOMIC_MOVE);
		force(this.data.runs());
	}

	private static void force(Path path) throws IOException {
		try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
			channel.force(true);
		}
	}

}
