package dev.reprise.cli.runs;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import dev.reprise.artifact.ListedFile;
import dev.reprise.diff.engine.folder.Listings;
import dev.reprise.diff.engine.folder.RecordFolder;
import dev.reprise.diff.engine.folder.RunEnd;
import dev.reprise.diff.reader.bytes.PlainText;
import dev.reprise.record.BoundedJson;
import dev.reprise.record.UnreadableRecordException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * {@code ./reprise check}: whether an archive is whole, without any service.
 *
 * @param archive the archive
 */
public record CheckCommand(Path archive) {

	/**
	 * Exit code where something is not as it should be.
	 */
	public static final int DAMAGED = 1;

	/**
	 * Checks.
	 * @param scratch an empty folder
	 * @return the exit code
	 */
	public int run(Path scratch, PrintStream out) throws IOException, UnreadableRunException {
		if (!Files.isRegularFile(this.archive)) {
			throw new UnreadableRunException(this.archive + " is no file; give an archive of ./reprise export");
		}
		RunArchive.Contents contents = RunArchive.read(this.archive, scratch, false);
		List<String> problems = new ArrayList<>(contents.problems());
		List<String> facts = new ArrayList<>();
		if (contents.manifest().isObject()) {
			chain(contents, scratch, problems, facts);
		}
		if (!problems.isEmpty()) {
			problems.stream().distinct().forEach((problem) -> out.println("wrong: " + PlainText.of(problem)));
			out.println(this.archive + " is not whole");
			return DAMAGED;
		}
		facts.forEach(out::println);
		out.println("not checked: who made it; the bytes of inputs, which are here by their digests only");
		out.println("its digest: " + contents.digest());
		out.println(this.archive + " is whole");
		return 0;
	}

	/**
	 * What refers to what.
	 */
	private static void chain(RunArchive.Contents contents, Path folder, List<String> problems, List<String> facts)
			throws UnreadableRunException {
		JsonNode manifest = contents.manifest();
		RecordFolder record;
		try {
			record = RecordFolder.open(folder);
		}
		catch (UnreadableRecordException ex) {
			problems.add(String.valueOf(ex.getMessage()));
			return;
		}
		Listings listings = record.listings();
		RunEnd end = record.end();
		JsonNode spec = record.spec();
		if (listings == null || end == null || spec == null) {
			problems.addAll(record.gaps());
			return;
		}
		String run = Manifest.run(manifest);
		boolean digestsOnly = Manifest.digestsOnly(manifest);
		facts.add("run " + ((run != null) ? PlainText.of(run) : "without an id") + ": " + end.state() + ", isolation "
				+ PlainText.of(end.isolation()));
		if (!spec.path("code").asString("").equals(listings.code().digest().value())) {
			problems.add("spec.json names another code than listing.json");
		}
		inputs(spec, folder, problems);
		job(spec, folder, contents, problems);
		facts.add(files("outputs", RunArchive.OUTPUTS, listings.outputs().files(), contents, !digestsOnly, problems));
		facts.add(files("files of the code", RunArchive.CODE, listings.code().files(), contents, false, problems));
		facts.add("record of " + record.record().processes().size() + " processes"
				+ (record.gaps().isEmpty() ? "" : ", not complete: " + String.join("; ", record.gaps())));
		facts.add(new Judgements(folder, contents, run).check(problems));
	}

	private static void inputs(JsonNode spec, Path folder, List<String> problems) {
		try {
			JsonNode listed = BoundedJson.parse(bytes(folder.resolve("listing.json")), "listing.json").path("inputs");
			spec.path("inputs").properties().forEach((input) -> {
				String digest = input.getValue().path("digest").asString("");
				if (!listed.path(input.getKey()).path("digest").asString("").equals(digest)) {
					problems.add("spec.json names another input " + input.getKey() + " than listing.json");
				}
			});
		}
		catch (UnreadableRecordException ex) {
			problems.add(String.valueOf(ex.getMessage()));
		}
	}

	private static byte[] bytes(Path file) throws UnreadableRecordException {
		try (var in = Files.newInputStream(file)) {
			return in.readNBytes(RecordFolder.MAX_LISTING);
		}
		catch (IOException ex) {
			throw new UnreadableRecordException(file.getFileName() + " cannot be read");
		}
	}

	private static void job(JsonNode spec, Path folder, RunArchive.Contents contents, List<String> problems) {
		if (!contents.files().containsKey("job.json")) {
			return;
		}
		try {
			if (!BoundedJson.read(folder.resolve("job.json")).path("spec").equals(spec)) {
				problems.add("job.json has another spec than spec.json");
			}
		}
		catch (UnreadableRecordException ex) {
			problems.add(String.valueOf(ex.getMessage()));
		}
	}

	/**
	 * Files that are listed, and those that are there.
	 * @param all whether each must be there
	 */
	private static String files(String what, String prefix, List<ListedFile> listed, RunArchive.Contents contents,
			boolean all, List<String> problems) {
		int there = 0;
		long bytes = 0;
		for (ListedFile file : listed) {
			Manifest.@Nullable Item item = contents.files().get(prefix + file.path());
			if (item == null) {
				if (all) {
					problems.add(prefix + file.path() + " is listed and not in the archive");
				}
				continue;
			}
			there++;
			bytes += file.size();
			if (!item.digest().equals(file.digest()) || item.entry().size() != file.size()
					|| item.entry().executable() != file.mode().equals("755")) {
				problems.add(prefix + file.path() + " is not what listing.json says");
			}
		}
		long present = contents.files().keySet().stream().filter((path) -> path.startsWith(prefix)).count();
		if (present > there) {
			problems.add((present - there) + " files below " + prefix + " are in no listing");
		}
		return String.format(Locale.ROOT, "%d %s, %d of them with their bytes (%,d)", listed.size(), what, there,
				bytes);
	}

}
