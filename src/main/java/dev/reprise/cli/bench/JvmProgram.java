package dev.reprise.cli.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

import dev.reprise.environment.DjlFolder;

/**
 * A program with DJL, compiled into a jar as its author would, without anything of ours.
 *
 * @param main the class that is started
 * @param jar its classes
 * @param djl what it is compiled and started with
 */
record JvmProgram(String main, Path jar, DjlFolder djl) {

	/**
	 * Compiles one source file.
	 * @param folder an empty folder
	 * @throws IOException if that does not succeed
	 */
	static JvmProgram compile(Path source, DjlFolder djl, Path folder) throws IOException {
		Path classes = Files.createDirectory(folder.resolve("classes"));
		JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		ByteArrayOutputStream said = new ByteArrayOutputStream();
		if (compiler.run(null, said, said, "-g", "-nowarn", "-proc:none", "-cp", classPath(djl), "-d",
				classes.toString(), source.toString()) != 0) {
			throw new IOException(source + " could not be compiled: " + said.toString(StandardCharsets.UTF_8));
		}
		Path jar = folder.resolve("app.jar");
		try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
				Stream<Path> files = Files.list(classes)) {
			for (Path file : files.sorted().toList()) {
				out.putNextEntry(new JarEntry(file.getFileName().toString()));
				Files.copy(file, out);
			}
		}
		return new JvmProgram(source.getFileName().toString().replace(".java", ""), jar, djl);
	}

	private static String classPath(DjlFolder djl) throws IOException {
		return djl.jars().stream().map(Path::toString).collect(Collectors.joining(":"));
	}

	/**
	 * A process as a person starts it who has set the threads, the garbage collector and
	 * the cores that a job has; the JVM is the one that jobs run on.
	 * @param folder that it runs in
	 * @param cores as {@code taskset} takes them
	 */
	ProcessBuilder byHand(Path folder, String cores) throws IOException {
		ProcessBuilder builder = new ProcessBuilder(
				List.of("taskset", "-c", cores, Path.of(System.getProperty("java.home"), "bin", "java").toString(),
						"-XX:+UseSerialGC", "-Dai.djl.pytorch.num_threads=1", "-Dai.djl.pytorch.num_interop_threads=1",
						"--enable-native-access=ALL-UNNAMED", "-cp", classPath(this.djl) + ":" + this.jar, this.main))
			.directory(folder.toFile());
		builder.redirectError(folder.resolve("stderr.log").toFile());
		builder.environment()
			.putAll(Map.of("DJL_CACHE_DIR", this.djl.natives().toString(), "DJL_OFFLINE", "true", "OPT_OUT_TRACKING",
					"true", "OMP_NUM_THREADS", "1", "MKL_NUM_THREADS", "1"));
		return builder;
	}

}
