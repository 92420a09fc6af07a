package dev.reprise.cli.runs;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import dev.reprise.artifact.FileHasher;
import dev.reprise.artifact.ListedFile;
import dev.reprise.diff.engine.folder.Listings;
import dev.reprise.http.TimeSortedId;
import dev.reprise.record.BoundedJson;
import dev.reprise.record.RecordFiles;
import dev.reprise.record.UnreadableRecordException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * {@code ./reprise export}: writes a run into one file.
 *
 * @param run the run
 * @param target the file, or null for one in the current folder
 * @param digestsOnly whether outputs and code are left out
 */
public record ExportCommand(RunSource run, @Nullable Path target, boolean digestsOnly) {

	/**
	 * Exports.
	 * @param scratch an empty folder
	 * @return 0
	 */
	public int run(Path scratch, PrintStream out) throws IOException, InterruptedException, UnreadableRunException {
		OpenRun open = this.run.open(Files.createDirectory(scratch.resolve("run")));
		String id = id(open);
		Path file = (this.target != null) ? this.target
				: Path.of("reprise-" + ((id != null) ? id : open.folder().toRealPath().getFileName()) + ".tar");
		if (Files.exists(file)) {
			throw new UnreadableRunException(file + " is there already; name another by -o, or remove it");
		}
		List<RunArchive.Part> parts = parts(open);
		if (this.run instanceof ServiceRun service) {
			parts.addAll(judgements(service, Files.createDirectory(scratch.resolve("judgements"))));
		}
		else {
			parts.addAll(judgements(open.folder()));
		}
		Path temp = file.resolveSibling("." + file.getFileName() + ".writing");
		try {
			try (OutputStream to = new BufferedOutputStream(Files.newOutputStream(temp), 1 << 18)) {
				RunArchive.write(to, parts, id, this.digestsOnly);
			}
			Files.move(temp, file, StandardCopyOption.ATOMIC_MOVE);
		}
		finally {
			Files.deleteIfExists(temp);
		}
		out.println(String.format(Locale.ROOT, "%s: %d files, %,d bytes, %s", file, parts.size() + 1, Files.size(file),
				this.digestsOnly ? "outputs by their digests only" : "outputs and all"));
		out.println("its digest: " + FileHasher.hash(file));
		return 0;
	}

	private @Nullable String id(OpenRun open) {
		if (this.run instanceof ServiceRun service) {
			return service.id();
		}
		for (String name : new String[] { "job.json", Manifest.PATH }) {
			try {
				String id = BoundedJson.read(open.folder().resolve(name)).path("run").asString("");
				if (TimeSortedId.isId(id)) {
					return id;
				}
			}
			catch (UnreadableRecordException ex) {
				// then it has none
			}
		}
		return null;
	}

	private List<RunArchive.Part> parts(OpenRun open) throws IOException, UnreadableRunException {
		List<RunArchive.Part> parts = new ArrayList<>();
		for (String path : RecordFiles.of(open.folder())) {
			parts.add(new RunArchive.Part(path, false, open.folder().resolve(path), null));
		}
		if (this.digestsOnly) {
			return parts;
		}
		Listings listings = open.listings();
		for (ListedFile output : listings.outputs().files()) {
			Path bytes = open.record().outputs().path(output);
			if (!Files.isRegularFile(bytes, LinkOption.NOFOLLOW_LINKS)) {
				throw new UnreadableRunException("the bytes of the output " + output.path()
						+ " are not there; --digests-only exports the run without them");
			}
			parts.add(new RunArchive.Part(RunArchive.OUTPUTS + output.path(), output.mode().equals("755"), bytes,
					output.digest()));
		}
		Path code = open.folder().resolve("code");
		for (ListedFile file : listings.code().files()) {
			Path bytes = code.resolve(file.path());
			if (Files.isRegularFile(bytes, LinkOption.NOFOLLOW_LINKS)) {
				parts.add(new RunArchive.Part(RunArchive.CODE + file.path(), file.mode().equals("755"), bytes,
						file.digest()));
			}
		}
		return parts;
	}

	/**
	 * The replays of a service's run, and the diffs that they were judged by.
	 */
	private static List<RunArchive.Part> judgements(ServiceRun run, Path folder)
			throws IOException, InterruptedException, UnreadableRunException {
		ServiceClient client = new ServiceClient(run.server());
		JsonNode replays = client.json("/runs/" + run.id() + "/replays");
		List<RunArchive.Part> parts = new ArrayList<>();
		if (replays.path("items").isEmpty()) {
			return parts;
		}
		parts.add(part(folder, RunArchive.REPLAYS, replays));
		for (JsonNode replay : replays.path("items")) {
			String diff = replay.path("diff").asString("");
			if (TimeSortedId.isId(diff)) {
				parts.add(part(folder, "diffs/" + diff + ".json", client.json("/diffs/" + diff)));
			}
		}
		return parts;
	}

	private static RunArchive.Part part(Path folder, String path, JsonNode content) throws IOException {
		Path file = folder.resolve(path);
		Files.createDirectories(file.getParent());
		Files.write(file, (content.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8));
		return new RunArchive.Part(path, false, file, null);
	}

	/**
	 * Those of an archive that is written anew.
	 */
	private static List<RunArchive.Part> judgements(Path folder) throws IOException {
		List<RunArchive.Part> parts = new ArrayList<>();
		Path replays = folder.resolve(RunArchive.REPLAYS);
		Path diffs = folder.resolve("diffs");
		if (Files.isRegularFile(replays, LinkOption.NOFOLLOW_LINKS)) {
			parts.add(new RunArchive.Part(RunArchive.REPLAYS, false, replays, null));
		}
		if (Files.isDirectory(diffs, LinkOption.NOFOLLOW_LINKS)) {
			try (var files = Files.newDirectoryStream(diffs)) {
				for (Path file : files) {
					String path = "diffs/" + file.getFileName();
					if (RunArchive.DIFF.matcher(path).matches()) {
						parts.add(new RunArchive.Part(path, false, file, null));
					}
				}
			}
		}
		return parts;
	}

}
