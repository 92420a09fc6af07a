package dev.reprise.cli.runs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;

import dev.reprise.diff.reader.bytes.PlainText;
import dev.reprise.record.BoundedJson;
import dev.reprise.record.UnreadableRecordException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The replays of a run in an archive, and the diffs by which they were judged.
 *
 * @param folder where the archive was unpacked
 * @param contents what it holds
 * @param run the id that it says it has
 */
record Judgements(Path folder, RunArchive.Contents contents, @Nullable String run) {

	private static final int MAX_BYTES = 64 << 20;

	/**
	 * Checks what refers to what.
	 * @param problems takes what is wrong
	 * @return what is there, in a sentence
	 */
	String check(List<String> problems) {
		Set<String> diffs = new HashSet<>();
		for (String path : this.contents.files().keySet()) {
			Matcher diff = RunArchive.DIFF.matcher(path);
			if (diff.matches()) {
				diffs.add(diff.group(1));
			}
		}
		List<String> verdicts = new ArrayList<>();
		if (this.contents.files().containsKey(RunArchive.REPLAYS)) {
			try {
				for (JsonNode replay : read(RunArchive.REPLAYS).path("items")) {
					verdicts.add(word(replay));
					replay(replay, diffs, problems);
				}
			}
			catch (UnreadableRecordException ex) {
				problems.add(String.valueOf(ex.getMessage()));
			}
		}
		diffs.forEach((diff) -> problems.add("diffs/" + diff + ".json belongs to no replay"));
		return verdicts.isEmpty() ? "no replays"
				: verdicts.size() + " replays: " + PlainText.of(String.join(", ", verdicts));
	}

	private void replay(JsonNode replay, Set<String> diffs, List<String> problems) throws UnreadableRecordException {
		String id = replay.path("id").asString("?");
		if (this.run == null || !replay.path("original").asString("").equals(this.run)) {
			problems.add("replay " + id + " is of another run");
		}
		String name = replay.path("diff").asString("");
		if (name.isEmpty()) {
			return;
		}
		if (!diffs.remove(name)) {
			problems.add("the diff of replay " + id + " is not in the archive");
			return;
		}
		JsonNode diff = read("diffs/" + name + ".json");
		if (!same(diff, "id", name) || !same(diff, "left", replay.path("original").asString(""))
				|| !same(diff, "right", replay.path("run").asString(""))
				|| !(same(diff, "verdict", replay.path("verdict").asString("")) || withdrawn(replay))) {
			problems.add("diffs/" + name + ".json is not the diff by which replay " + id + " was judged");
		}
	}

	/**
	 * A control is not judged by its verdict: it is there to differ.
	 */
	private static String word(JsonNode replay) {
		if (same(replay, "kind", "control") && replay.path("control").isObject()) {
			return replay.path("control").path("found").asBoolean(false) ? "control found" : "control NOT found";
		}
		return replay.path("verdict").asString(replay.path("state").asString("?"));
	}

	/**
	 * Whether a verdict is weaker than that of its diff, because the control that was
	 * asked for with it was not found.
	 */
	private static boolean withdrawn(JsonNode replay) {
		return same(replay, "verdict", "INCONCLUSIVE") && replay.path("reason").asString("").startsWith("Withdrawn: ");
	}

	private static boolean same(JsonNode node, String key, String value) {
		return node.path(key).asString("").equals(value);
	}

	private JsonNode read(String path) throws UnreadableRecordException {
		try (InputStream in = Files.newInputStream(this.folder.resolve(path))) {
			byte[] bytes = in.readNBytes(MAX_BYTES + 1);
			if (bytes.length > MAX_BYTES) {
				throw new UnreadableRecordException(path + " is larger than " + MAX_BYTES + " bytes");
			}
			return BoundedJson.parse(bytes, path);
		}
		catch (IOException ex) {
			throw new UnreadableRecordException(path + " cannot be read");
		}
	}

}
