package dev.reprise.executor.local;

import java.util.ArrayList;
import java.util.List;

/**
 * Which limits the kernel holds on this machine. The others are watched: what outruns one
 * quickly is above it for a moment.
 *
 * @param ownFiles whether an attempt sees nothing of the host's files but {@code /usr}
 * @param ownUsers whether each attempt has a user of its own
 */
public record Containment(boolean ownFiles, boolean ownUsers, boolean hardMemory, boolean hardProcesses,
		boolean hardCpus) {

	/**
	 * What is weaker than it could be, in sentences for people. Of the disk each attempt
	 * says for itself, {@link dev.reprise.executor.Ending#soft()}.
	 */
	public List<String> soft() {
		List<String> soft = new ArrayList<>();
		if (!this.ownFiles) {
			soft.add("files: a job can read what anyone may read of the host, and no system call is refused, "
					+ "because the service was told to hold jobs in isolation process");
		}
		if (!this.hardMemory) {
			soft.add("memory: soft, resident memory is looked at every 0.1 s, and where the kernel kills a process "
					+ "for memory that looks like a signal from anyone, for want of a memory control group");
		}
		if (!this.hardProcesses) {
			soft.add("processes: limited, but reaching the limit is not noticed, for want of a pids control group");
		}
		if (!this.hardCpus) {
			soft.add("cpus: a job can take itself off the cores that it was given, for want of a cpuset control group");
		}
		if (!this.ownUsers) {
			soft.add("users: all jobs are the service's own user outside the sandbox, because the service is not root");
		}
		return List.copyOf(soft);
	}

}
