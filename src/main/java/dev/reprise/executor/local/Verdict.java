package dev.reprise.executor.local;

import java.util.OptionalInt;
import java.util.function.Supplier;

import dev.reprise.executor.Cause;
import dev.reprise.executor.Ending;
import org.jspecify.annotations.Nullable;

/**
 * Who ended an attempt, decided in one order, since an exit code alone tells nothing: a
 * kill for memory, a job that kills itself and {@code exit 137} look alike.
 */
record Verdict(Cause cause, String message) {

	/**
	 * What the kernel says beside the exit code.
	 *
	 * @param killedForMemory processes that it killed
	 * @param refusedProcesses processes that it refused to make
	 * @param full what of the disk was full, in words, or null; asked only where it
	 * counts
	 */
	record Evidence(long killedForMemory, long refusedProcesses, Supplier<@Nullable String> full) {

		static Evidence of(ControlGroup group, Supplier<@Nullable String> full) {
			return new Evidence(group.killedForMemory(), group.refusedProcesses(), full);
		}

	}

	/**
	 * Whether whoever knows no more than what the job returned decides the same.
	 */
	boolean isToldByTheExitCode() {
		return this.cause == Cause.EXIT || this.cause == Cause.SIGNAL || this.cause == Cause.LOST;
	}

	/**
	 * Decides.
	 * @param recorded what the service wrote down before it ended the attempt, if it did
	 * @param code what the supervisor says that the job returned; empty if its pipe
	 * closed or it was killed
	 * @param notStarted whether the sandbox never stood
	 * @param words what was said on the way to the sandbox
	 */
	static Verdict of(@Nullable Verdict recorded, OptionalInt code, boolean notStarted, String words,
			Evidence evidence) {
		if (recorded != null) {
			return recorded;
		}
		if (notStarted) {
			return new Verdict(Cause.START, words.isEmpty() ? "the sandbox could not be set up" : words);
		}
		if (code.isEmpty()) {
			return new Verdict(Cause.LOST, "the service or the supervisor of the job was killed");
		}
		if (evidence.killedForMemory() > 0) {
			return new Verdict(Cause.OUT_OF_MEMORY,
					"the kernel killed " + evidence.killedForMemory() + " of the job's processes for memory");
		}
		int exit = code.getAsInt();
		// A job that was refused something and came to a good end has coped with it.
		if (exit != 0 && evidence.refusedProcesses() > 0) {
			return new Verdict(Cause.PROCESS_LIMIT,
					"the job failed after the kernel had refused it " + evidence.refusedProcesses() + " processes");
		}
		String full = (exit != 0) ? evidence.full().get() : null;
		if (full != null) {
			return new Verdict(Cause.OUT_OF_DISK, "the job failed, and " + full);
		}
		int signal = Ending.signalOf(exit);
		return (signal != 0) ? new Verdict(Cause.SIGNAL, "the job ended by signal " + signal)
				: new Verdict(Cause.EXIT, "the job returned " + exit);
	}

}
