package dev.reprise.record;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The files that a record folder is made of, but for those that its listing names.
 */
public final class RecordFiles {

	private static final List<String> TOP = List.of("spec.json", "end.json", "listing.json", "job.json", "stdout.log",
			"stderr.log");

	private static final Pattern BELOW = Pattern.compile(
			"record/[a-z0-9][a-z0-9-]{0,63}/(observed\\.json|environment\\.json|result\\.json|operations\\.jsonl)");

	private static final Pattern PROCESS = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");

	private RecordFiles() {
	}

	/**
	 * Whether a path is one of them.
	 */
	public static boolean isOne(String path) {
		return TOP.contains(path) || BELOW.matcher(path).matches();
	}

	/**
	 * Those that a folder has, sorted by path; links are passed over.
	 * @param folder which nobody else writes to
	 */
	public static List<String> of(Path folder) throws IOException {
		List<String> paths = new ArrayList<>(TOP);
		Path record = folder.resolve("record");
		if (Files.isDirectory(record, LinkOption.NOFOLLOW_LINKS)) {
			try (DirectoryStream<Path> processes = Files.newDirectoryStream(record)) {
				for (Path process : processes) {
					String name = String.valueOf(process.getFileName());
					if (PROCESS.matcher(name).matches() && Files.isDirectory(process, LinkOption.NOFOLLOW_LINKS)) {
						for (String file : new String[] { "observed.json", "environment.json", "result.json",
								"operations.jsonl" }) {
							paths.add("record/" + name + "/" + file);
						}
					}
				}
			}
		}
		return paths.stream()
			.filter((path) -> Files.isRegularFile(folder.resolve(path), LinkOption.NOFOLLOW_LINKS))
			.sorted()
			.toList();
	}

}
