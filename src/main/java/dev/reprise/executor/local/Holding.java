package dev.reprise.executor.local;

import java.util.List;

/**
 * The ways in which this machine can hold a job.
 */
enum Holding {

	/**
	 * By bubblewrap.
	 */
	SANDBOX("sandbox", "bwrap"),

	/**
	 * Without it, by root: host files are readable.
	 */
	PROCESS("process", "ip hostname chroot");

	private final String title;

	private final String programs;

	Holding(String title, String programs) {
		this.title = title;
		this.programs = programs;
	}

	/**
	 * The name as runs have it.
	 */
	String title() {
		return this.title;
	}

	/**
	 * What it needs, beside what every way needs.
	 */
	List<String> programs() {
		return List.of(this.programs.split(" ", -1));
	}

	/**
	 * By its name.
	 * @throws IsolationRefusedException if there is none of that name
	 */
	static Holding of(String title) {
		for (Holding holding : values()) {
			if (holding.title.equals(title)) {
				return holding;
			}
		}
		throw new IsolationRefusedException(
				"reprise.isolation is " + title + "; it must be sandbox, or process where bubblewrap cannot be had");
	}

}
