package dev.reprise.queue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.reprise.artifact.DataFolder;
import dev.reprise.artifact.Folders;
import dev.reprise.executor.Ending;
import dev.reprise.executor.Executor;
import dev.reprise.run.Run;
import dev.reprise.run.RunFolders;
import dev.reprise.run.RunState;
import dev.reprise.run.Runs;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;

/**
 * Ends what a former life of the service left: each attempt that it had claimed is made
 * sure to be dead, collected, and its run ended or queued again.
 */
@Component
class Recovery {

	private static final Logger log = LoggerFactory.getLogger(Recovery.class);

	private final Runs runs;

	private final RunFolders folders;

	private final DataFolder data;

	private final Executor executor;

	private final AttemptRunner runner;

	private final Machine machine;

	Recovery(Runs runs, RunFolders folders, DataFolder data, Executor executor, AttemptRunner runner, Machine machine) {
		this.runs = runs;
		this.folders = folders;
		this.data = data;
		this.executor = executor;
		this.runner = runner;
		this.machine = machine;
	}

	/**
	 * To be called once, before anything is claimed.
	 */
	void recover() throws IOException {
		Set<Path> known = new HashSet<>();
		for (Run run : this.runs.in(List.of(RunState.STARTING, RunState.RUNNING, RunState.COLLECTING))) {
			Workspace workspace = new Workspace(this.folders.attempt(run.id(), run.attempt()));
			known.add(workspace.folder());
			log.info("run {} was {} when the service stopped; recovering it", run.id(), run.state());
			Files.createDirectories(workspace.record());
			Ending left = end(workspace.folder());
			this.runner.recovered(run, workspace, left);
		}
		sweep(known);
	}

	/**
	 * Folders of attempts whose run had come to its end when the service died: nothing in
	 * them is needed, but something may still run in them.
	 */
	private void sweep(Set<Path> known) throws IOException {
		try (DirectoryStream<Path> attempts = Files.newDirectoryStream(this.data.attempts())) {
			for (Path attempt : attempts) {
				if (!known.contains(attempt)) {
					end(attempt);
					remove(attempt);
				}
			}
		}
	}

	/**
	 * Ends what lives in a folder. What cannot be ended keeps what it holds, and its
	 * folder, by which the next start finds it.
	 */
	private Ending end(Path attempt) throws IOException {
		Ending left = this.executor.endLeftovers(attempt);
		AllocationFile.setUnendable(attempt, left.leftovers());
		if (left.leftovers()) {
			log.error("a process in {} cannot be ended; what it holds stays out of use", attempt);
			try {
				this.machine.lose(AllocationFile.read(attempt));
			}
			catch (IOException ex) {
				log.error("nobody knows what {} holds: the whole machine is out of use", attempt, ex);
				String name = String.valueOf(attempt.getFileName());
				this.machine.loseAll(name.substring(0, Math.max(0, name.lastIndexOf('-'))));
			}
		}
		return left;
	}

	private void remove(Path attempt) {
		if (AllocationFile.isUnendable(attempt)) {
			return;
		}
		try {
			this.executor.release(attempt);
			Folders.remove(attempt);
		}
		catch (IOException ex) {
			log.warn("the folder {} could not be removed", attempt, ex);
		}
	}

}
