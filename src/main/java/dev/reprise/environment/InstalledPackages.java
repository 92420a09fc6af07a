package dev.reprise.environment;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import dev.reprise.artifact.Digest;

/**
 * What is installed in an environment, as one digest: over each distribution's folder
 * name, which has its version, and the digest of its {@code RECORD}, which lists the
 * digest of every file.
 */
final class InstalledPackages {

	/**
	 * Far more than the RECORD of the largest package.
	 */
	private static final long MAX_RECORD = 64L << 20;

	private InstalledPackages() {
	}

	static Digest digest(Path environment) throws IOException {
		List<String> lines = new ArrayList<>();
		try (DirectoryStream<Path> pythons = Files.newDirectoryStream(environment.resolve("lib"), "python3*")) {
			for (Path python : pythons) {
				try (DirectoryStream<Path> infos = Files.newDirectoryStream(python.resolve("site-packages"),
						"*.dist-info")) {
					for (Path info : infos) {
						Path list = info.resolve("RECORD");
						boolean known = Files.isRegularFile(list) && Files.size(list) <= MAX_RECORD;
						lines.add(info.getFileName() + " "
								+ (known ? Digest.of(Files.readAllBytes(list)).value() : "no RECORD"));
					}
				}
			}
		}
		Collections.sort(lines);
		return Digest.of(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
	}

}
