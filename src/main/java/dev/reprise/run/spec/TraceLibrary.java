package dev.reprise.run.spec;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * Looks for the library with which a job's process takes fingerprints. Without it every
 * trace would be incomplete and no run with one could be called identical, so that is
 * said before anything runs.
 */
public final class TraceLibrary {

	/**
	 * The file.
	 */
	public static final String NAME = "libxxhash.so.0";

	/**
	 * What to do where it is not there.
	 */
	static final String MEND = "install libxxhash0 (apt-get install libxxhash0), or do without a trace: \"trace\": \"off\" in a spec, --trace off of local";

	private static final List<Path> FOLDERS = List.of(Path.of("/lib"), Path.of("/lib64"), Path.of("/usr/lib"),
			Path.of("/usr/lib64"), Path.of("/usr/local/lib"));

	private static final List<Path> LDCONFIG = List.of(Path.of("/sbin/ldconfig"), Path.of("/usr/sbin/ldconfig"));

	private static final int MAX_LIST = 16 << 20;

	private TraceLibrary() {
	}

	/**
	 * What to do so that runs can be traced, null where they can.
	 */
	public static @Nullable String whyNot() {
		return (inFolders(FOLDERS) || inCache(LDCONFIG)) ? null : MEND;
	}

	/**
	 * In the folders that a loader looks in, or those for one kind of processor below
	 * them.
	 */
	static boolean inFolders(List<Path> folders) {
		for (Path folder : folders) {
			if (Files.exists(folder.resolve(NAME))) {
				return true;
			}
			try (DirectoryStream<Path> below = Files.newDirectoryStream(folder, "*-linux-*")) {
				for (Path triplet : below) {
					if (Files.exists(triplet.resolve(NAME))) {
						return true;
					}
				}
			}
			catch (IOException ex) {
				// a machine has not all of these folders
			}
		}
		return false;
	}

	/**
	 * Where the loader was told to look beside these.
	 */
	static boolean inCache(List<Path> programs) {
		for (Path program : programs) {
			if (Files.isExecutable(program)) {
				return listed(program);
			}
		}
		return false;
	}

	private static boolean listed(Path ldconfig) {
		try {
			Process process = new ProcessBuilder(ldconfig.toString(), "-p")
				.redirectError(ProcessBuilder.Redirect.DISCARD)
				.start();
			process.getOutputStream().close();
			try (InputStream out = process.getInputStream()) {
				return new String(out.readNBytes(MAX_LIST), StandardCharsets.UTF_8).contains(NAME + " ");
			}
			finally {
				if (!process.waitFor(10, TimeUnit.SECONDS)) {
					process.destroyForcibly();
				}
			}
		}
		catch (IOException ex) {
			return false;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

}
