package dev.reprise.acceptance;

import java.nio.file.Path;

/**
 * In isolation {@code sandbox} they come to nothing.
 */
class HostileJobsTests extends HostileJobs {

	HostileJobsTests() {
		super("sandbox");
	}

	@Override
	String mayReach(String name) {
		return "";
	}

	@Override
	String end(String name, String otherwise) {
		return otherwise;
	}

	@Override
	Path folder(Path temp) {
		return temp;
	}

}
