package dev.reprise.record;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The files that a record folder is made of, but for those that its listing names.
 */
public final class RecordFiles {

	/**
	 * Most segments of one process's trace.
	 */
	public static final int MAX_SEGMENTS = 4096;

	/**
	 * Most segments of a run's traces.
	 */
	public static final int MAX_ALL_SEGMENTS = 4 * MAX_SEGMENTS;

	/**
	 * In a trace, beside its segments, where not all of it was kept.
	 */
	static final String CUT = "cut";

	static final String TRACE = "trace";

	static final Pattern SEGMENT = Pattern.compile("[0-9]{4}");

	static final Comparator<String> MAIN_FIRST = Comparator.comparing((String name) -> !name.equals(ProcessRecord.MAIN))
		.thenComparing(Comparator.naturalOrder());

	static final Pattern PROCESS = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");

	/**
	 * Files of a process, each with the most bytes of it that are read.
	 */
	static final Map<String, Long> OF_PROCESS = new TreeMap<>(Map.of("observed.json", (long) BoundedJson.MAX_BYTES,
			"environment.json", (long) BoundedJson.MAX_BYTES, "result.json", (long) BoundedJson.MAX_BYTES,
			"operations.jsonl", 16L << 20, "audit.json", (long) BoundedJson.MAX_BYTES, "zoom.jsonl", 65L << 20,
			"flip.json", (long) BoundedJson.MAX_BYTES, "timing.json", (long) BoundedJson.MAX_BYTES));

	private static final List<String> TOP = List.of("spec.json", "end.json", "listing.json", "job.json", "stdout.log",
			"stderr.log");

	private static final Pattern BELOW = Pattern.compile("record/" + PROCESS + "/("
			+ OF_PROCESS.keySet().stream().map(Pattern::quote).collect(Collectors.joining("|")) + "|" + TRACE + "/("
			+ SEGMENT + "|" + CUT + "))");

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
		for (String process : processes(folder)) {
			String own = "record/" + process + "/";
			OF_PROCESS.keySet().forEach((file) -> paths.add(own + file));
			traces(folder, own + TRACE, paths);
		}
		return paths.stream()
			.filter((path) -> Files.isRegularFile(folder.resolve(path), LinkOption.NOFOLLOW_LINKS))
			.sorted()
			.toList();
	}

	/**
	 * The processes that have a folder, the main one first.
	 * @param folder which nobody else writes to
	 */
	public static List<String> processes(Path folder) throws IOException {
		Path record = folder.resolve("record");
		return names(record, PROCESS).stream()
			.filter((name) -> Files.isDirectory(record.resolve(name), LinkOption.NOFOLLOW_LINKS))
			.sorted(MAIN_FIRST)
			.toList();
	}

	/**
	 * Those of the traces that a record folder has, sorted by path.
	 */
	public static List<String> traces(Path folder) throws IOException {
		return of(folder).stream().filter((path) -> path.contains("/" + TRACE + "/")).toList();
	}

	private static void traces(Path folder, String trace, List<String> paths) throws IOException {
		names(folder.resolve(trace), SEGMENT).forEach((segment) -> paths.add(trace + "/" + segment));
		paths.add(trace + "/" + CUT);
	}

	private static List<String> names(Path folder, Pattern pattern) throws IOException {
		List<String> names = new ArrayList<>();
		if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
			try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
				for (Path entry : entries) {
					String name = String.valueOf(entry.getFileName());
					if (pattern.matcher(name).matches()) {
						names.add(name);
					}
				}
			}
		}
		return names;
	}

}
