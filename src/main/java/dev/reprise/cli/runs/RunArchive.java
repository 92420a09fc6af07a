package dev.reprise.cli.runs;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

import dev.reprise.artifact.Bounds;
import dev.reprise.artifact.Digest;
import dev.reprise.artifact.tar.BadTarException;
import dev.reprise.artifact.tar.TarEntry;
import dev.reprise.artifact.tar.TarReader;
import dev.reprise.artifact.tar.TarWriter;
import dev.reprise.diff.reader.bytes.PlainText;
import dev.reprise.record.RecordFiles;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One run in one file: a tar, of which the same run always gives the same bytes.
 */
final class RunArchive {

	static final String REPLAYS = "replays.json";

	static final String OUTPUTS = "outputs/";

	static final String CODE = "code/";

	static final Pattern DIFF = Pattern.compile("diffs/([0-7][0-9a-hjkmnp-tv-z]{25})\\.json");

	/**
	 * More files than a job may leave; as for bytes, an archive holds no more than it is
	 * long.
	 */
	private static final Bounds BOUNDS = new Bounds(250_000 + RecordFiles.MAX_ALL_SEGMENTS, Long.MAX_VALUE / 4,
			Long.MAX_VALUE / 4, 1);

	private static final int MAX_MANIFEST = 128 << 20;

	private static final int MAX_PROBLEMS = 100;

	private RunArchive() {
	}

	/**
	 * A file to be written.
	 *
	 * @param path in the archive
	 * @param executable its mode
	 * @param from where its bytes are
	 * @param expected what they must be, or null where any will do
	 */
	record Part(String path, boolean executable, Path from, @Nullable Digest expected) {
	}

	/**
	 * Writes an archive.
	 * @param parts in any order
	 * @throws UnreadableRunException if a file is not what it must be
	 */
	static void write(OutputStream out, List<Part> parts, @Nullable String run, boolean digestsOnly)
			throws IOException, UnreadableRunException {
		TarWriter tar = new TarWriter(out);
		SortedMap<String, Manifest.Item> written = new TreeMap<>(TarEntry.ORDER);
		for (Part part : parts.stream().sorted((a, b) -> TarEntry.ORDER.compare(a.path(), b.path())).toList()) {
			MessageDigest sha256 = Digest.sha256();
			TarEntry entry = new TarEntry(part.path(), part.executable(), Files.size(part.from()));
			try (InputStream in = new DigestInputStream(Files.newInputStream(part.from()), sha256)) {
				tar.file(entry, in);
			}
			Digest digest = Digest.of(sha256);
			if (part.expected() != null && !part.expected().equals(digest)) {
				throw new UnreadableRunException("the bytes of " + part.path() + " are not those that were listed;"
						+ " they were changed after the run, and --digests-only leaves them out");
			}
			written.put(part.path(), new Manifest.Item(entry, digest));
		}
		byte[] manifest = new Manifest(run, digestsOnly, written).bytes();
		tar.file(new TarEntry(Manifest.PATH, false, manifest.length), new ByteArrayInputStream(manifest));
		tar.end();
	}

	/**
	 * What an archive holds.
	 *
	 * @param files all but the manifest
	 * @param manifest the manifest, missing where it was not come to or is no JSON
	 * @param problems what is not as it should be, in sentences
	 * @param digest of the archive as a whole, where it was read to its end
	 */
	record Contents(SortedMap<String, Manifest.Item> files, JsonNode manifest, List<String> problems,
			@Nullable Digest digest) {

		Contents {
			files = Collections.unmodifiableSortedMap(files);
			problems = List.copyOf(problems.subList(0, Math.min(problems.size(), MAX_PROBLEMS)));
		}

	}

	/**
	 * Reads an archive, of which nothing is trusted.
	 * @param target takes what is in it
	 * @param outputs whether outputs too are written there
	 * @throws IOException if the target cannot be written
	 */
	static Contents read(Path archive, Path target, boolean outputs) throws IOException {
		SortedMap<String, Manifest.Item> files = new TreeMap<>(TarEntry.ORDER);
		List<String> problems = new ArrayList<>();
		byte[] manifest = new byte[0];
		MessageDigest all = Digest.sha256();
		Digest whole = null;
		try (InputStream in = new DigestInputStream(new BufferedInputStream(Files.newInputStream(archive), 1 << 18),
				all)) {
			TarReader tar = new TarReader(in, BOUNDS);
			String before = "";
			for (TarEntry entry; (entry = tar.next()) != null;) {
				String path = entry.path();
				if (manifest.length > 0 || (!path.equals(Manifest.PATH) && TarEntry.ORDER.compare(before, path) >= 0)) {
					throw new Misplaced(path + " is not in its place: files are in the order of their paths, each once,"
							+ " and manifest.json is the last");
				}
				if (path.equals(Manifest.PATH)) {
					manifest = tar.content().readNBytes(MAX_MANIFEST);
					continue;
				}
				before = path;
				if (!isPart(path)) {
					throw new Misplaced(path + " is no part of an archive of a run");
				}
				boolean keep = outputs || !path.startsWith(OUTPUTS);
				files.put(path, new Manifest.Item(entry, take(tar.content(), keep ? target : null, path)));
			}
			whole = Digest.of(all);
		}
		catch (BadTarException | Misplaced ex) {
			problems.add(PlainText.of(String.valueOf(ex.getMessage())));
		}
		if (problems.isEmpty()) {
			problems.addAll(
					(manifest.length > 0) ? Manifest.problems(manifest, files) : List.of("manifest.json is missing"));
		}
		return new Contents(files, Manifest.json(manifest), problems.stream().map(PlainText::of).toList(), whole);
	}

	private static boolean isPart(String path) {
		return RecordFiles.isOne(path) || path.startsWith(OUTPUTS) || path.startsWith(CODE) || path.equals(REPLAYS)
				|| DIFF.matcher(path).matches();
	}

	private static Digest take(InputStream content, @Nullable Path target, String path) throws IOException, Misplaced {
		MessageDigest sha256 = Digest.sha256();
		try (OutputStream out = (target != null) ? create(target, path) : OutputStream.nullOutputStream()) {
			new DigestInputStream(content, sha256).transferTo(out);
		}
		return Digest.of(sha256);
	}

	private static OutputStream create(Path target, String path) throws IOException, Misplaced {
		try {
			Path file = target.resolve(path);
			Files.createDirectories(file.getParent());
			return Files.newOutputStream(file, StandardOpenOption.CREATE_NEW);
		}
		catch (FileAlreadyExistsException ex) {
			throw new Misplaced(path + " lies below another file");
		}
		catch (InvalidPathException ex) {
			throw new Misplaced(path + " is a name that cannot be written here; use a locale with UTF-8");
		}
	}

	private static final class Misplaced extends Exception {

		Misplaced(String message) {
			super(message);
		}

	}

}
