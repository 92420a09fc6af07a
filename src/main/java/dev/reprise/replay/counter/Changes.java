package dev.reprise.replay.counter;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

import dev.reprise.artifact.BlobStore;
import dev.reprise.artifact.Digest;
import dev.reprise.artifact.ListedFile;
import dev.reprise.artifact.Listing;
import dev.reprise.artifact.ListingStore;
import dev.reprise.diff.engine.Layer;
import dev.reprise.http.RequestException;
import dev.reprise.run.spec.InputSpec;
import dev.reprise.run.spec.JobSpec;
import dev.reprise.run.spec.JobSpecJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.stereotype.Component;

/**
 * Finds what differs between two specs, and takes one difference from one to the other.
 * What cannot change a bit (a name, a label, a timeout, what is traced) is none.
 */
@Component
class Changes {

	/** In the order in which they are tried where no cause is known. */
	private static final List<String> SETTINGS = List.of("seed", "resources.threads", "determinism", "portable",
			"holdSeed", "onDrift", "runtime", "resources.gpus", "resources.gpuModel", "resources.cpus", "network");

	private final ListingStore listings;

	private final BlobStore store;

	Changes(ListingStore listings, BlobStore store) {
		this.listings = listings;
		this.store = store;
	}

	/**
	 * All of them.
	 * @throws IOException if the code of a run cannot be read
	 */
	List<Change> between(JobSpec left, JobSpec right) throws IOException {
		List<Change> changes = new ArrayList<>();
		ObjectNode one = JobSpecJson.write(left);
		ObjectNode other = JobSpecJson.write(right);
		for (String setting : SETTINGS) {
			if (!at(one, setting).equals(at(other, setting))) {
				changes.add(new Change(Layer.SETTINGS, setting));
			}
		}
		names(left.env(), right.env()).forEach((name) -> changes.add(new Change(Layer.SETTINGS, "env." + name)));
		if (!left.code().equals(right.code())) {
			Map<String, ListedFile> files = files(left.code());
			Map<String, ListedFile> others = files(right.code());
			List<String> paths = names(files, others);
			paths.stream()
				.filter((path) -> isTree(with(files, others, path)) && isTree(with(others, files, path)))
				.forEach((path) -> changes.add(new Change(Layer.CODE, path)));
			if (paths.size() > 1) {
				changes.add(new Change(Layer.CODE, Change.ALL));
			}
		}
		names(left.inputs(), right.inputs()).forEach((name) -> changes.add(new Change(Layer.INPUTS, name)));
		if (!left.environment().equals(right.environment())) {
			changes.add(new Change(Layer.ENVIRONMENT, Change.ALL));
		}
		return changes;
	}

	/**
	 * A spec with one difference taken from another. To be called in the transaction that
	 * submits it: new code is held in the store until that has ended.
	 * @throws IOException if new code cannot be kept
	 */
	JobSpec take(JobSpec base, JobSpec from, Change change) throws IOException {
		return switch (change.layer()) {
			case CODE -> base.withCode(code(base.code(), from.code(), change.key()));
			case INPUTS -> JobSpecJson.changed(base, (node) -> entry((ObjectNode) node.required("inputs"),
					JobSpecJson.write(from).path("inputs"), change.key()));
			case ENVIRONMENT -> base.withEnvironment(from.environment());
			default -> JobSpecJson.changed(base, (node) -> setting(node, JobSpecJson.write(from), change.key()));
		};
	}

	private static void setting(ObjectNode node, ObjectNode from, String key) {
		int dot = key.indexOf('.');
		if (dot < 0) {
			node.set(key, from.required(key));
		}
		else {
			String outer = key.substring(0, dot);
			entry((ObjectNode) node.required(outer), from.path(outer), key.substring(dot + 1));
		}
	}

	private static void entry(ObjectNode node, JsonNode from, String name) {
		if (from.has(name)) {
			node.set(name, from.required(name));
		}
		else {
			node.remove(name);
		}
	}

	private static JsonNode at(ObjectNode node, String key) {
		JsonNode found = node;
		for (String name : key.split("\\.", -1)) {
			found = found.path(name);
		}
		return found;
	}

	private Map<String, ListedFile> files(Digest code) throws IOException {
		Map<String, ListedFile> files = new LinkedHashMap<>();
		Listing listing = this.listings.find(code)
			.orElseThrow(() -> RequestException
				.gone("The code " + code + " of one of the runs is damaged or missing in the service's data folder."));
		listing.files().forEach((file) -> files.put(file.path(), file));
		return files;
	}

	private Digest code(Digest base, Digest from, String path) throws IOException {
		if (path.equals(Change.ALL)) {
			return from;
		}
		Listing listing = new Listing(List.copyOf(with(files(base), files(from), path).values()));
		for (ListedFile file : listing.files()) {
			this.store.hold(file.digest());
		}
		Digest digest = this.listings.put(listing);
		this.store.hold(digest);
		return digest;
	}

	private static Map<String, ListedFile> with(Map<String, ListedFile> base, Map<String, ListedFile> from,
			String path) {
		Map<String, ListedFile> files = new LinkedHashMap<>(base);
		ListedFile other = from.get(path);
		if (other != null) {
			files.put(path, other);
		}
		else {
			files.remove(path);
		}
		return files;
	}

	/**
	 * A file that one side has where the other has a folder is no change that can be made
	 * alone.
	 */
	private static boolean isTree(Map<String, ListedFile> files) {
		try {
			return !new Listing(List.copyOf(files.values())).files().isEmpty();
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

	/**
	 * The names under which two maps have not the same.
	 */
	private static <T> List<String> names(Map<String, T> left, Map<String, T> right) {
		TreeSet<String> names = new TreeSet<>(left.keySet());
		names.addAll(right.keySet());
		return names.stream().filter((name) -> !Objects.equals(valueOf(left, name), valueOf(right, name))).toList();
	}

	private static <T> @Nullable Object valueOf(Map<String, T> map, String name) {
		T value = map.get(name);
		return (value instanceof InputSpec input) ? input.digest() + " at " + input.path() : value;
	}

}
