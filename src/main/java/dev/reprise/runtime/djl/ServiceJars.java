package dev.reprise.runtime.djl;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

import dev.reprise.artifact.DataFolder;
import dev.reprise.artifact.Digest;
import dev.reprise.artifact.Folders;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * The jars of our own that a job on the JVM sees, as files: they are in the program's
 * archive, and laid out once for each version of them.
 */
@Component
class ServiceJars {

	private final Path folder;

	private final Path agent;

	private final Path trainers;

	ServiceJars(@Value("${reprise.cache}") Path cache, DataFolder data) throws IOException {
		this.folder = folder(cache, data);
		this.agent = layOut("reprise-agent.jar");
		this.trainers = layOut("reprise-trainers.jar");
	}

	/**
	 * The Java agent.
	 */
	Path agent() {
		return this.agent;
	}

	/**
	 * The trainers that ship.
	 */
	Path trainers() {
		return this.trainers;
	}

	/**
	 * The jar of those classes of DJL that are woven beforehand, which the agent writes
	 * once for each JDK, agent and DJL: it stands before DJL's own on the class path.
	 * @param java the JDK
	 * @param djl the folder of DJL
	 * @throws IOException if it could not be written
	 */
	synchronized Path woven(Path java, Path djl) throws IOException {
		String key = Runtime.version() + " " + java + " " + this.agent + " " + djl;
		Path jar = this.folder
			.resolve(Digest.of(key.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 16) + "-woven.jar");
		if (Files.isRegularFile(jar)) {
			return jar;
		}
		Path scratch = Files.createTempDirectory(this.folder, "weaving-");
		try {
			Path made = scratch.resolve("woven.jar");
			Path said = scratch.resolve("said.txt");
			Process process = new ProcessBuilder(java.resolve("bin/java").toString(), "-javaagent:" + this.agent, "-cp",
					this.agent.toString(), "dev.reprise.agent.WovenJarWriter", djl.toString(), made.toString())
				.redirectErrorStream(true)
				.redirectOutput(said.toFile())
				.start();
			if (process.waitFor() != 0) {
				throw new IOException("DJL's classes could not be woven: " + Files.readString(said));
			}
			Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("r--r--r--"));
			Files.move(made, jar, StandardCopyOption.ATOMIC_MOVE);
			return jar;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IOException("interrupted while DJL's classes were woven", ex);
		}
		finally {
			Folders.remove(scratch);
		}
	}

	/**
	 * Where the cache may not be written, as for the tests of an ordinary user, it is the
	 * data folder.
	 */
	private static Path folder(Path cache, DataFolder data) throws IOException {
		Path own = data.root().resolve("jvm-jobs");
		try {
			Path shared = Files.createDirectories(cache.resolve("jvm-jobs"));
			return (Files.isWritable(shared) ? shared : Files.createDirectories(own)).toRealPath();
		}
		catch (IOException ex) {
			return Files.createDirectories(own).toRealPath();
		}
	}

	/**
	 * The folder that they are in.
	 */
	Path folder() {
		return this.folder;
	}

	private Path layOut(String name) throws IOException {
		byte[] bytes;
		try (InputStream in = ServiceJars.class.getResourceAsStream("/jars/" + name)) {
			if (in == null) {
				throw new IllegalStateException(name + " is missing from this build of Reprise");
			}
			bytes = in.readAllBytes();
		}
		Path jar = this.folder.resolve(Digest.of(bytes).hex().substring(0, 16) + "-" + name);
		if (!Files.isRegularFile(jar)) {
			Path temp = Files.createTempFile(this.folder, "jar-", null);
			Files.write(temp, bytes);
			Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("r--r--r--"));
			try {
				Files.move(temp, jar, StandardCopyOption.ATOMIC_MOVE);
			}
			catch (FileAlreadyExistsException ex) {
				// Another process was first.
				Files.deleteIfExists(temp);
			}
		}
		return jar;
	}

}
