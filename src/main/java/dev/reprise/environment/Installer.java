package dev.reprise.environment;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import dev.reprise.environment.lock.Lock;

/**
 * Installs what a lock asks for into a folder, held so that nothing else of the machine
 * can be reached by it.
 */
public interface Installer {

	/**
	 * Installs, and waits until nothing of the installation runs any more.
	 * @param progress told in words how far it is
	 * @param cancelled completed, with the reason, when it is no longer wanted
	 * @throws BuildFailedException with uv's own words
	 * @throws WithdrawnException if it was cancelled
	 */
	void install(Installation installation, Consumer<String> progress, CompletableFuture<String> cancelled)
			throws IOException, InterruptedException, BuildFailedException, WithdrawnException;

	/**
	 * What is to be installed, and where.
	 *
	 * @param key what the environment is kept by
	 * @param lock the lock
	 * @param text of the lock file, where uv reads it itself
	 * @param staging the folder that the installation may write to, and no other: uv's
	 * cache is in it, so that files can be linked from there
	 * @param target the folder below it that becomes the environment
	 * @param finalPlace where the environment is going to be
	 * @param toolchain what it is built with
	 * @param sourceBuilds whether packages without a wheel are built
	 * @param timeout how long it may take
	 * @param memory bytes that it may hold
	 * @param reserve bytes of the disk that it leaves
	 */
	record Installation(String key, Lock lock, String text, Path staging, Path target, Path finalPlace,
			Toolchain toolchain, boolean sourceBuilds, Duration timeout, long memory, long reserve) {

		/**
		 * Where uv keeps what it downloaded.
		 */
		public Path cache() {
			return this.staging.resolve(EnvironmentStore.UV);
		}

	}

}
