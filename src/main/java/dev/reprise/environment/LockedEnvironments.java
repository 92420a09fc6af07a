package dev.reprise.environment;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.reprise.artifact.Digest;
import dev.reprise.environment.lock.BadLockException;
import dev.reprise.environment.lock.Lock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Environments by the digest of their lock file: built once, however many ask at one
 * time, and held while someone runs in them.
 */
public class LockedEnvironments {

	private static final Logger log = LoggerFactory.getLogger(LockedEnvironments.class);

	private static final Duration LOOK = Duration.ofMillis(100);

	private final @Nullable Toolchain toolchain;

	private final EnvironmentStore store;

	private final Installer installer;

	private final BuildSettings settings;

	private final Map<String, EnvironmentBuild> builds = new HashMap<>();

	private final Map<String, EnvironmentBuild> waiting = new ConcurrentHashMap<>();

	LockedEnvironments(@Nullable Toolchain toolchain, EnvironmentStore store, Installer installer,
			BuildSettings settings) {
		this.toolchain = toolchain;
		this.store = store;
		this.installer = installer;
		this.settings = settings;
	}

	/**
	 * Takes hold of the environment of a lock for a run, and has it built where it is not
	 * there. What is held is not removed.
	 * @param run the run, for who asks what it waits for
	 * @param lock the digest of the lock file
	 * @param bytes the lock file
	 * @param cancelled completed, with the reason, when the run wants it no more
	 * @throws BuildFailedException if it cannot be built, with uv's own words
	 * @throws WithdrawnException if it was cancelled meanwhile
	 */
	public Hold hold(String run, Digest lock, byte[] bytes, CompletableFuture<String> cancelled)
			throws IOException, InterruptedException, BuildFailedException, WithdrawnException {
		Toolchain with = this.toolchain;
		if (with == null) {
			throw new BuildFailedException("this service builds no environments from lock files: it was started"
					+ " without reprise.uv and reprise.python; start it by ./reprise serve");
		}
		String key = EnvironmentStore.key(lock, with.python(), this.settings.sourceBuilds());
		while (true) {
			if (this.store.locks().tryShare(key)) {
				Optional<BuiltEnvironment> built = this.store.find(key);
				if (built.isPresent()) {
					this.store.touch(key);
					return new Hold(built.get());
				}
				this.store.locks().release(key);
			}
			await(run, key, lock, bytes, with, cancelled);
		}
	}

	/**
	 * Takes hold of an environment that there was, for a run that repeats the one which
	 * had it: what would be built from its lock today may be another.
	 * @param key what it was kept by
	 * @param lock the digest of the lock file that it must be of
	 * @return empty where it is gone, or what it was built on is
	 */
	public Optional<Hold> holdFormer(String key, Digest lock) throws IOException {
		Toolchain with = this.toolchain;
		if (with == null || !this.store.locks().tryShare(key)) {
			return Optional.empty();
		}
		Optional<BuiltEnvironment> former = this.store.find(key).filter((one) -> stands(one, lock, with.python()));
		if (former.isEmpty()) {
			this.store.locks().release(key);
			return Optional.empty();
		}
		this.store.touch(key);
		return Optional.of(new Hold(former.get()));
	}

