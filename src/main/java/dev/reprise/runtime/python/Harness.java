package dev.reprise.runtime.python;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;

import dev.reprise.artifact.DataFolder;
import dev.reprise.artifact.Digest;

import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.stereotype.Component;

/**
 * The harness as files, laid out once for each version of it: a job sees them, so that
 * they are on the disk and not in the service's archive.
 */
@Component
class Harness {

	private static final String ROOT = "python/";

	private final Path folder;

	Harness(DataFolder data) throws IOException {
		Map<String, byte[]> files = new TreeMap<>();
		for (Resource resource : new PathMatchingResourcePatternResolver()
			.getResources("classpath*:" + ROOT + "reprise_runner/**/*.py")) {
			String url = resource.getURL().toString();
			files.put(url.substring(url.lastIndexOf("/" + ROOT) + ROOT.length() + 1), resource.getContentAsByteArray());
		}
		if (!files.containsKey("reprise_runner/site/sitecustomize.py")) {
			throw new IllegalStateException("the harness is missing from this build of the service");
		}
		StringBuilder all = new StringBuilder();
		files.forEach((path, bytes) -> all.append(path).append(' ').append(Digest.of(bytes)).append('\n'));
		String digest = Digest.of(all.toString().getBytes(StandardCharsets.UTF_8)).hex();
		this.folder = data.root().resolve("harness").resolve(digest.substring(0, 16));
		if (!Files.isDirectory(this.folder)) {
			write(files, data.tmp());
		}
	}

	private void write(Map<String, byte[]> files, Path tmp) throws IOException {
		Files.createDirectories(this.folder.getParent());
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
		Files.move(temp, this.folder, StandardCopyOption.ATOMIC_MOVE);
	}

	/**
	 * The folder that holds {@code reprise_runner}.
	 */
	Path folder() {
		return this.folder;
	}

}
