package dev.reprise.executor;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * How an attempt ended.
 *
 * @param exitCode what the first process returned, also where somebody else ended it;
 * null where it is not known. A code of 129 to 192 is read as the signal 1 to 64, as
 * shells write it
 * @param message one sentence for people; where the cause is {@link Cause#START}, the
 * words of what failed
 * @param sawPython whether a Python process was seen in the job, or asked for
 * @param startedAt when the supervisor was started; null where that is not known
 * @param peakMemory bytes, null where it is not known
 * @param logTruncated whether standard output or standard error are not complete
 * @param leftovers whether something of the attempt could not be ended: what it holds
 * must not be given to another
 * @param soft what was not held as hard as it could be, in sentences that begin with the
 * limit's name
 * @param busy whether its cores were kept busy from its start to its end; null where that
 * was not asked for, or nobody is left who could say
 */
public record Ending(Cause cause, @Nullable Integer exitCode, String message, boolean sawPython,
		@Nullable Instant startedAt, Instant endedAt, @Nullable Long peakMemory, boolean logTruncated,
		boolean leftovers, List<String> soft, @Nullable Boolean busy) {

	/**
	 * Copies.
	 */
	public Ending {
		soft = List.copyOf(soft);
	}

	/**
	 * Whether the job itself ended well.
	 */
	public boolean succeeded() {
		return this.cause == Cause.EXIT && this.exitCode != null && this.exitCode == 0;
	}

	/**
	 * The signal that an exit code stands for, 0 if it stands for none.
	 */
	public static int signalOf(int exitCode) {
		return (exitCode > 128 && exitCode <= 192) ? exitCode - 128 : 0;
	}

}
