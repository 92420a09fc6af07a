package dev.reprise.queue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.reprise.artifact.BlobStoreException;
import dev.reprise.artifact.Folders;
import dev.reprise.artifact.ListingStore;
import dev.reprise.artifact.Tree;
import dev.reprise.environment.WithdrawnException;
import dev.reprise.executor.Cause;
import dev.reprise.executor.Ending;
import dev.reprise.executor.Execution;
import dev.reprise.executor.Executor;
import dev.reprise.executor.Launch;
import dev.reprise.executor.Limits;
import dev.reprise.runtime.Mount;
import dev.reprise.recipe.Recipe;
import dev.reprise.record.RunRecord;
import dev.reprise.run.Failure;
import dev.reprise.run.FailureKind;
import dev.reprise.run.OutputSummary;
import dev.reprise.run.Run;
import dev.reprise.run.RunEnd;
import dev.reprise.run.RunEnded;
import dev.reprise.run.RunFolders;
import dev.reprise.run.RunState;
import dev.reprise.run.RunTransitions;
import dev.reprise.run.Runs;
import dev.reprise.run.spec.JobSpec;
import dev.reprise.run.spec.RuntimeSpec;
import dev.reprise.runtime.ProcessPlan;
import dev.reprise.runtime.djl.DjlRuntime;
import dev.reprise.runtime.python.PythonRuntime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;

/**
 * Takes one claimed attempt from its workspace to its run's end.
 */
@Component
class AttemptRunner {

	private static final Logger log = LoggerFactory.getLogger(AttemptRunner.class);

	private static final long LOG_BYTES = 1L << 30;

	private static final int PROCESSES = 512;

	private final Runs runs;

	private final RunFolders folders;

	private final RunTransitions transitions;

	private final ListingStore listings;

	private final Tree tree;

	private final PythonRuntime python;

	private final DjlRuntime djl;

	private final Executor executor;

	private final RecordFolderWriter records;

	private final Executions executions;

	private final JsonMapper json;

	private final ApplicationEventPublisher events;

	private final AttemptGpus gpus;

	private final AttemptEnvironments environments;

	AttemptRunner(Runs runs, RunFolders folders, RunTransitions transitions, ListingStore listings, Tree tree,
			PythonRuntime python, Executor executor, RecordFolderWriter records, Executions executions, JsonMapper json,
			ApplicationEventPublisher events, AttemptGpus gpus, AttemptEnvironments environments, DjlRuntime djl) {
		this.djl = djl;
		this.environments = environments;
		this.runs = runs;
		this.folders = folders;
		this.transitions = transitions;
		this.listings = listings;
		this.tree = tree;
		this.python = python;
		this.executor = executor;
		this.records = records;
		this.executions = executions;
		this.json = json;
		this.events = events;
		this.gpus = gpus;
	}

