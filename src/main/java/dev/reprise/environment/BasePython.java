package dev.reprise.environment;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * The installation of Python that environments are built on.
 *
 * @param executable the interpreter, no link
 * @param identity version, build and platform in one text, which decide what a lock gives
 */
public record BasePython(Path executable, String identity) {

	private static final String ASK = """
			import os, platform, sys, sysconfig
			print(sys.implementation.cache_tag, sys.version.replace("\\n", " "), sysconfig.get_platform(),
			      os.confstr("CS_GNU_LIBC_VERSION") if "CS_GNU_LIBC_VERSION" in os.confstr_names else "-",
			      sysconfig.get_config_var("SOABI"), sep="; ")""";

	/**
	 * Asks an interpreter what it is.
	 * @throws IOException if it does not answer within ten seconds
	 */
	static BasePython of(Path python) throws IOException {
		Path executable = python.toRealPath();
		ProcessBuilder builder = new ProcessBuilder(executable.toString(), "-I", "-S", "-c", ASK);
		builder.environment().clear();
		builder.redirectErrorStream(true);
		Process process = builder.start();
		process.getOutputStream().close();
		try {
			String answer = new String(process.getInputStream().readNBytes(4096), StandardCharsets.UTF_8).strip();
			if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0 || answer.isEmpty()) {
				throw new IOException("the interpreter " + python + " does not say what it is: " + answer);
			}
			return new BasePython(executable, answer);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IOException("interrupted while the interpreter " + python + " was asked", ex);
		}
		finally {
			process.destroyForcibly();
		}
	}

	/**
	 * The folder that a process needs to see to run it; its standard library lies there.
	 */
	public Path home() {
		Path bin = this.executable.getParent();
		Path home = (bin != null) ? bin.getParent() : null;
		return (home != null && Files.isDirectory(home)) ? home : this.executable;
	}

}
