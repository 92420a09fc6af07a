package dev.reprise.runtime.djl;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.reprise.artifact.Digest;
import dev.reprise.artifact.Folders;
import dev.reprise.environment.DjlFolder;
import dev.reprise.recipe.DeterminismMode;
import dev.reprise.recipe.OnDrift;
import dev.reprise.recipe.Recipe;
import dev.reprise.run.spec.TraceSpec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.stereotype.Component;

/**
 * The JDK's cache of loaded classes for jobs on the JVM, made before the first of them by
 * a short training of our own, and used by all. It holds the same JDK, agent and jars, or
 * the JVM does without it.
 */
@Component
class AotCache {

	private static final Logger log = LoggerFactory.getLogger(AotCache.class);

	private static final int MINUTES = 5;

	private static final int WORDS = 4000;

	private final ServiceJars jars;

	private final DjlFolder djl;

	private boolean failed;

	AotCache(ServiceJars jars, DjlFolder djl) {
		this.jars = jars;
		this.djl = djl;
	}

	/**
	 * The cache, which is made where there is none yet: in a job without it the order of
	 * a set of classes would be another, since the JDK keeps their identity hashes. Null
	 * where it cannot be made.
	 * @param java the JDK
	 * @param agent the option that puts the agent in
	 * @param classPath what every class path begins with
	 */
	synchronized @Nullable Path file(Path java, String agent, String classPath) {
		List<String> training = training(java, agent, classPath);
		String key = Runtime.version() + " " + String.join(" ", training);
		Path file = this.jars.folder()
			.resolve(Digest.of(key.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 16) + ".aot");
		if (!this.failed && !Files.isRegularFile(file)) {
			this.failed = !make(file, training);
		}
		return Files.isRegularFile(file) ? file : null;
	}

	/**
	 * What is run while the JVM takes note, with the options that jobs have: objects that
	 * it keeps have the identity hashes that they would have there.
	 */
	private static List<String> training(Path java, String agent, String classPath) {
		List<String> command = new ArrayList<>(List.of(java.resolve("bin/java").toString(), agent));
		command.addAll(DjlRuntime.PINNED);
		command.addAll(DjlRuntime.OPTIONS);
		command.addAll(
				List.of("-Xmx1g", "-Dai.djl.pytorch.num_threads=1", "-cp", classPath, "dev.reprise.trainer.Rehearsal"));
		return command;
	}

	private boolean make(Path file, List<String> training) {
		try {
			Path scratch = Files.createTempDirectory(this.jars.folder(), "making-");
			try {
				make(file, training, scratch);
				return true;
			}
			finally {
				Folders.remove(scratch);
			}
		}
		catch (IOException ex) {
			log.warn("no cache of classes was made for jobs on the JVM, which start slower without one", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		return false;
	}

	private void make(Path file, List<String> training, Path scratch) throws IOException, InterruptedException {
		ObjectNode job = JsonMapper.shared().createObjectNode();
		job.putObject("watch").set("trace", TraceSpec.ofAll(1L << 30).toJson());
		job.set("recipe", Recipe.resolveForJvm(DeterminismMode.STRICT, 1, 1, false, false, OnDrift.RECORD).toJson());
		Files.writeString(scratch.resolve("job.json"), job.toString());
		Files.createDirectory(scratch.resolve("record"));
		Path made = scratch.resolve("made.aot");
		List<String> command = new ArrayList<>(training);
		command.add(1, "-XX:AOTCacheOutput=" + made);
		ProcessBuilder builder = new ProcessBuilder(command).directory(scratch.toFile())
			.redirectErrorStream(true)
			.redirectOutput(scratch.resolve("log").toFile());
		builder.environment().clear();
		builder.environment()
			.putAll(Map.of("PATH", "/usr/local/bin:/usr/bin:/bin", "HOME", scratch.toString(), "LC_ALL", "C.UTF-8",
					"DJL_CACHE_DIR", this.djl.natives().toString(), "DJL_OFFLINE", "true", "OPT_OUT_TRACKING", "true",
					"REPRISE_JOB", scratch.resolve("job.json").toString(), "REPRISE_RECORD_DIR",
					scratch.resolve("record").toString()));
		Process process = builder.start();
		if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
			process.destroyForcibly();
			throw new IOException("it took more than " + MINUTES + " minutes");
		}
		if (process.exitValue() != 0 || !Files.isRegularFile(made)) {
			String said = Files.readString(scratch.resolve("log"));
			throw new IOException("the JVM said: " + said.substring(Math.max(0, said.length() - WORDS)));
		}
		Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("r--r--r--"));
		Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
	}

}
