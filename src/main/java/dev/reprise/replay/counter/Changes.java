package dev.reprise.replay.counter;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.reprise.artifact.BlobStore;
import dev.reprise.artifact.Digest;
import dev.reprise.artifact.ListedFile;
import dev.reprise.artifact.Listing;
import dev.reprise.artifact.ListingStore;
import dev.reprise.diff.engine.Layer;
import dev.reprise.http.RequestException;
import dev.reprise.recipe.Knob;
import dev.reprise.recipe.Recipe;
import dev.reprise.run.Run;
import dev.reprise.run.spec.InputSpec;
import dev.reprise.run.spec.JobSpec;
import dev.reprise.run.spec.JobSpecJson;
import dev.reprise.run.spec.RuntimeSpec;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.stereotype.Component;

/**
 * Finds what differs between two runs, and takes one difference from one to the other.
 * What cannot change a bit (a name, a label, a timeout, what is traced) is none.
 */
@Component
class Changes {

	/** In the order in which they are tried where no cause is known. */
	private static final List<String> SETTINGS = List.of("seed", "resources.threads", "determinism", "portable",
			"holdSeed", "onDrift", "runtime", "resources.gpus", "resources.gpuModel", "resources.cpus", "network");

	/** Knobs that change no bit. */
	private static final Set<String> NO_BIT = Set.of("TORCHINDUCTOR_CACHE_DIR", "TRITON_CACHE_DIR", "OMP_WAIT_POLICY",
			"PYTHONDONTWRITEBYTECODE");

	/** Knobs of what only a GPU does. */
	private static final Pattern OF_GPUS = Pattern
		.compile("torch\\.cuda\\..+|torch\\.backends\\.(cudnn|cuda\\.matmul)\\..+|(CUBLAS|NCCL|NVIDIA)_.+");

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
	List<Change> between(Run leftRun, Run rightRun) throws IOException {
		List<Change> changes = new ArrayList<>();
		JobSpec left = leftRun.spec();
		JobSpec right = rightRun.spec();
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
		if (isJvm(left) == isJvm(right)) {
			boolean gpus = left.resources().gpus() + right.resources().gpus() > 0;
			knobs(leftRun, rightRun).filter((knob) -> gpus || !OF_GPUS.matcher(knob).matches())
				.forEach((knob) -> changes.add(new Change(Layer.RECIPE, knob)));
		}
		return changes;
	}

	private static boolean isJvm(JobSpec spec) {
		return spec.runtime() instanceof RuntimeSpec.Jvm;
	}

	/**
	 * Knobs that two runs request otherwise for another reason than that their seeds or
	 * threads differ, which are settings.
	 */
	private static Stream<String> knobs(Run left, Run right) {
		Recipe one = left.spec().recipe(left.watch().knobs());
		Recipe other = recipe(right, left.spec());
		return Stream.of(one, other)
			.flatMap((recipe) -> recipe.knobs().stream())
			.map(Knob::name)
			.distinct()
			.filter((name) -> !NO_BIT.contains(name) && !value(one, name).equals(value(other, name)));
	}

	/**
	 * What a run requests, were its seed and its threads those of another.
	 */
	private static Recipe recipe(Run run, JobSpec like) {
		return JobSpecJson.changed(run.spec(), (node) -> {
			node.put("seed", like.seed());
			((ObjectNode) node.required("resources")).put("threads", like.resources().threads());
		}).recipe(run.watch().knobs());
	}

	/**
	 * What is requested of a knob, null of JSON where nothing is.
	 */
	private static JsonNode value(Recipe recipe, String knob) {
		return recipe.knob(knob).map(Knob::value).orElse(NullNode.getInstance());
	}

	/**
	 * A run's spec and knobs with one difference taken from another run. To be called in
	 * the transaction that submits it: new code is held in the store until that has
	 * ended.
	 * @throws IOException if new code cannot be kept
	 */
	Taken take(Run base, Run from, Change change) throws IOException {
		return (change.layer() == Layer.RECIPE)
				? new Taken(base.spec(), knobs(base, value(recipe(from, base.spec()), change.key()), change.key()))
				: new Taken(take(base.spec(), from.spec(), change), base.watch().knobs());
	}

	private static Map<String, JsonNode> knobs(Run base, JsonNode value, String knob) {
		Map<String, JsonNode> knobs = new TreeMap<>(base.watch().knobs());
		if (value.equals(value(base.spec().recipe(Map.of()), knob))) {
			knobs.remove(knob);
		}
		else {
			knobs.put(knob, value);
		}
		return knobs;
	}

	private JobSpec take(JobSpec base, JobSpec from, Change change) throws IOException {
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

	/**
	 * What a counter-run is submitted with.
	 *
	 * @param spec its spec
	 * @param knobs those of its recipe that are not as the spec's mode has them
	 */
	record Taken(JobSpec spec, Map<String, JsonNode> knobs) {
	}

}
