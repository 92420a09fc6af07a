package dev.reprise.diff.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.reprise.artifact.Digest;
import dev.reprise.artifact.ListedFile;
import dev.reprise.artifact.Listing;
import dev.reprise.diff.engine.folder.RecordFolder;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes a small record folder for a test.
 */
final class WrittenRun {

	private final Path folder;

	private Map<String, String> outputs = Map.of();

	private boolean complete = true;

	private String state = "SUCCEEDED";

	private Instant start = Instant.EPOCH;

	WrittenRun(Path folder) {
		this.folder = folder;
	}

	/**
	 * What the run left, by path; an empty file is listed and not written, which saves
	 * time with ten thousand of them.
	 */
	WrittenRun outputs(Map<String, String> outputs) {
		this.outputs = Map.copyOf(outputs);
		return this;
	}

	WrittenRun complete(boolean complete) {
		this.complete = complete;
		return this;
	}

	/**
	 * When it started; it took an hour.
	 */
	WrittenRun start(Instant start) {
		this.start = start;
		return this;
	}

	WrittenRun end(String state) {
		this.state = state;
		return this;
	}

	RecordFolder write() throws Exception {
		List<ListedFile> files = new ArrayList<>();
		for (Map.Entry<String, String> output : this.outputs.entrySet()) {
			byte[] bytes = output.getValue().getBytes(StandardCharsets.UTF_8);
			if (bytes.length > 0) {
				put("outputs/" + output.getKey(), bytes);
			}
			files.add(new ListedFile(output.getKey(), "644", bytes.length, Digest.of(bytes)));
		}
		put("spec.json", Map.of("seed", 42, "runtime", Map.of("type", "python", "entrypoint", "train.py")));
		Map<String, Object> end = new TreeMap<>(
				Map.of("schema", 1, "state", this.state, "endedBy", "CANCELLED".equals(this.state) ? "service" : "job",
						"startedAt", this.start.toString(), "finishedAt", this.start.plusSeconds(3600).toString()));
		if ("FAILED".equals(this.state)) {
			end.put("failure", Map.of("kind", "EXIT", "exitCode", 1));
		}
		put("end.json", end);
		put("listing.json",
				Map.of("schema", 1, "code", listing(List.of()), "inputs", Map.of(), "outputs", listing(files)));
		put("record/main/observed.json", Map.of("schema", 1, "complete", this.complete));
		put("record/main/environment.json", Map.of("schema", 1, "environment", Map.of(), "machine", Map.of()));
		return RecordFolder.open(this.folder);
	}

	private static Map<String, Object> listing(List<ListedFile> files) {
		List<Map<String, Object>> entries = files.stream()
			.map((file) -> Map.<String, Object>of("path", file.path(), "mode", file.mode(), "size", file.size(),
					"digest", file.digest().value()))
			.toList();
		return Map.of("digest", new Listing(files).digest().value(), "files", entries);
	}

	private void put(String path, Object json) throws IOException {
		byte[] bytes = (json instanceof byte[] raw) ? raw : JsonMapper.shared().writeValueAsBytes(json);
		Path file = this.folder.resolve(path);
		Files.createDirectories(file.getParent());
		Files.write(file, bytes);
	}

}
