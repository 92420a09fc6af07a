package dev.reprise.acceptance;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * What users run: the program as {@code ./reprise build} leaves it, which
 * {@code ./reprise test} names by {@code reprise.test.app}. Without that, as in an
 * editor, the classes of the tests' class path, which take twice as long to start.
 */
final class Product {

	private Product() {
	}

	/**
	 * How it is started as a service; its arguments follow.
	 * @param more folders of classes that are put behind its own
	 */
	static List<String> service(Path... more) {
		return java("reprise.aot", more);
	}

	/**
	 * How it is started as one of the commands that need no service; its arguments
	 * follow.
	 */
	static List<String> command() {
		List<String> java = java("commands.aot");
		java.addAll(1, List.of("-Djava.locale.providers=FALLBACK", "-XX:CompileThresholdScaling=5"));
		return java;
	}

	private static List<String> java(String cache, Path... more) {
		List<String> java = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED"));
		Path app = app();
		if (app != null) {
			java.addAll(List.of("-XX:AOTCache=" + app.resolve(cache), "-Xlog:aot*=off", "-Xlog:cds*=off"));
		}
		String own = (app != null) ? app.resolve("reprise.jar").toString() : System.getProperty("java.class.path");
		java.addAll(List.of("-cp", Stream.concat(Stream.of(own), Stream.of(more).map(Path::toString))
			.collect(Collectors.joining(File.pathSeparator)), "dev.reprise.cli.Main"));
		return java;
	}

	private static @Nullable Path app() {
		String app = System.getProperty("reprise.test.app");
		return (app != null) ? Path.of(app) : null;
	}

}
