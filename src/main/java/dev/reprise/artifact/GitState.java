package dev.reprise.artifact;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Where in its history code stood.
 *
 * @param commit the commit that was checked out, in hexadecimal
 * @param dirty whether files differ from the commit; null where that is not known
 */
public record GitState(String commit, @Nullable Boolean dirty) {

	private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}([0-9a-f]{24})?");

	private static final int MAX_REF_BYTES = 4096;

	private static final int MAX_PACKED_BYTES = 4 * 1024 * 1024;

	/**
	 * Reads the state from {@code .git} in a folder. Nothing is executed, no link is
	 * followed, and nothing outside of the folder is read; what is not plain is null.
	 * @param code the folder that has {@code .git}
	 */
	public static @Nullable GitState read(Path code) {
		Path git = code.resolve(".git");
		String head = text(git, "HEAD", MAX_REF_BYTES);
		if (head == null) {
			return null;
		}
		String commit = head.strip();
		if (commit.startsWith("ref: ")) {
			commit = resolve(git, commit.substring("ref: ".length()).strip());
		}
		return (commit != null && COMMIT.matcher(commit).matches()) ? new GitState(commit, null) : null;
	}

	private static @Nullable String resolve(Path git, String ref) {
		if (!ref.startsWith("refs/") || RelativePath.wrong(ref) != null) {
			return null;
		}
		String loose = text(git, ref, MAX_REF_BYTES);
		if (loose != null) {
			return loose.strip();
		}
		String packed = text(git, "packed-refs", MAX_PACKED_BYTES);
		if (packed == null) {
			return null;
		}
		return packed.lines()
			.filter((line) -> line.endsWith(" " + ref))
			.map((line) -> line.substring(0, line.indexOf(' ')))
			.findFirst()
			.orElse(null);
	}

	private static @Nullable String text(Path git, String path, int maxBytes) {
		Path file = git;
		for (String name : path.split("/", -1)) {
			if (!Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
				return null;
			}
			file = FileNames.resolve(file, name);
		}
		if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
			return null;
		}
		try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
			byte[] bytes = in.readNBytes(maxBytes + 1);
			return (bytes.length <= maxBytes) ? new String(bytes, StandardCharsets.UTF_8) : null;
		}
		catch (IOException ex) {
			return null;
		}
	}

}
