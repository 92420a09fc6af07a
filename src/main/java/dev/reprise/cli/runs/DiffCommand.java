package dev.reprise.cli.runs;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;

import dev.reprise.diff.engine.Comparison;
import dev.reprise.diff.engine.Diff;
import dev.reprise.diff.engine.DiffEngine;
import dev.reprise.diff.engine.Verdict;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code ./reprise diff}: compares two runs, wherever each is kept.
 *
 * @param left one of them
 * @param right the other, the reference of a tolerance
 * @param comparison what is to count as equal
 * @param accepted verdicts that are as good as {@code IDENTICAL} to who asks
 * @param json whether machines read the answer
 */
public record DiffCommand(RunSource left, RunSource right, Comparison comparison, Set<Verdict> accepted, boolean json) {

	private static final JsonMapper JSON = JsonMapper.shared();

	/**
	 * Copies.
	 */
	public DiffCommand {
		accepted = Set.copyOf(accepted);
	}

	/**
	 * Compares.
	 * @param names of both as they were given
	 * @param scratch an empty folder
	 * @return the exit code of the verdict
	 */
	public int run(String[] names, Path scratch, PrintStream out)
			throws IOException, InterruptedException, UnreadableRunException {
		JsonNode diff = (this.left instanceof ServiceRun a && this.right instanceof ServiceRun b
				&& a.server().equals(b.server())) ? asked(a, b) : made(names, scratch);
		if (this.json) {
			out.println(JSON.writeValueAsString(diff));
		}
		else {
			new DiffText(out).print(diff, names[0], names[1]);
		}
		Verdict verdict = verdict(diff.path("verdict").asString());
		return this.accepted.contains(verdict) ? 0 : verdict.exitCode();
	}

	private static Verdict verdict(String name) throws UnreadableRunException {
		try {
			return Verdict.valueOf(name);
		}
		catch (IllegalArgumentException ex) {
			throw new UnreadableRunException("the service gave a verdict that is not known here: " + name);
		}
	}

	/**
	 * The service has the bytes, and keeps the diff.
	 */
	private JsonNode asked(ServiceRun a, ServiceRun b)
			throws IOException, InterruptedException, UnreadableRunException {
		ObjectNode request = JSON.createObjectNode().put("left", a.id()).put("right", b.id());
		request.set("compare", JSON.valueToTree(this.comparison));
		return new ServiceClient(a.server()).diff(request.toString());
	}

	private JsonNode made(String[] names, Path scratch)
			throws IOException, InterruptedException, UnreadableRunException {
		OpenRun a = this.left.open(Files.createDirectory(scratch.resolve("left")));
		OpenRun b = this.right.open(Files.createDirectory(scratch.resolve("right")));
		Diff diff = new DiffEngine().compare(a.record(), b.record(), this.comparison);
		ObjectNode content = JSON.valueToTree(diff);
		return this.json ? headed(names, content) : content;
	}

	/**
	 * As the API has it. People know what they asked for, and its JSON takes a moment.
	 */
	private ObjectNode headed(String[] names, ObjectNode content) {
		ObjectNode node = JSON.createObjectNode();
		node.putNull("id");
		node.put("left", names[0])
			.put("right", names[1])
			.put("state", "DONE")
			.put("createdAt", Instant.now().toString());
		node.set("compare", JSON.valueToTree(this.comparison));
		return node.setAll(content);
	}

}
