package dev.reprise.executor;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Starts attempts, and ends what a former life of the service left of them.
 */
public interface Executor {

	/**
	 * Starts one attempt. Never throws because of what the launch asks for: where it
	 * cannot be started, the execution ends with {@link Cause#START}.
	 */
	Execution start(Launch launch);

	/**
	 * Ends whatever is left of an attempt that this life of the service did not start.
	 * Bounded in time; where something could not be ended, {@link Ending#leftovers()}
	 * says so.
	 * @param attemptFolder the {@link Launch#attemptFolder()} that it was started with
	 * @return how the attempt ended, {@link Cause#LOST} where nobody wrote it down
	 */
	Ending endLeftovers(Path attemptFolder);

	/**
	 * Gives back what an attempt that has ended still holds of the machine, its disk,
	 * once all is collected; to be called before its folder is removed. Does nothing
	 * where it holds nothing.
	 * @throws IOException if the machine does not take it back
	 */
	void release(Path attemptFolder) throws IOException;

}
