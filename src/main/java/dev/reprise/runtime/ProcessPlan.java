package dev.reprise.runtime;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is started, and what it sees.
 *
 * @param command the program and its arguments
 * @param environment all variables, in a fixed order
 * @param mounts folders of the host that it needs
 */
public record ProcessPlan(List<String> command, Map<String, String> environment, List<Mount> mounts) {

	public ProcessPlan {
		command = List.copyOf(command);
		environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
		mounts = List.copyOf(mounts);
	}

}
