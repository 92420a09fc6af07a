package dev.reprise.cli.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeMap;

import dev.reprise.artifact.CodeCopies;
import dev.reprise.artifact.FolderBefore;
import dev.reprise.artifact.Folders;
import dev.reprise.artifact.GitState;
import dev.reprise.artifact.CodeListing;
import dev.reprise.artifact.InputListing;
import dev.reprise.artifact.KeptOutputs;
import dev.reprise.artifact.Listing;
import dev.reprise.artifact.OutputListing;
import dev.reprise.artifact.RunListing;
import dev.reprise.diff.engine.folder.Listings;
import dev.reprise.executor.Ending;
import dev.reprise.executor.local.BareJob;
import dev.reprise.queue.AttemptEnd;
import dev.reprise.record.RecordCopy;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The record folder of one run here. {@code end.json} is the last of it to be written: a
 * folder without one is of a run that was killed.
 *
 * @param folder the folder
 */
record LocalRecord(Path folder) {

	private static final JsonMapper JSON = JsonMapper.shared();

	/**
	 * Makes the folder.
	 * @throws IOException if it cannot be made, or has something in it
	 */
	static LocalRecord create(Path folder) throws IOException {
		if (Files.exists(folder)) {
			try (var files = Files.newDirectoryStream(folder)) {
				if (files.iterator().hasNext()) {
					throw new IOException("the record folder " + folder + " is not empty; name another by --record");
				}
			}
		}
		Files.createDirectories(folder);
		return new LocalRecord(folder.toRealPath());
	}

	Path stdout() {
		return this.folder.resolve("stdout.log");
	}

	Path stderr() {
		return this.folder.resolve("stderr.log");
	}

	/**
	 * Collects what the job left.
	 * @param job what the process was handed, but for the code in its spec
	 * @param traces what is kept of the traces
	 * @return the outputs
	 */
	OutputListing write(Path work, FolderBefore before, Slot slot, ObjectNode job, AttemptEnd end, Ending ending,
			boolean digestsOnly, RecordCopy.Bounds traces) throws IOException {
		Path temp = Files.createDirectory(this.folder.resolve("collecting"));
		OutputListing outputs;
		try {
			KeptOutputs kept = new KeptOutputs(temp, digestsOnly);
			outputs = kept.collect(work, slot.outputs(), before);
			kept.place(outputs, this.folder.resolve("outputs"));
		}
		finally {
			Folders.remove(temp);
		}
		Listing code = before.code(outputs);
		ObjectNode spec = (ObjectNode) job.path("spec");
		spec.put("code", code.digest().value());
		write("spec.json", spec);
		write("job.json", job);
		write("listing.json", listing(work, before, code, outputs));
		RecordCopy.copy(slot.workspace(), this.folder, traces, () -> {
		});
		if (!digestsOnly) {
			CodeCopies.copy(work, code, this.folder.resolve("code"));
		}
		ObjectNode last = end.json(BareJob.ISOLATION, 1, ending);
		if (end.byService()) {
			last.put("endedBy", "user");
		}
		write("end.json", last);
		return outputs;
	}

	private static ObjectNode listing(Path work, FolderBefore before, Listing code, OutputListing outputs) {
		Map<String, InputListing> inputs = new TreeMap<>();
		Listing overwritten = before.overwritten(outputs);
		if (!overwritten.files().isEmpty()) {
			inputs.put(Listings.OVERWRITTEN, new InputListing(overwritten.digest(), overwritten.files()));
		}
		ObjectNode listing = JSON
			.valueToTree(new RunListing(new CodeListing(code.digest(), code.files(), git(work)), inputs, outputs));
		ObjectNode listed = (ObjectNode) listing.path("code");
		listed.set("unread", JSON.valueToTree(before.unread()));
		listed.set("leftOut", JSON.valueToTree(before.leftOut()));
		return listing;
	}

	/**
	 * Of the repository that the folder lies in.
	 */
	private static @Nullable GitState git(Path work) {
		for (Path folder = work; folder != null; folder = folder.getParent()) {
			if (Files.exists(folder.resolve(".git"))) {
				return GitState.read(folder);
			}
		}
		return null;
	}

	private void write(String name, ObjectNode node) throws IOException {
		Path temp = this.folder.resolve(name + ".new");
		Files.writeString(temp, node.toPrettyString());
		Files.move(temp, this.folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
	}

}
