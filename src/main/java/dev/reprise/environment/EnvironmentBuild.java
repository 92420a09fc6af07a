package dev.reprise.environment;

import java.util.concurrent.CompletableFuture;

/**
 * One build, for all that wait for it.
 */
final class EnvironmentBuild {

	final CompletableFuture<Void> done = new CompletableFuture<>();

	final CompletableFuture<String> cancelled = new CompletableFuture<>();

	private volatile String progress = "its environment is about to be built";

	/** Guarded by who keeps the builds. */
	int waiters;

	void say(String words) {
		this.progress = words;
	}

	String progress() {
		return this.progress;
	}

}
