package dev.reprise.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Shows what Reprise is for: a real training job, its checklist, a replay that gives the
 * same bits, and another seed that does not.
 */
final class Demo {

	private static final String PROGRAM = "examples/digits/train.py";

	private static final int TENSORS = 5;

	private static final String TRAINER = "cnn";

	private final Client client;

	private final PrintStream out;

	private final boolean python;

	/**
	 * Makes a demo.
	 * @param python whether it is PyTorch's example, not a trainer with DJL
	 */
	Demo(Client client, PrintStream out, boolean python) {
		this.client = client;
		this.out = out;
		this.python = python;
	}

	/**
	 * The service's properties for a demo: a free port, and a log that says only what
	 * goes wrong.
	 */
	static List<String> properties(Options options) {
		List<String> properties = new ArrayList<>(
				List.of("--server.port=0", "--logging.level.root=error", "--logging.level.dev.reprise=warn"));
		properties.addAll(options.properties());
		return properties;
	}

	/**
	 * Runs the demo.
	 * @return 0 if the replay is identical and the other seed different, else 1
	 */
	int run() throws IOException, InterruptedException {
		JsonNode original = execute("1. A training job in strict mode, seed 42: "
				+ (this.python ? PROGRAM : "the trainer " + TRAINER + ", on the JVM with DJL"), 42);
		if (original == null) {
			return 1;
		}
		checklist(id(original));
		JsonNode replay = replay(id(original));
		JsonNode other = execute("4. The same program once more, with seed 43", 43);
		if (other == null) {
			return 1;
		}
		JsonNode diff = this.client.post("/diffs",
				"{\"left\": \"" + id(original) + "\", \"right\": \"" + id(other) + "\"}");
		verdict(diff);
		boolean good = replay.path("verdict").asString().equals("IDENTICAL")
				&& diff.path("verdict").asString().equals("DIFFERENT");
		this.out.println();
		this.out.println(good ? "As promised: the replay gave the same bits, and the other seed did not."
				: "Not as promised: the replay should be IDENTICAL and the other seed DIFFERENT.");
		return good ? 0 : 1;
	}

	private @Nullable JsonNode execute(String title, int seed) throws IOException, InterruptedException {
		heading(title);
		String spec = "{\"name\": \"demo\", \"seed\": " + seed + ", \"determinism\": \"strict\", \"runtime\": ";
		JsonNode run = this.python
				? this.client.submit(spec + "{\"type\": \"python\", \"entrypoint\": \"train.py\"}}",
						Path.of(System.getProperty("reprise.home", ".")).resolve(PROGRAM))
				: this.client.post("/runs", spec + "{\"type\": \"djl\", \"trainer\": \"" + TRAINER + "\"}}");
		this.out.println("   run " + id(run));
		JsonNode ended = this.client.follow(id(run), (line) -> this.out.println("   | " + line));
		int files = ended.path("outputs").path("files").asInt();
		this.out.println("   " + ended.path("state").asString() + ", " + files
				+ ((files == 1) ? " output file, " : " output files, ")
				+ number(ended.path("outputs").path("bytes").asLong()) + " bytes, in isolation "
				+ ended.path("isolation").asString());
		if (!ended.path("state").asString().equals("SUCCEEDED")) {
			this.out.println("   " + ended.path("failure"));
			return null;
		}
		return ended;
	}

	private void checklist(String run) throws IOException, InterruptedException {
		heading("2. The recipe, as it was read back in the process");
		for (JsonNode item : this.client.get("/runs/" + run + "/checklist").path("items")) {
			this.out.printf(Locale.ROOT, "   %-15s %s%n", item.path("held").asString(), item.path("title").asString());
			this.out.printf(Locale.ROOT, "   %-15s   %s%n", "", observed(item));
		}
	}

	private static String observed(JsonNode item) {
		List<String> values = new ArrayList<>();
		if (item.path("held").asString().startsWith("not-")) {
			return item.path("why").asString();
		}
		item.path("requested").properties().forEach((knob) -> {
			JsonNode end = item.path("observed").path(knob.getKey()).path("end");
			String name = knob.getKey().replaceFirst("^torch\\.(backends\\.)?", "");
			values.add(name + " = " + (end.isValueNode() ? end.asString() : end.toString()));
		});
		return values.isEmpty() ? item.path("why").asString() : String.join(", ", values);
	}

	private JsonNode replay(String run) throws IOException, InterruptedException {
		heading("3. A replay: the same settings, code and environment, in a new process");
		JsonNode asked = this.client.post("/runs/" + run + "/replays", "{\"count\": 1}").path("items").get(0);
		this.out.println("   run " + asked.path("run").asString());
		this.client.follow(asked.path("run").asString(), (line) -> this.out.println("   | " + line));
		JsonNode done = this.client.judged(asked.path("id").asString());
		if (done.path("diff").isString()) {
			verdict(this.client.get("/diffs/" + done.path("diff").asString()));
		}
		this.out.println("   certificate: "
				+ this.client.get("/runs/" + run + "/replays").path("certificate").path("statement").asString());
		return done;
	}

	private void verdict(JsonNode diff) {
		this.out.println("   verdict: " + diff.path("verdict").asString());
		this.out.println("   " + diff.path("summary").asString());
		JsonNode coverage = diff.path("coverage");
		int outputs = coverage.path("outputs").asInt();
		this.out.println("   rests on " + outputs + ((outputs == 1) ? " output, " : " outputs, ")
				+ number(coverage.path("bytes").asLong()) + " bytes, " + coverage.path("tensors").asInt()
				+ " tensors; trace " + coverage.path("trace").asString());
		for (JsonNode result : diff.path("results")) {
			for (JsonNode file : result.path("differences")) {
				tensors(file);
			}
		}
	}

	private void tensors(JsonNode file) {
		int shown = 0;
		for (JsonNode tensor : file.path("tensors")) {
			if (shown++ == 0) {
				this.out.println("   " + file.path("path").asString() + ":");
				this.out.printf(Locale.ROOT, "     %-28s %18s %12s %12s%n", "tensor", "elements differ", "largest",
						"in ULPs");
			}
			if (shown <= TENSORS) {
				this.out.printf(Locale.ROOT, "     %-28s %18s %12.3g %12s%n", tensor.path("name").asString(),
						number(tensor.path("different").asLong()) + " of " + number(tensor.path("of").asLong()),
						tensor.path("maxAbs").asDouble(Double.NaN), number(tensor.path("maxUlp").asLong()));
			}
		}
		if (shown > TENSORS) {
			this.out.println("     and " + (shown - TENSORS) + " more");
		}
	}

	private void heading(String text) {
		this.out.println();
		this.out.println(text);
	}

	private static String id(JsonNode run) {
		return run.path("id").asString();
	}

	private static String number(long value) {
		return String.format(Locale.ROOT, "%,d", value);
	}

}
