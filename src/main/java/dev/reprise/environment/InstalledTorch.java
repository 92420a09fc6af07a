package dev.reprise.environment;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which version of torch an environment has, as its packages say it.
 */
public final class InstalledTorch {

	private static final Pattern INFO = Pattern.compile("torch-([0-9A-Za-z.+!_-]{1,60})\\.dist-info");

	private InstalledTorch() {
	}

	/**
	 * The version, empty where there is none.
	 * @param environment the folder of a Python environment
	 */
	public static Optional<String> version(Path environment) {
		Path lib = environment.resolve("lib");
		if (!Files.isDirectory(lib)) {
			return Optional.empty();
		}
		try (DirectoryStream<Path> pythons = Files.newDirectoryStream(lib, "python3*")) {
			for (Path python : pythons) {
				Path packages = python.resolve("site-packages");
				if (Files.isDirectory(packages)) {
					try (DirectoryStream<Path> infos = Files.newDirectoryStream(packages, "torch-*.dist-info")) {
						for (Path info : infos) {
							Matcher matcher = INFO.matcher(String.valueOf(info.getFileName()));
							if (matcher.matches()) {
								return Optional.of(matcher.group(1));
							}
						}
					}
				}
			}
		}
		catch (IOException ex) {
			// as if there were none
		}
		return Optional.empty();
	}

}
