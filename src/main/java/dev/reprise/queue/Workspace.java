package dev.reprise.queue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.reprise.artifact.BlobStoreException;
import dev.reprise.artifact.Digest;
import dev.reprise.artifact.Listing;
import dev.reprise.artifact.ListingStore;
import dev.reprise.artifact.Tree;
import dev.reprise.runtime.Mount;
import dev.reprise.recipe.Recipe;
import dev.reprise.run.FailureKind;
import dev.reprise.run.Run;
import dev.reprise.run.spec.InputSpec;
import dev.reprise.run.spec.JobSpec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The folder of one attempt: the workspace that the job sees, and beside it what it does
 * not.
 *
 * @param folder the attempt's folder
 */
record Workspace(Path folder) {

	private static final JsonMapper JSON = JsonMapper.shared();

	/**
	 * What the job sees as {@code /workspace}.
	 */
	Path path() {
		return this.folder.resolve("workspace");
	}

	Path work() {
		return path().resolve("work");
	}

	Path outputs() {
		return path().resolve("outputs");
	}

	Path record() {
		return path().resolve("record");
	}

	Path stdout() {
		return this.folder.resolve("stdout.log");
	}

	Path stderr() {
		return this.folder.resolve("stderr.log");
	}

	/**
	 * Lays out the workspace of an attempt.
	 * @return the mounts of its inputs
	 * @throws Unready if code or an input is missing or damaged
	 */
	List<Mount> build(Run run, Recipe recipe, ListingStore listings, Tree tree) throws IOException, Unready {
		JobSpec spec = run.spec();
		for (Path path : List.of(work(), outputs(), record(), path().resolve("inputs"))) {
			Files.createDirectories(path);
		}
		tree.place(code(listings, spec.code()), work());
		List<Mount> mounts = new ArrayList<>();
		for (var input : spec.inputs().entrySet()) {
			mounts.addAll(place(input.getKey(), input.getValue(), listings, tree));
		}
		ObjectNode job = JSON.createObjectNode();
		job.put("schema", 1).put("run", run.id()).put("attempt", run.attempt());
		job.set("spec", JSON.readTree(run.specJson()));
		job.set("recipe", recipe.toJson());
		job.set("watch", run.watch().forJob(spec));
		Files.write(path().resolve("job.json"), JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(job));
		return mounts;
	}

	/**
	 * The listing of the code.
	 * @throws Unready if it is no longer in the store
	 */
	static Listing code(ListingStore listings, Digest code) throws IOException, Unready {
		return listings.find(code)
			.orElseThrow(() -> new Unready(FailureKind.INPUT,
					"the listing of the code, " + code + ", is no longer in the store"));
	}

	/**
	 * An input is bound from a copy of its own: a blob is verified as it is copied, and
	 * what a job could do to it reaches no other run.
	 */
	private List<Mount> place(String name, InputSpec input, ListingStore listings, Tree tree)
			throws IOException, Unready {
		Path target = path().resolve("inputs").resolve(name);
		Optional<Listing> listing = tree(listings, input.digest());
		try {
			if (listing.isPresent()) {
				tree.place(listing.get(), target);
			}
			else {
				tree.place(input.digest(), target);
			}
		}
		catch (BlobStoreException.Missing | BlobStoreException.Damaged ex) {
			throw new Unready(FailureKind.INPUT, "input " + name + ": " + ex.getMessage());
		}
		String path = input.path();
		if (path == null) {
			return List.of();
		}
		Path below = work().resolve(path);
		Files.createDirectories(below.getParent());
		if (Files.isDirectory(target)) {
			Files.createDirectories(below);
		}
		else if (!Files.exists(below)) {
			Files.createFile(below);
		}
		return List.of(new Mount(target, "/workspace/work/" + path, false));
	}

	/**
	 * The tree that an input is, or empty where it is a file. No bytes at all are a file:
	 * of a folder without files nothing would be placed.
	 */
	static Optional<Listing> tree(ListingStore listings, Digest input) throws IOException {
		return listings.find(input).filter((listing) -> !listing.files().isEmpty());
	}

}
