package dev.reprise.runtime.python;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

import dev.reprise.artifact.Digest;
import dev.reprise.artifact.Folders;

/**
 * The harness as files, laid out once for each version of it: a job sees them, so that
 * they are on the disk and not in the program's archive.
 */
public final class HarnessFiles {

	private static final String ROOT = "python/";

	private static final String PACKAGE = ROOT + "reprise_runner/";

	private HarnessFiles() {
	}

	/**
	 * Lays it out, where it is not there yet.
	 * @param root the folder of all versions, made where it is missing
	 * @param temp a folder on the same file system, which is there
	 * @return the folder that holds {@code reprise_runner}
	 * @throws IOException if it cannot be written
	 */
	public static Path layOut(Path root, Path temp) throws IOException {
		Map<String, byte[]> files = read();
		if (!files.containsKey("reprise_runner/site/sitecustomize.py")) {
			throw new IllegalStateException("the harness is missing from this build of Reprise");
		}
		StringBuilder all = new StringBuilder();
		files.forEach((path, bytes) -> all.append(path).append(' ').append(Digest.of(bytes)).append('\n'));
		String digest = Digest.of(all.toString().getBytes(StandardCharsets.UTF_8)).hex();
		Path folder = root.resolve(digest.substring(0, 16));
		if (!Files.isDirectory(folder)) {
			write(files, folder, temp);
		}
		return folder;
	}

	private static Map<String, byte[]> read() throws IOException {
		URL first = HarnessFiles.class.getClassLoader().getResource(PACKAGE + "__init__.py");
		if (first == null) {
			return Map.of();
		}
		Map<String, byte[]> files = new TreeMap<>();
		URLConnection connection = first.openConnection();
		if (connection instanceof JarURLConnection jar) {
			JarFile archive = jar.getJarFile();
			for (JarEntry entry : archive.stream().filter((one) -> isPart(one.getName())).toList()) {
				try (InputStream in = archive.getInputStream(entry)) {
					files.put(entry.getName().substring(ROOT.length()), in.readAllBytes());
				}
			}
			return files;
		}
		Path folder = Path.of(URI.create(first.toString())).resolveSibling("../..").normalize();
		try (Stream<Path> tree = Files.walk(folder.resolve(PACKAGE))) {
			for (Path path : (Iterable<Path>) tree::iterator) {
				String name = folder.relativize(path).toString();
				if (isPart(name) && Files.isRegularFile(path)) {
					files.put(name.substring(ROOT.length()), Files.readAllBytes(path));
				}
			}
		}
		return files;
	}

	private static boolean isPart(String name) {
		return name.startsWith(PACKAGE) && name.endsWith(".py");
	}

	private static void write(Map<String, byte[]> files, Path folder, Path tmp) throws IOException {
		Files.createDirectories(folder.getParent());
		Path temp = Files.createTempDirectory(tmp, "harness-");
		for (Map.Entry<String, byte[]> file : files.entrySet()) {
			Path target = temp.resolve(file.getKey());
			Files.createDirectories(target.getParent());
			Files.write(target, file.getValue());
		}
		try (var tree = Files.walk(temp)) {
			for (Path path : (Iterable<Path>) tree::iterator) {
				Files.setPosixFilePermissions(path,
						PosixFilePermissions.fromString(Files.isDirectory(path) ? "rwxr-xr-x" : "r--r--r--"));
			}
		}
		try {
			Files.move(temp, folder, StandardCopyOption.ATOMIC_MOVE);
		}
		catch (IOException ex) {
			Folders.remove(temp);
			// Another process was first: the JDK has no exception of its own for that.
			if (!Files.isDirectory(folder)) {
				throw ex;
			}
		}
	}

}
