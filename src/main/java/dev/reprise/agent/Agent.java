package dev.reprise.agent;

import java.lang.instrument.Instrumentation;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

/**
 * Where the JVM enters, before the program's main class is loaded.
 */
public final class Agent {

	private static @Nullable Instrumentation instrumentation;

	private Agent() {
	}

	/**
	 * What the JVM lets an agent do, null where there is none.
	 */
	static @Nullable Instrumentation instrumentation() {
		return instrumentation;
	}

	/**
	 * Puts the harness in place. Without a job there is nothing to do.
	 * @param service the folder of DJL's jars; after a colon, where there is one, the jar
	 * of those classes that are woven beforehand
	 */
	public static void premain(@Nullable String service, Instrumentation given) {
		instrumentation = given;
		String job = System.getenv("REPRISE_JOB");
		String root = System.getenv("REPRISE_RECORD_DIR");
		if (job == null || root == null || service == null) {
			return;
		}
		RecordFolder record;
		try {
			record = RecordFolder.claim(Path.of(root));
		}
		catch (Exception ex) {
			System.err.println("reprise: this process cannot be recorded: " + ex);
			Runtime.getRuntime().halt(Harness.CANNOT_RECORD);
			return;
		}
		Ending ending = new Ending(record);
		try {
			int colon = service.indexOf(':');
			Path folder = Path.of((colon < 0) ? service : service.substring(0, colon));
			new Harness(Job.read(Path.of(job)), record, ending, folder,
					(colon < 0) ? null : new WovenJar(service.substring(colon + 1)))
				.install(given);
		}
		catch (Throwable ex) {
			ending.notStarted("The harness could not be put in place: " + ex);
		}
	}

}
