package dev.reprise.diff.engine.folder;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

import dev.reprise.artifact.HashedFiles;
import dev.reprise.artifact.ListedFile;
import dev.reprise.diff.reader.bytes.JobFile;
import dev.reprise.diff.reader.bytes.NotReadException;
import dev.reprise.diff.reader.bytes.PlainText;
import dev.reprise.record.BoundedJson;
import dev.reprise.record.UnreadableRecordException;
import tools.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

/**
 * All of one run as files, read with bounds. A part that is missing or cannot be read is
 * null and has a sentence in {@link #gaps()}: with a gap a verdict is never green.
 *
 * @param place where it is
 * @param spec the resolved spec
 * @param end how the run ended
 * @param listings the service's listings of code, inputs and outputs
 * @param record what the processes wrote about themselves
 * @param gaps what is missing, in sentences' second halves
 * @param outputs where the bytes of a listed output are
 * @param code where the bytes of a listed file of the code are
 */
public record RecordFolder(Path place, @Nullable JsonNode spec, @Nullable RunEnd end, @Nullable Listings listings,
		JobRecord record, List<String> gaps, Kept outputs, Kept code) {

	/**
	 * Largest listing.json that is read, in bytes. The service wrote it, of as many files
	 * as a job may leave.
	 */
	public static final int MAX_LISTING = 32 * 1024 * 1024;

	public RecordFolder {
		gaps = List.copyOf(gaps);
	}

	/**
	 * Opens a record folder whose outputs lie in it at {@code outputs/PATH}, and its
	 * code, where it is there, at {@code code/PATH}.
	 * @throws UnreadableRecordException if the path is no record folder at all
	 */
	public static RecordFolder open(Path folder) throws UnreadableRecordException {
		Path outputs = folder.resolve("outputs");
		Path code = folder.resolve("code");
		return open(folder, (file) -> below(outputs, file), (file) -> below(code, file));
	}

	/**
	 * Opens a record folder whose outputs and code are elsewhere, by their digests.
	 * @param files gives the place of a listed file's bytes, whether or not they are
	 * there
	 * @throws UnreadableRecordException if the path is no record folder at all
	 */
	public static RecordFolder open(Path folder, Kept files) throws UnreadableRecordException {
		return open(folder, files, files);
	}

	private static RecordFolder open(Path folder, Kept outputs, Kept code) throws UnreadableRecordException {
		Path specFile = folder.resolve("spec.json");
		Path endFile = folder.resolve("end.json");
		Path listingFile = folder.resolve("listing.json");
		if (!Files.isDirectory(folder) || !(isFile(specFile) || isFile(endFile) || isFile(listingFile))) {
			throw new UnreadableRecordException(
					"no record folder: it has neither spec.json nor end.json nor listing.json");
		}
		List<String> gaps = new ArrayList<>();
		JsonNode spec = read(() -> spec(specFile), gaps);
		RunEnd end = read(() -> RunEnd.read(BoundedJson.read(endFile)), gaps);
		Listings listings = read(() -> Listings.read(listing(listingFile)), gaps);
		JobRecord record = JobRecord.read(folder.resolve("record"), pythonExpected(spec, end));
		gaps.addAll(record.gaps());
		return new RecordFolder(folder, spec, end, listings, record, gaps, outputs, code);
	}

	/**
	 * Opens the bytes of an output.
	 * @throws NotReadException if they are not there as listed
	 */
	public JobFile open(ListedFile file) throws NotReadException {
		return JobFile.open(this.outputs.path(file), file, this::sibling, this.outputs.witness(file));
	}

	private JobFile sibling(String path) throws NotReadException {
		List<ListedFile> files = (this.listings != null) ? this.listings.outputs().files() : List.of();
		for (ListedFile file : files) {
			if (file.path().equals(path)) {
				return open(file);
			}
		}
		throw new NotReadException("it names a file that is not among the outputs: " + PlainText.of(path, 200));
	}

	/**
	 * Opens the bytes of a file of the code.
	 * @throws NotReadException if they are not there as listed
	 */
	public JobFile openCode(ListedFile file) throws NotReadException {
		return JobFile.open(this.code.path(file), file);
	}

	/**
	 * Only of a job that is a command can the service say that it started no Python;
	 * every other one is a program that the harness must have entered.
	 */
	private static boolean pythonExpected(@Nullable JsonNode spec, @Nullable RunEnd end) {
		boolean command = spec != null && spec.path("runtime").path("command").isArray();
		return !command || end == null || end.startedPython();
	}

	private static JsonNode spec(Path file) throws UnreadableRecordException {
		JsonNode spec = BoundedJson.read(file);
		if (!spec.isObject()) {
			throw new UnreadableRecordException("spec.json is no JSON object");
		}
		return spec;
	}

	private static JsonNode listing(Path file) throws UnreadableRecordException {
		if (!isFile(file)) {
			throw new UnreadableRecordException("listing.json is missing");
		}
		try (InputStream in = Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
			byte[] bytes = in.readNBytes(MAX_LISTING + 1);
			if (bytes.length > MAX_LISTING) {
				throw new UnreadableRecordException("listing.json is larger than " + MAX_LISTING + " bytes");
			}
			return BoundedJson.parse(bytes, "listing.json");
		}
		catch (IOException ex) {
			throw new UnreadableRecordException("listing.json cannot be read");
		}
	}

	private static <T> @Nullable T read(Part<T> part, List<String> gaps) {
		try {
			return part.read();
		}
		catch (UnreadableRecordException ex) {
			gaps.add(PlainText.of(String.valueOf(ex.getMessage())));
			return null;
		}
	}

	private static boolean isFile(Path file) {
		return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
	}

	/**
	 * The place of a file below a folder; where a link lies on the way, that link, which
	 * is never opened, since it could lead out of the folder.
	 */
	private static Path below(Path folder, ListedFile file) {
		Path at = folder;
		for (String name : file.path().split("/", -1)) {
			if (Files.isSymbolicLink(at)) {
				return at;
			}
			at = at.resolve(name);
		}
		return at;
	}

	/**
	 * Where the bytes of listed files are.
	 */
	@FunctionalInterface
	public interface Kept {

		/**
		 * The place of a file's bytes, whether or not they are there.
		 */
		Path path(ListedFile file);

		/**
		 * Says whether they are as they were when they were hashed; null where nobody
		 * knows.
		 */
		default HashedFiles.@Nullable Witness witness(ListedFile file) {
			return null;
		}

	}

	@FunctionalInterface
	private interface Part<T> {

		T read() throws UnreadableRecordException;

	}

}