	/**
	 * Runs an attempt to its end. Whatever goes wrong ends the run as failed; nothing is
	 * thrown.
	 * @param unendable called where a process could not be ended, before anybody can see
	 * that the run has ended
	 * @return whether what it held is free again: false where a process could not be
	 * ended
	 */
	boolean run(Allocation allocation, Runnable unendable) {
		Run run = this.runs.get(allocation.run());
		Workspace workspace = new Workspace(this.folders.attempt(run.id(), run.attempt()));
		boolean free = true;
		try (AttemptEnvironment environment = this.environments.hold(run)) {
			Launch launch = prepare(run, workspace, allocation, environment.folder());
			if (!this.transitions.running(run.id(), run.attempt())) {
				return true;
			}
			Ending ending = execute(run, launch);
			free = !ending.leftovers();
			if (!free) {
				AllocationFile.setUnendable(workspace.folder(), true);
				unendable.run();
			}
			if (!this.executions.closing()) {
				ended(run, RunState.RUNNING, workspace, ending);
			}
		}
		catch (Unready ex) {
			end(run, RunState.STARTING, failed(ex.failure()), workspace);
		}
		catch (WithdrawnException ex) {
			withdrawn(run, workspace, String.valueOf(ex.getMessage()));
		}
		catch (IOException | RuntimeException ex) {
			log.error("attempt {} of run {} failed in the service", run.attempt(), run.id(), ex);
			giveUp(run, workspace, ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		return free;
	}

	private Launch prepare(Run run, Workspace workspace, Allocation allocation, Path environmentFolder)
			throws IOException, Unready {
		JobSpec spec = run.spec();
		this.gpus.note(allocation, environmentFolder);
		Recipe recipe = Recipe.fromJson(this.json.readTree(this.runs.recipeJson(run.id())));
		this.executor.release(workspace.folder());
		Folders.remove(workspace.folder());
		List<Mount> mounts = new ArrayList<>(workspace.build(run, recipe, this.listings, this.tree));
		AllocationFile.write(workspace.folder(), allocation);
		ProcessPlan plan = plan(spec, recipe, environmentFolder);
		mounts.addAll(plan.mounts());
		mounts.addAll(this.gpus.mounts(allocation));
		Map<String, String> environment = new LinkedHashMap<>(plan.environment());
		environment.putAll(this.gpus.variables(allocation));
		Limits limits = new Limits(spec.timeout(), spec.resources().memory(), spec.resources().disk(), LOG_BYTES,
				PROCESSES);
		return new Launch(workspace.folder(), workspace.path(), plan.command(), environment, mounts,
				this.gpus.nodes(allocation), Launch.WORK, limits, spec.network(), recipe.fixedAddressLayout(),
				allocation.slot(), allocation.cpus(), workspace.stdout(), workspace.stderr(), run.watch().busy());
	}

	private ProcessPlan plan(JobSpec spec, Recipe recipe, Path environment) throws IOException, Unready {
		try {
			return (spec.runtime() instanceof RuntimeSpec.Jvm jvm)
					? this.djl.plan(spec, jvm, recipe, Workspace.code(this.listings, spec.code()))
					: this.python.plan(spec, recipe, environment);
		}
		catch (IllegalArgumentException ex) {
			throw new Unready(FailureKind.ENVIRONMENT, String.valueOf(ex.getMessage()));
		}
	}

	/**
	 * It never came to start: its environment was not built when it was cancelled or
	 * handed back.
	 */
	private void withdrawn(Run run, Workspace workspace, String reason) {
		if (this.executions.closing()
				|| this.transitions.requeue(run.id(), run.attempt(), RunState.STARTING, reason, null)) {
			return;
		}
		end(run, RunState.STARTING, new RunEnd(RunState.CANCELLED, null, null, reason), workspace);
	}

	private Ending execute(Run run, Launch launch) throws InterruptedException {
		Execution execution = this.executor.start(launch);
		this.executions.add(run.id(), execution::cancel);
		try {
			// A cancel that came before the execution was known here found nothing to
			// end.
			if (this.runs.get(run.id()).cancelRequested()) {
				execution.cancel(Executions.CANCELLED);
			}
			return execution.await();
		}
		finally {
			this.executions.remove(run.id());
		}
	}

	/**
	 * Takes an attempt of a former life of the service, of which nothing runs any more,
	 * to the end of its run or back to the queue. Whatever goes wrong ends the run as
	 * failed; nothing is thrown, so that one run does not keep the service from starting.
	 * @param left how it ended, where that life had not written it down
	 */
	void recovered(Run run, Workspace workspace, Ending left) {
		try {
			ended(run, run.state(), workspace, EndingFile.read(workspace.folder()).orElse(left));
		}
		catch (IOException | RuntimeException ex) {
			log.error("attempt {} of run {} could not be recovered", run.attempt(), run.id(), ex);
			giveUp(run, workspace, ex);
		}
	}

	/**
	 * Takes an attempt whose process has ended to the end of its run, or back to the
	 * queue where it was lost and may be tried again.
	 */
	private void ended(Run run, RunState from, Workspace workspace, Ending ending) throws IOException {
		if (again(run, ending) && this.transitions.requeue(run.id(), run.attempt(), from, ending.message(),
				this.records.left(run, workspace))) {
			remove(workspace);
			return;
		}
		if (from != RunState.COLLECTING) {
			EndingFile.write(workspace.folder(), ending);
			if (!this.transitions.collecting(run.id(), run.attempt(), from, ending.message())) {
				return;
			}
		}
		Run now = this.runs.get(run.id());
		AttemptEnd end = (ending.cause() == Cause.LOST && now.cancelRequested()) ? AttemptEnd.cancelled()
				: AttemptEnd.of(now.spec(), ending, RunRecord.read(workspace.path()));
		try {
			OutputSummary outputs = this.records.write(now, workspace, end, ending);
			end(now, RunState.COLLECTING, new RunEnd(end.state(), end.failure(), outputs, null), workspace);
		}
		catch (BlobStoreException.Full ex) {
			String message = "Its outputs and its record could not be kept: " + ex.getMessage();
			end(now, RunState.COLLECTING, failed(Failure.of(FailureKind.OUT_OF_DISK, message)), workspace);
		}
		catch (Unready ex) {
			end(now, RunState.COLLECTING, failed(ex.failure()), workspace);
		}
	}

	/**
	 * An attempt that was cancelled while nobody wants the run cancelled, which the
	 * database checks, was handed back because the service stops: no fault of the run,
	 * whatever attempts it may have.
	 */
	private boolean again(Run run, Ending ending) {
		return switch (ending.cause()) {
			case LOST -> run.attempt() < run.spec().maxAttempts();
			case CANCELLED -> true;
			default -> false;
		};
	}

	private void giveUp(Run run, Workspace workspace, Exception ex) {
		String message = "The service failed on this run: " + ex.getMessage() + "; its log says more.";
		for (RunState from : new RunState[] { RunState.STARTING, RunState.RUNNING, RunState.COLLECTING }) {
			try {
				end(run, from, failed(Failure.of(FailureKind.START, message)), workspace);
			}
			catch (RuntimeException again) {
				log.error("run {} could not be ended", run.id(), again);
			}
		}
	}

	private void end(Run run, RunState from, RunEnd end, Workspace workspace) {
		if (this.transitions.finish(run.id(), run.attempt(), from, end)) {
			this.events.publishEvent(new RunEnded(run.id()));
			remove(workspace);
		}
	}

	/**
	 * What cannot be removed now is tried again at the next start, and harms nobody
	 * meanwhile.
	 */
	private void remove(Workspace workspace) {
		if (AllocationFile.isUnendable(workspace.folder())) {
			return;
		}
		try {
			this.executor.release(workspace.folder());
			Folders.remove(workspace.folder());
		}
		catch (IOException ex) {
			log.warn("the folder {} could not be removed", workspace.folder(), ex);
		}
	}

	private static RunEnd failed(Failure failure) {
		return new RunEnd(RunState.FAILED, failure, null, failure.message());
	}

}
