package dev.reprise.queue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.stream.Collectors;

import dev.reprise.artifact.BlobStore;
import dev.reprise.artifact.Collected;
import dev.reprise.artifact.Collector;
import dev.reprise.artifact.DataFolder;
import dev.reprise.artifact.Glob;
import dev.reprise.artifact.Listing;
import dev.reprise.artifact.Trees;
import dev.reprise.executor.Ending;
import dev.reprise.record.RunRecord;
import dev.reprise.run.OutputSummary;
import dev.reprise.run.Run;
import dev.reprise.run.RunFolders;
import dev.reprise.run.spec.InputSpec;
import dev.reprise.run.spec.JobSpec;
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

	private static final JsonMapper JSON = JsonMapper.shared();

	private final BlobStore store;

	private final DataFolder data;

	private final RunFolders folders;

	RecordFolderWriter(BlobStore store, DataFolder data, RunFolders folders) {
		this.store = store;
		this.data = data;
		this.folders = folders;
	}

	/**
	 * Writes the record folder of a run whose attempt has ended, replacing one that an
	 * earlier life had written but not yet told anyone of.
	 */
	OutputSummary write(Run run, Workspace workspace, AttemptEnd end, Ending ending)
			throws IOException, Workspace.Failed {
		JobSpec spec = run.spec();
		Listing code = Workspace.code(this.store, spec.code());
		Set<String> inputPaths = spec.inputs()
			.values()
			.stream()
			.map(InputSpec::path)
			.filter((path) -> path != null)
			.collect(Collectors.toSet());
		Collected collected = new Collector(this.store).collect(workspace.work(), code, workspace.outputs(),
				spec.outputs().stream().map(Glob::of).toList(), inputPaths);
		Path temp = Files.createTempDirectory(this.data.tmp(), "record-");
		Files.writeString(temp.resolve("spec.json"), JSON.readTree(run.specJson()).toPrettyString());
		write(temp.resolve("end.json"), end(run, end, ending));
		write(temp.resolve("listing.json"), listing(run, spec, code, collected));
		RunRecord.copy(workspace.record(), temp.resolve("record"));
		for (Path log : new Path[] { workspace.stdout(), workspace.stderr() }) {
			if (Files.exists(log)) {
				Files.copy(log, temp.resolve(log.getFileName()));
			}
		}
		publish(temp, this.folders.recordFolder(run.id()));
		Listing outputs = collected.outputs();
		return new OutputSummary(outputs.digest().value(), outputs.files().size(), outputs.bytes());
	}

	private static ObjectNode end(Run run, AttemptEnd end, Ending ending) {
		ObjectNode node = JSON.createObjectNode();
		node.put("schema", 1)
			.put("state", end.state().name())
			.put("endedBy", end.byService() ? "service" : "job")
			.put("isolation", run.isolation())
			.put("attempt", run.attempt());
		if (end.noPython()) {
			node.put("python", "not-applicable");
		}
		node.put("logTruncated", ending.logTruncated());
		node.set("failure", JSON.valueToTree(end.failure()));
		return node;
	}

	private ObjectNode listing(Run run, JobSpec spec, Listing code, Collected collected) throws IOException {
		ObjectNode node = JSON.createObjectNode().put("schema", 1);
		ObjectNode codeNode = node.putObject("code").put("digest", code.digest().value());
		codeNode.set("files", JSON.valueToTree(code.files()));
		if (run.codeCommit() != null) {
			codeNode.putObject("git").put("commit", run.codeCommit()).putNull("dirty");
		}
		ObjectNode inputs = node.putObject("inputs");
		for (var input : spec.inputs().entrySet()) {
			ObjectNode entry = inputs.putObject(input.getKey()).put("digest", input.getValue().digest().value());
			Listing tree = Listing.read(this.store, input.getValue().digest()).orElse(null);
			if (tree != null) {
				entry.set("files", JSON.valueToTree(tree.files()));
			}
			else {
				entry.put("size", this.store.size(input.getValue().digest()));
			}
		}
		node.set("outputs", JSON.valueToTree(collected));
		return node;
	}

	private static void write(Path file, ObjectNode node) throws IOException {
		Files.writeString(file, node.toPrettyString());
	}

	private static void publish(Path temp, Path target) throws IOException {
		try (var files = Files.walk(temp)) {
			for (Path path : (Iterable<Path>) files::iterator) {
				force(path);
			}
		}
		if (Files.exists(target)) {
			Trees.delete(target);
		}
		Files.move(temp, target, StandardCopyOption.ATOMIC_MOVE);
		force(target.getParent());
	}

	private static void force(Path path) throws IOException {
		try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
			channel.force(true);
		}
	}

}