	/**
	 * Whether the Python below it is still the one of its key. The interpreter is asked
	 * where the service itself wrote down that it is: what is in the folder is not run.
	 */
	private static boolean stands(BuiltEnvironment environment, Digest lock, BasePython today) {
		Path on = environment.python();
		try {
			BasePython python = (on == null || on.equals(today.executable())) ? today : BasePython.of(on);
			return environment.key().equals(EnvironmentStore.key(lock, python, false))
					|| environment.key().equals(EnvironmentStore.key(lock, python, true));
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * What a run waits for, empty where it waits for no environment.
	 */
	public Optional<String> progress(String run) {
		return Optional.ofNullable(this.waiting.get(run)).map(EnvironmentBuild::progress);
	}

	private void await(String run, String key, Digest lock, byte[] bytes, Toolchain with,
			CompletableFuture<String> cancelled)
			throws InterruptedException, IOException, BuildFailedException, WithdrawnException {
		EnvironmentBuild build = join(key, lock, bytes, with);
		this.waiting.put(run, build);
		try {
			CompletableFuture.anyOf(build.done, cancelled).get();
			if (cancelled.isDone()) {
				throw new WithdrawnException(cancelled.join());
			}
		}
		catch (ExecutionException ex) {
			switch (ex.getCause()) {
				case BuildFailedException failed -> throw new BuildFailedException(String.valueOf(failed.getMessage()));
				// Whoever it was built for left just before this one came.
				case WithdrawnException withdrawn -> {
				}
				case IOException io -> throw new IOException(io.getMessage(), io);
				case null, default -> throw new IllegalStateException("the environment could not be built", ex);
			}
		}
		finally {
			this.waiting.remove(run);
			leave(build);
		}
	}

	private EnvironmentBuild join(String key, Digest lock, byte[] bytes, Toolchain with) {
		synchronized (this.builds) {
			EnvironmentBuild build = this.builds.get(key);
			if (build == null) {
				build = new EnvironmentBuild();
				this.builds.put(key, build);
				EnvironmentBuild begun = build;
				Thread.ofPlatform().daemon().name("environment-" + key.substring(0, 8)).start(() -> {
					Throwable problem = null;
					try {
						build(begun, key, lock, bytes, with);
					}
					catch (Throwable ex) {
						problem = ex;
					}
					synchronized (this.builds) {
						this.builds.remove(key);
					}
					if (problem == null) {
						begun.done.complete(null);
					}
					else {
						begun.done.completeExceptionally(problem);
					}
				});
			}
			build.waiters++;
			return build;
		}
	}

	private void leave(EnvironmentBuild build) {
		synchronized (this.builds) {
			build.waiters--;
			if (build.waiters == 0) {
				build.cancelled.complete("nobody waits for it any more");
			}
		}
	}

	private void build(EnvironmentBuild build, String key, Digest lock, byte[] bytes, Toolchain with)
			throws IOException, InterruptedException, BuildFailedException, WithdrawnException {
		Lock read = read(bytes);
		KeyLocks locks = this.store.locks();
		while (!locks.tryExclude(key)) {
			build.say("another service builds its environment");
			pause(build);
		}
		try {
			if (this.store.find(key).isPresent()) {
				return;
			}
			while (!locks.tryShare(EnvironmentStore.UV)) {
				build.say("the cache of packages is being cleared");
				pause(build);
			}
			try {
				install(build, key, lock, read, bytes, with);
			}
			finally {
				locks.release(EnvironmentStore.UV);
			}
		}
		finally {
			locks.release(key);
		}
	}

	private void install(EnvironmentBuild build, String key, Digest lock, Lock read, byte[] bytes, Toolchain with)
			throws IOException, InterruptedException, BuildFailedException, WithdrawnException {
		boolean alone = this.settings.sourceBuilds();
		Path staging = alone ? this.store.stagingAlone(key) : this.store.staging();
		Path target = staging.resolve(key);
		EnvironmentFolders.remove(target);
		Files.createDirectories(staging);
		try {
			log.info("building the environment {} of the lock {}", key, lock);
			this.installer.install(
					new Installer.Installation(key, read, new String(bytes, StandardCharsets.UTF_8), staging, target,
							this.store.folder(key), with, alone, this.settings.timeout(),
							this.settings.memory().toBytes(), this.settings.reserve().toBytes()),
					build::say, build.cancelled);
			build.say("its environment is being closed to changes");
			BuiltEnvironment built = this.store.publish(target, key, lock.value(), with.python());
			log.info("built the environment {}, {} bytes", key, built.bytes());
		}
		finally {
			EnvironmentFolders.remove(target);
			if (alone) {
				EnvironmentFolders.remove(staging);
			}
		}
	}

	private static Lock read(byte[] bytes) throws BuildFailedException {
		try {
			return Lock.read(bytes);
		}
		catch (BadLockException ex) {
			throw new BuildFailedException("the lock file is not taken: " + ex.getMessage());
		}
	}

	private static void pause(EnvironmentBuild build) throws WithdrawnException, InterruptedException {
		try {
			throw new WithdrawnException(build.cancelled.get(LOOK.toMillis(), TimeUnit.MILLISECONDS));
		}
		catch (TimeoutException | ExecutionException ex) {
			// still wanted
		}
	}

	/**
	 * An environment that stays as long as this is not closed.
	 */
	public final class Hold implements AutoCloseable {

		private final BuiltEnvironment environment;

		private Hold(BuiltEnvironment environment) {
			this.environment = environment;
		}

		/**
		 * The environment.
		 */
		public BuiltEnvironment environment() {
			return this.environment;
		}

		@Override
		public void close() throws IOException {
			LockedEnvironments.this.store.touch(this.environment.key());
			LockedEnvironments.this.store.locks().release(this.environment.key());
		}

	}

}
