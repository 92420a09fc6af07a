package dev.reprise.queue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import dev.reprise.artifact.DataFolder;
import dev.reprise.artifact.Folders;
import dev.reprise.environment.BuildFailedException;
import dev.reprise.environment.Installer;
import dev.reprise.environment.WithdrawnException;
import dev.reprise.environment.lock.Lock;
import dev.reprise.executor.Cause;
import dev.reprise.executor.Ending;
import dev.reprise.executor.Execution;
import dev.reprise.executor.Executor;
import dev.reprise.executor.Launch;
import dev.reprise.executor.Limits;
import dev.reprise.run.spec.Network;
import dev.reprise.runtime.Mount;

import org.springframework.stereotype.Component;

/**
 * Installs by uv, held as a job is: with the network, with one folder to write to, and as
 * a user that no job has. It dies with the service, and the next start removes what it
 * left.
 */
@Component
class SandboxedInstaller implements Installer {

	private static final Duration LOOK = Duration.ofMillis(200);

	/**
	 * For the little that is written beside the environment itself.
	 */
	private static final long DISK = 64L << 20;

	private static final long LOGS = 16L << 20;

	private static final int PROCESSES = 512;

	private final Executor executor;

	private final DataFolder data;

	SandboxedInstaller(Executor executor, DataFolder data) {
		this.executor = executor;
		this.data = data;
	}

	@Override
	public void install(Installation what, Consumer<String> progress, CompletableFuture<String> cancelled)
			throws IOException, InterruptedException, BuildFailedException, WithdrawnException {
		checkRoom(what);
		Workspace workspace = new Workspace(this.data.attempts().resolve("environment-" + what.key()));
		this.executor.release(workspace.folder());
		Folders.remove(workspace.folder());
		try {
			write(what, workspace);
			Execution execution = this.executor.start(launch(what, workspace));
			BuildLog log = new BuildLog(workspace.stderr());
			Ending ending = await(execution, what, log, progress, cancelled);
			if (cancelled.isDone()) {
				throw new WithdrawnException(cancelled.join());
			}
			if (!ending.succeeded()) {
				throw new BuildFailedException(failure(ending, log));
			}
		}
		finally {
			this.executor.release(workspace.folder());
			Folders.remove(workspace.folder());
		}
	}

	private static void checkRoom(Installation what) throws IOException, BuildFailedException {
		long room = Files.getFileStore(what.staging()).getUsableSpace();
		if (room < what.reserve()) {
			throw new BuildFailedException("there is no room for its environment: " + room
					+ " bytes are free where environments are kept, and " + what.reserve()
					+ " are to stay free (reprise.built-environments.reserve)");
		}
	}

	private static Ending await(Execution execution, Installation what, BuildLog log, Consumer<String> progress,
			CompletableFuture<String> cancelled) throws IOException, InterruptedException, BuildFailedException {
		var _ = cancelled.thenAccept(execution::cancel);
		BuildFailedException noRoom = null;
		Optional<Ending> ending = execution.await(LOOK);
		while (ending.isEmpty()) {
			progress.accept("uv builds its environment: " + log.last());
			if (noRoom == null) {
				try {
					checkRoom(what);
				}
				catch (BuildFailedException ex) {
					noRoom = ex;
					execution.cancel("no room");
				}
			}
			ending = execution.await(LOOK);
		}
		if (noRoom != null) {
			throw noRoom;
		}
		return ending.get();
	}

	private static String failure(Ending ending, BuildLog log) throws IOException {
		String words = log.words();
		String how = switch (ending.cause()) {
			case EXIT -> "uv could not build its environment";
			case TIMEOUT -> "its environment took too long to build (reprise.built-environments.timeout)";
			case OUT_OF_MEMORY -> "its environment took too much memory to build (reprise.built-environments.memory)";
			default -> "its environment could not be built: " + ending.message();
		};
		return (words.isEmpty() || ending.cause() == Cause.START) ? how : how + ": " + words;
	}

	private static void write(Installation what, Workspace workspace) throws IOException {
		Path inputs = workspace.path().resolve("inputs");
		Files.createDirectories(inputs);
		Files.writeString(workspace.path().resolve("job.json"), "{}");
		switch (what.lock()) {
			case Lock.Requirements requirements ->
				Files.writeString(inputs.resolve("requirements.txt"), String.join("\n", requirements.lines()) + "\n");
			case Lock.UvProject project -> {
				Files.writeString(inputs.resolve("uv.lock"), what.text());
				Files.writeString(inputs.resolve("pyproject.toml"), "[project]\nname = \"" + project.project()
						+ "\"\nversion = \"0\"\nrequires-python = \"" + project.requiresPython() + "\"\n");
			}
		}
	}

	private static Launch launch(Installation what, Workspace workspace) throws IOException {
		Path uv = what.toolchain().uv();
		Path python = what.toolchain().python().executable();
		List<Mount> mounts = new ArrayList<>();
		mounts.add(Mount.readOnly(uv));
		Path home = what.toolchain().python().home();
		if (!home.startsWith("/usr")) {
			mounts.add(Mount.readOnly(home));
		}
		mounts.add(new Mount(what.staging(), what.staging().toString(), true));
		Map<String, String> variables = new LinkedHashMap<>();
		variables.put("PATH", "/usr/local/bin:/usr/bin:/bin");
		variables.put("HOME", "/home/job");
		variables.put("LC_ALL", "C.UTF-8");
		variables.put("UV_CACHE_DIR", what.cache().toString());
		variables.put("UV_PYTHON_DOWNLOADS", "never");
		variables.put("UV_NO_PROGRESS", "1");
		OperatorIndex index = OperatorIndex.of(System.getenv());
		variables.putAll(index.variables());
		mounts.addAll(index.mounts());
		variables.put("UV", uv.toString());
		variables.put("PYTHON", python.toString());
		variables.put("TARGET", what.target().toString());
		variables.put("FINAL_PLACE", what.finalPlace().toString());
		variables.put("BUILDS", what.sourceBuilds() ? "" : "--only-binary :all:");
		Limits limits = new Limits(what.timeout(), what.memory(), DISK, LOGS, PROCESSES);
		return new Launch(workspace.folder(), workspace.path(), List.of("/bin/sh", "-c", script()), variables, mounts,
				List.of(), Launch.WORK, limits, Network.HOST, false, Launch.MAX_SLOT, Set.of(), workspace.stdout(),
				workspace.stderr());
	}

	private static String script() throws IOException {
		try (var script = SandboxedInstaller.class.getResourceAsStream("build-environment.sh")) {
			if (script == null) {
				throw new IOException("build-environment.sh is missing from the program");
			}
			return new String(script.readAllBytes(), StandardCharsets.UTF_8);
		}
	}

}
