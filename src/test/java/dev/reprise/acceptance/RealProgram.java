package dev.reprise.acceptance;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A program that nobody here wrote, of {@code src/test/programs/programs.json}.
 *
 * @param name what the table calls it
 * @param shows what of the field it stands for
 * @param from a package of the lock, {@code NAME==VERSION}, or
 * {@code github:OWNER/NAME@COMMIT}
 * @param program the file in it
 * @param spec what it is submitted with, but for code, inputs and environment
 * @param text how many lines of the names in {@code examples} it finds at which paths
 * @param files what it finds besides, as its user would put it there: text by path
 * @param made a file beside the table; what it puts out are inputs at the same paths
 * @param processes how many processes must have left a record beside the main one
 * @param verdict what the diff with its replay must say
 * @param differs patterns of the paths that may differ or be left out, and no others
 */
record RealProgram(String name, String shows, String from, String program, ObjectNode spec, Map<String, Integer> text,
		Map<String, String> files, @Nullable String made, int processes, String verdict, List<String> differs) {

	static final Path FOLDER = Path.of("src/test/programs");

	static List<RealProgram> all() throws IOException {
		List<RealProgram> all = new ArrayList<>();
		for (JsonNode one : JsonMapper.shared().readTree(Files.readString(FOLDER.resolve("programs.json")))) {
			Map<String, Integer> text = new LinkedHashMap<>();
			one.path("text").properties().forEach((line) -> text.put(line.getKey(), line.getValue().asInt()));
			Map<String, String> files = new LinkedHashMap<>();
			one.path("files").properties().forEach((file) -> files.put(file.getKey(), file.getValue().asString()));
			all.add(new RealProgram(one.path("name").asString(), one.path("shows").asString(),
					one.path("from").asString(), one.path("program").asString(), (ObjectNode) one.path("spec"), text,
					files, one.has("made") ? one.path("made").asString() : null, one.path("processes").asInt(0),
					one.path("verdict").asString(),
					one.path("differs").valueStream().map((pattern) -> pattern.asString()).toList()));
		}
		return all;
	}

	/**
	 * Whether it is in no registry, so that only a person can bring it here.
	 */
	boolean fetched() {
		return this.from.startsWith("github:");
	}

	/**
	 * The name of its repository, without owner and commit.
	 */
	String checkout() {
		return this.from.substring(this.from.indexOf('/') + 1, this.from.indexOf('@'));
	}

	/**
	 * The archive that is the run's code: the package's own source archive, where there
	 * is one among the sources; all of the checkout; or, for a module of an installed
	 * package, a file that says so.
	 */
	byte[] code(Path sources, @Nullable Path checkouts) throws IOException {
		if (fetched()) {
			return zipped((checkouts != null) ? checkouts.resolve(checkout()) : Path.of(checkout()));
		}
		Path archive = sources.resolve(this.from.replace('-', '_').replace("==", "-") + ".tar.gz");
		if (Files.exists(archive)) {
			return Files.readAllBytes(archive);
		}
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
			add(zip, "origin.txt", this.from.getBytes(StandardCharsets.UTF_8));
		}
		return bytes.toByteArray();
	}

	private static byte[] zipped(Path folder) throws IOException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (ZipOutputStream zip = new ZipOutputStream(bytes); Stream<Path> tree = Files.walk(folder)) {
			for (Path file : (Iterable<Path>) tree.sorted()::iterator) {
				String path = folder.relativize(file).toString();
				if (Files.isRegularFile(file) && !path.startsWith(".git/")) {
					add(zip, path, Files.readAllBytes(file));
				}
			}
		}
		return bytes.toByteArray();
	}

	private static void add(ZipOutputStream zip, String path, byte[] content) throws IOException {
		zip.putNextEntry(new ZipEntry(path));
		zip.write(content);
	}

	/**
	 * Whether a path may differ.
	 */
	boolean mayDiffer(String path) {
		return this.differs.stream()
			.anyMatch((pattern) -> path.matches("\\Q" + pattern.replace("*", "\\E[^/]*\\Q") + "\\E"));
	}

	@Override
	public String toString() {
		return this.name;
	}

}
