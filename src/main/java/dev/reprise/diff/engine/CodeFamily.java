package dev.reprise.diff.engine;

import java.util.List;
import java.util.Locale;
import java.util.Set;

import dev.reprise.diff.reader.TextDifference;

/**
 * Of what sort a file of the code is, by its name, and whether what differs in it can
 * matter.
 */
final class CodeFamily {

	private static final Set<String> PROGRAM = Set.of("py", "pyx", "pyi", "c", "cc", "cpp", "cu", "cuh", "h", "hpp",
			"so", "sh", "java", "jar", "yaml", "yml", "toml", "cfg", "ini", "json", "");

	private static final Set<String> WEIGHTS = Set.of("pt", "pth", "ckpt", "safetensors", "bin", "onnx", "h5", "pkl",
			"pickle", "joblib");

	private static final Set<String> FOR_PEOPLE = Set.of("md", "rst");

	private CodeFamily() {
	}

	/**
	 * By its name alone.
	 */
	static Family of(String path) {
		String name = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
		String extension = (name.lastIndexOf('.') > 0) ? name.substring(name.lastIndexOf('.') + 1) : "";
		if (FOR_PEOPLE.contains(extension)) {
			return Family.IDLE;
		}
		return WEIGHTS.contains(extension) ? Family.WEIGHTS : PROGRAM.contains(extension) ? Family.CODE : Family.DATA;
	}

	/**
	 * By its name, and by what differs in it.
	 */
	static Family of(Diff.KeyDifference difference) {
		Family family = of(difference.key());
		TextDifference text = difference.text();
		boolean idle = family == Family.CODE && difference.key().endsWith(".py") && text != null && text.leftOut() == 0
				&& difference.note() == null && lines(text).stream().allMatch(CodeFamily::idle);
		return idle ? Family.IDLE : family;
	}

	/**
	 * How many lines differ, those of both sides.
	 */
	static long changed(TextDifference text) {
		List<String> lines = lines(text);
		long removed = lines.stream().filter((line) -> line.startsWith("-")).count();
		return Math.max(removed, lines.size() - removed);
	}

	private static List<String> lines(TextDifference text) {
		// The first two name the files.
		return text.diff().stream().skip(2).filter((line) -> line.startsWith("+") || line.startsWith("-")).toList();
	}

	/**
	 * An empty line, or one of a comment. A comment could stand within a text of several
	 * lines, so that it is not for certain that it does nothing.
	 */
	private static boolean idle(String line) {
		String rest = line.substring(1).strip();
		return rest.isEmpty() || (rest.startsWith("#") && !rest.startsWith("#!"));
	}

}
