package dev.reprise.queue;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import dev.reprise.environment.BuildFailedException;
import dev.reprise.environment.BuiltEnvironment;
import dev.reprise.environment.DjlFolder;
import dev.reprise.environment.Environments;
import dev.reprise.environment.LockedEnvironments;
import dev.reprise.environment.WithdrawnException;
import dev.reprise.run.FailureKind;
import dev.reprise.run.LockFiles;
import dev.reprise.run.Run;
import dev.reprise.run.Runs;
import dev.reprise.run.spec.EnvironmentSpec;
import dev.reprise.run.spec.RuntimeSpec;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Gets each attempt the environment that its spec asks for, and writes down which that
 * was.
 */
@Component
class AttemptEnvironments {

	private final Environments named;

	private final LockedEnvironments locked;

	private final LockFiles files;

	private final Executions executions;

	private final Runs runs;

	private final JdbcClient jdbc;

	private final DjlFolder djl;

	AttemptEnvironments(Environments named, LockedEnvironments locked, LockFiles files, Executions executions,
			Runs runs, JdbcClient jdbc, DjlFolder djl) {
		this.djl = djl;
		this.named = named;
		this.locked = locked;
		this.files = files;
		this.executions = executions;
		this.runs = runs;
		this.jdbc = jdbc;
	}

	/**
	 * Takes hold of the environment of a run, and waits for it where it is being built.
	 * @throws Unready if there is none, or it cannot be built
	 * @throws WithdrawnException if the run was cancelled, or is handed back
	 */
	AttemptEnvironment hold(Run run) throws IOException, InterruptedException, Unready, WithdrawnException {
		if (run.spec().runtime() instanceof RuntimeSpec.Jvm) {
			return new AttemptEnvironment(djl(), null);
		}
		return switch (run.spec().environment()) {
			case EnvironmentSpec.Named environment -> named(environment.name());
			case EnvironmentSpec.Locked lock -> locked(run, lock);
			case EnvironmentSpec.LockPath path ->
				throw new IllegalStateException("run " + run.id() + " was accepted with the lock " + path.path());
		};
	}

	private Path djl() throws Unready {
		try {
			return this.djl.folder();
		}
		catch (IllegalStateException ex) {
			throw new Unready(FailureKind.ENVIRONMENT, String.valueOf(ex.getMessage()));
		}
	}

	private AttemptEnvironment named(String name) throws Unready {
		try {
			return new AttemptEnvironment(this.named.folder(name), null);
		}
		catch (IllegalArgumentException ex) {
			throw new Unready(FailureKind.ENVIRONMENT, String.valueOf(ex.getMessage()));
		}
	}

	private AttemptEnvironment locked(Run run, EnvironmentSpec.Locked lock)
			throws IOException, InterruptedException, Unready, WithdrawnException {
		CompletableFuture<String> cancelled = new CompletableFuture<>();
		this.executions.add(run.id(), cancelled::complete);
		try {
			if (this.runs.get(run.id()).cancelRequested()) {
				throw new WithdrawnException(Executions.CANCELLED);
			}
			Optional<LockedEnvironments.Hold> former = former(run, lock);
			LockedEnvironments.Hold hold = former.isPresent() ? former.get()
					: this.locked.hold(run.id(), lock.digest(), bytes(lock), cancelled);
			AttemptEnvironment environment = new AttemptEnvironment(hold.environment().folder(), hold);
			try {
				note(run, hold.environment());
			}
			catch (RuntimeException ex) {
				environment.close();
				throw ex;
			}
			return environment;
		}
		catch (BuildFailedException ex) {
			throw new Unready(FailureKind.ENVIRONMENT, String.valueOf(ex.getMessage()));
		}
		finally {
			this.executions.remove(run.id());
		}
	}

	/**
	 * That of the run which this one replays: where the service has another Python or
	 * other rules by now, it would build another.
	 */
	private Optional<LockedEnvironments.Hold> former(Run run, EnvironmentSpec.Locked lock) throws IOException {
		String original = run.replayOf();
		if (original == null) {
			return Optional.empty();
		}
		Optional<String> key = this.jdbc.sql("""
				select environment_key from attempts where run_id = ? and number =
				  (select max(number) from attempts where run_id = ? and environment_key is not null)""")
			.params(original, original)
			.query(String.class)
			.optional();
		return key.isEmpty() ? Optional.empty() : this.locked.holdFormer(key.get(), lock.digest());
	}

	private byte[] bytes(EnvironmentSpec.Locked lock) throws Unready {
		try {
			return this.files.read(lock.digest());
		}
		catch (IOException ex) {
			throw new Unready(FailureKind.ENVIRONMENT, "its lock file cannot be read: " + ex.getMessage());
		}
	}

	private void note(Run run, BuiltEnvironment built) {
		this.jdbc.sql("""
				update attempts set environment_key = ?, environment_contents = ?, environment_built_at = ?
				where run_id = ? and number = ?""")
			.params(built.key(), built.contents(), Timestamp.from(built.builtAt()), run.id(), run.attempt())
			.update();
	}

}
