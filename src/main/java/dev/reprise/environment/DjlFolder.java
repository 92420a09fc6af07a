package dev.reprise.environment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * What programs on the JVM run with: the folder {@code reprise.djl}, with DJL's jars in
 * {@code lib} and the native libraries of its engine in {@code natives}, as DJL keeps
 * them in a cache of its own.
 */
@Component
public class DjlFolder {

	/**
	 * The only version of DJL that there is.
	 */
	public static final String VERSION = "0.35.1";

	private static final String LIBRARY = "natives/pytorch/2.7.1-cpu-linux-x86_64/libtorch_cpu.so";

	private final @Nullable Path folder;

	/**
	 * Checks the folder.
	 * @throws IllegalArgumentException if it is not as it must be
	 */
	DjlFolder(@Value("${reprise.djl:}") String folder) throws IOException {
		if (folder.isEmpty()) {
			this.folder = null;
			return;
		}
		Path path = Path.of(folder);
		if (!Files.isRegularFile(path.resolve(LIBRARY)) || !Files.isDirectory(path.resolve("lib"))) {
			throw new IllegalArgumentException("reprise.djl is " + folder + ", which has no " + LIBRARY
					+ ": give the folder that ./reprise build prepared");
		}
		this.folder = path.toRealPath();
	}

	/**
	 * Whether there is one.
	 */
	public boolean isThere() {
		return this.folder != null;
	}

	/**
	 * The folder.
	 * @throws IllegalStateException if there is none
	 */
	public Path folder() {
		if (this.folder == null) {
			throw new IllegalStateException("there is no DJL here: have the operator set reprise.djl");
		}
		return this.folder;
	}

	/**
	 * The jars in the order of the class path.
	 * @throws IOException if they cannot be listed
	 */
	public List<Path> jars() throws IOException {
		try (Stream<Path> jars = Files.list(folder().resolve("lib"))) {
			return jars.filter((jar) -> jar.toString().endsWith(".jar")).sorted().toList();
		}
	}

	/**
	 * The folder that DJL takes for its cache, in which the native libraries lie.
	 */
	public Path natives() {
		return folder().resolve("natives");
	}

}
