package dev.reprise.acceptance;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * Programs of {@code src/test/resources/djl}, compiled against DJL into a jar, as their
 * author would, without anything of ours.
 */
final class JavaProgram {

	private JavaProgram() {
	}

	/**
	 * The folder of DJL that {@code ./reprise} prepares.
	 */
	static Path djl() {
		String djl = System.getProperty("reprise.test.djl");
		if (djl == null) {
			throw new IllegalStateException(
					"run the tests through ./reprise test, which prepares DJL; or give -Dreprise.test.djl= and its folder");
		}
		return Path.of(djl);
	}

	/**
	 * The class path of DJL.
	 */
	static String classPath() throws IOException {
		try (Stream<Path> jars = Files.list(djl().resolve("lib"))) {
			return jars.map(Path::toString).sorted().collect(Collectors.joining(":"));
		}
	}

	/**
	 * An archive that holds a jar with the classes of some sources.
	 */
	static byte[] archive(Path scratch, String... sources) throws IOException {
		return zip(List.of(new Entry("app.jar", jar(scratch, sources))));
	}

	/**
	 * An archive that holds a jar with the classes of a source that lies elsewhere.
	 */
	static byte[] archive(Path scratch, Path source) throws IOException {
		String name = source.getFileName().toString().replace(".java", "");
		return zip(List.of(new Entry("app.jar", jar(scratch, Map.of(name, Files.readString(source))))));
	}

	/**
	 * A jar with the classes of some sources.
	 */
	static byte[] jar(Path scratch, String... sources) throws IOException {
		Map<String, String> texts = new LinkedHashMap<>();
		for (String source : sources) {
			texts.put(source, text(source));
		}
		return jar(scratch, texts);
	}

	/**
	 * The text of a source.
	 */
	static String text(String source) throws IOException {
		return Files.readString(Path.of("src/test/resources/djl/org/example", source + ".java"));
	}

	/**
	 * A jar with the classes of some texts, by the name of their class.
	 */
	static byte[] jar(Path scratch, Map<String, String> texts) throws IOException {
		Path written = Files.createTempDirectory(scratch, "sources");
		Path classes = Files.createTempDirectory(scratch, "classes");
		List<String> arguments = new ArrayList<>(
				List.of("-g", "-nowarn", "-cp", classPath(), "-d", classes.toString()));
		for (Map.Entry<String, String> text : texts.entrySet()) {
			arguments.add(Files.writeString(written.resolve(text.getKey() + ".java"), text.getValue()).toString());
		}
		JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		ByteArrayOutputStream problems = new ByteArrayOutputStream();
		if (compiler.run(null, problems, problems, arguments.toArray(String[]::new)) != 0) {
			throw new IllegalStateException(problems.toString(java.nio.charset.StandardCharsets.UTF_8));
		}
		List<Entry> entries = new ArrayList<>();
		try (Stream<Path> files = Files.walk(classes)) {
			for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
				entries.add(new Entry(classes.relativize(file).toString(), Files.readAllBytes(file)));
			}
		}
		return zip(entries);
	}

	/**
	 * The files of a jar.
	 */
	static List<Entry> entries(byte[] jar) throws IOException {
		List<Entry> entries = new ArrayList<>();
		try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(jar))) {
			for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
				if (!entry.isDirectory()) {
					entries.add(new Entry(entry.getName(), zip.readAllBytes()));
				}
			}
		}
		return entries;
	}

	static byte[] zip(List<Entry> entries) throws IOException {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		try (ZipOutputStream zip = new ZipOutputStream(out)) {
			for (Entry entry : entries) {
				ZipEntry header = new ZipEntry(entry.name());
				header.setTime(0);
				zip.putNextEntry(header);
				zip.write(entry.bytes());
			}
		}
		return out.toByteArray();
	}

	/**
	 * A file of an archive.
	 */
	@SuppressWarnings("ArrayRecordComponent")
	record Entry(String name, byte[] bytes) {
	}

}
