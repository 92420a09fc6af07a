package dev.reprise.agent;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/**
 * Where in the user's own classes something happened: those that do not come from the
 * service's jars or the JDK.
 */
final class Places {

	private static final StackWalker WALKER = StackWalker.getInstance();

	private final Set<String> own = ConcurrentHashMap.newKeySet();

	/**
	 * Takes note of a class of the user's.
	 * @param name with slashes
	 */
	void own(String name) {
		this.own.add(name.replace('/', '.'));
	}

	boolean isOwn(String name) {
		String dotted = name.replace('/', '.');
		// Trainers that ship may have been loaded before the agent came.
		return this.own.contains(dotted) || dotted.startsWith("dev.reprise.trainer.");
	}

	/**
	 * The user's innermost frame on this thread, null where there is none.
	 */
	@Nullable Place here() {
		Optional<Place> found = WALKER.walk((frames) -> frames.filter((frame) -> isOwn(frame.getClassName()))
			.findFirst()
			.map((frame) -> of(frame.toStackTraceElement())));
		return found.orElse(null);
	}

	/**
	 * The user's innermost frame of an exception, null where there is none.
	 */
	@Nullable Place of(Throwable problem) {
		for (StackTraceElement frame : problem.getStackTrace()) {
			if (isOwn(frame.getClassName())) {
				return of(frame);
			}
		}
		return null;
	}

	private static Place of(StackTraceElement frame) {
		String type = frame.getClassName().replace('.', '/');
		return new Place(of(type, frame.getFileName(), frame.getLineNumber()), frame.getMethodName());
	}

	/**
	 * A place as it is written: the source file below its package, and the line.
	 * @param type the class, with slashes
	 */
	static String of(String type, @Nullable String file, int line) {
		String folder = type.substring(0, type.lastIndexOf('/') + 1);
		String source = (file != null) ? folder + file : type;
		return (line > 0) ? source + ":" + line : source;
	}

	/**
	 * A frame of the user's.
	 *
	 * @param place file and line
	 * @param function the method
	 */
	record Place(String place, String function) {
	}

}
