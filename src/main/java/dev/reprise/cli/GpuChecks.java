package dev.reprise.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import dev.reprise.queue.GpuSelfTests.Check;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tries on one GPU what Reprise promises: the recipe is read back there, programs that
 * are run again give the same bits, and what cannot be deterministic is refused.
 */
final class GpuChecks {

	/**
	 * What only a GPU can show.
	 */
	private static final Set<String> ITEMS = Set.of("torch-cuda", "cudnn", "cublas", "tf32",
			"deterministic-algorithms");

	private static final List<String> REFUSED = List.of("histc", "median", "put");

	private final Client client;

	private final String gpu;

	private final String environment;

	private final Path home;

	private final List<Check> checks = new ArrayList<>();

	GpuChecks(Client client, String gpu, String environment, Path home) {
		this.client = client;
		this.gpu = gpu;
		this.environment = environment;
		this.home = home;
	}

	/**
	 * Tries all of it; where torch does not see the GPU nothing else is tried.
	 */
	List<Check> run() throws IOException, InterruptedException {
		JsonNode recipe = execute("strict", "recipe.py", List.of(), this.home.resolve("selftest/recipe.py"));
		add("the recipe's program runs", succeeded(recipe), said(recipe), id(recipe));
		if (succeeded(recipe)) {
			readBack(id(recipe));
			replay("the recipe's program", id(recipe));
			Path examples = this.home.resolve("examples");
			example(examples.resolve("digits/train.py"));
			example(examples.resolve("digits/cnn.py"));
			example(examples.resolve("names/train.py"), examples.resolve("names/names.txt"));
			for (String operation : REFUSED) {
				refused(operation);
			}
		}
		return List.copyOf(this.checks);
	}

	private void readBack(String run) throws IOException, InterruptedException {
		List<String> missing = new ArrayList<>(ITEMS);
		List<String> words = new ArrayList<>();
		for (JsonNode item : this.client.get("/runs/" + run + "/checklist").path("items")) {
			String name = item.path("item").asString();
			if (ITEMS.contains(name)) {
				String held = item.path("held").asString();
				words.add(name + " " + held + (held.equals("yes") ? "" : ": " + item.path("why").asString()));
				if (held.equals("yes")) {
					missing.remove(name);
				}
			}
		}
		add("the recipe is read back", missing.isEmpty(), String.join("; ", words), run);
	}

	private void example(Path... files) throws IOException, InterruptedException {
		String name = this.home.relativize(files[0]).toString();
		JsonNode run = execute("strict", file(files[0]), List.of(), files);
		if (succeeded(run)) {
			replay(name, id(run));
		}
		else {
			add(name, false, said(run), id(run));
		}
	}

	private void replay(String name, String run) throws IOException, InterruptedException {
		JsonNode asked = this.client.post("/runs/" + run + "/replays", "{\"count\": 1}").path("items").get(0);
		JsonNode replay = this.client.judged(asked.path("id").asString());
		String verdict = replay.path("verdict").asString();
		String summary = replay.path("diff").isString()
				? this.client.get("/diffs/" + replay.path("diff").asString()).path("summary").asString() : "";
		add(name + " gives the same bits again", verdict.equals("IDENTICAL"), verdict + ". " + summary, run,
				asked.path("run").asString());
	}

	private void refused(String operation) throws IOException, InterruptedException {
		Path program = this.home.resolve("selftest/refuse.py");
		JsonNode strict = execute("strict", "refuse.py", List.of(operation), program);
		boolean refused = strict.path("failure").path("kind").asString("").equals("REFUSED_OPERATION");
		add("strict refuses " + operation, refused, said(strict), id(strict));
		JsonNode warned = execute("warn", "refuse.py", List.of(operation), program);
		boolean listed = succeeded(warned)
				&& !this.client.get("/runs/" + id(warned) + "/operations").path("items").isEmpty();
		add("warn lists " + operation, listed, said(warned), id(warned));
	}

	private JsonNode execute(String mode, String entrypoint, List<String> args, Path... code)
			throws IOException, InterruptedException {
		ObjectNode spec = JsonMapper.shared().createObjectNode();
		spec.put("name", "selftest").put("seed", 42).put("determinism", mode);
		ObjectNode runtime = spec.putObject("runtime").put("type", "python").put("entrypoint", entrypoint);
		args.forEach(runtime.putArray("args")::add);
		spec.putObject("environment").put("name", this.environment);
		spec.putObject("resources").put("gpus", 1);
		JsonNode run = this.client.submit(spec.toString(), code);
		return this.client.follow(id(run), (line) -> {
		});
	}

	private void add(String name, boolean passed, String said, String... runs) {
		this.checks.add(new Check(this.gpu, name, passed, said, List.of(runs)));
	}

	private static boolean succeeded(JsonNode run) {
		return run.path("state").asString().equals("SUCCEEDED");
	}

	private static String said(JsonNode run) {
		JsonNode failure = run.path("failure");
		return run.path("state").asString() + (failure.isObject()
				? ", " + failure.path("kind").asString() + ": " + failure.path("message").asString() : "");
	}

	private static String id(JsonNode run) {
		return run.path("id").asString();
	}

	private static String file(Path path) {
		return String.valueOf(path.getFileName());
	}

}
