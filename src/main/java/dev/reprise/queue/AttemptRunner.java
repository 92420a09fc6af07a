package dev.reprise.queue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import dev.reprise.artifact.Folders;
import dev.reprise.artifact.ListingStore;
import dev.reprise.artifact.Tree;
import dev.reprise.executor.Cause;
import dev.reprise.executor.Ending;
import dev.reprise.executor.Execution;
import dev.reprise.executor.Executor;
import dev.reprise.executor.Launch;
import dev.reprise.executor.Limits;
import dev.reprise.executor.Mount;
import dev.reprise.executor.Network;
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
import dev.reprise.runtime.ProcessPlan;
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

	private static final long LOG_BYTES = 64L << 20;

	private static final int PROCESSES = 512;

	private final Runs runs;

	private final RunFolders folders;

	private final RunTransitions transitions;

	private final ListingStore listings;

	private final Tree tree;

	private final PythonRuntime python;

	private final Executor executor;

	private final RecordFolderWriter records;

	private final Executions executions;

	private final JsonMapper json;

	private final ApplicationEventPublisher events;

	AttemptRunner(Runs runs, RunFolders folders, RunTransitions transitions, ListingStore listings, Tree tree,
			PythonRuntime python, Executor executor, RecordFolderWriter records, Executions executions, JsonMapper json,
			ApplicationEventPublisher events) {
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
	}

	/**
	 * Runs an attempt to its end. Whatever goes wrong ends the run as failed; nothing is
	 * thrown.
	 */
	void run(Allocation allocation) {
		Run run = this.runs.get(allocation.run());
		Workspace workspace = new Workspace(this.folders.attempt(run.id(), run.attempt()));
		try {
			Launch launch;
			try {
				launch = prepare(run, workspace, allocation);
			}
			catch (Workspace.Failed ex) {
				end(run, RunState.STARTING, failed(ex.failure()), workspace);
				return;
			}
			catch (IllegalArgumentException ex) {
				end(run, RunState.STARTING,
						failed(Failure.of(FailureKind.ENVIRONMENT, String.valueOf(ex.getMessage()))), workspace);
				return;
			}
			if (!this.transitions.running(run.id(), run.attempt())) {
				return;
			}
			Ending ending = execute(run, launch);
			if (!this.executions.closing()) {
				ended(run, RunState.RUNNING, workspace, ending);
			}
		}
		catch (IOException | RuntimeException ex) {
			log.error("attempt {} of run {} failed in the service", run.attempt(), run.id(), ex);
			giveUp(run, workspace, ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private Launch prepare(Run run, Workspace workspace, Allocation allocation) throws IOException, Workspace.Failed {
		JobSpec spec = run.spec();
		Recipe recipe = Recipe.fromJson(this.json.readTree(this.runs.recipeJson(run.id())));
		Folders.remove(workspace.folder());
		List<Mount> mounts = new ArrayList<>(workspace.build(run, recipe, this.listings, this.tree));
		ProcessPlan plan = this.python.plan(spec, recipe);
		mounts.addAll(plan.mounts());
		Limits limits = new Limits(spec.timeout(), spec.resources().memory(), spec.resources().disk(), LOG_BYTES,
				PROCESSES);
		return new Launch(workspace.folder(), workspace.path(), plan.command(), plan.environment(), mounts, List.of(),
				Launch.WORK, limits, Network.valueOf(spec.network().name()), recipe.fixedAddressLayout(),
				allocation.slot(), Set.copyOf(allocation.cpus()), workspace.stdout(), workspace.stderr());
	}

	private Ending execute(Run run, Launch launch) throws InterruptedException {
		Execution execution = this.executor.start(launch);
		this.executions.add(run.id(), execution);
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
	 * Takes an attempt whose process has ended to the end of its run, or back to the
	 * queue where it was lost and may be tried again.
	 */
	void ended(Run run, RunState from, Workspace workspace, Ending ending) throws IOException {
		if (ending.cause() == Cause.LOST && run.attempt() < run.spec().maxAttempts() && !run.cancelRequested()) {
			if (this.transitions.requeue(run.id(), run.attempt(), from, ending.message())) {
				Folders.remove(workspace.folder());
				return;
			}
			if (!this.runs.get(run.id()).cancelRequested()) {
				return;
			}
		}
		if (from != RunState.COLLECTING) {
			EndingFile.write(workspace.folder(), ending);
			if (!this.transitions.collecting(run.id(), run.attempt(), from, ending.message())) {
				return;
			}
		}
		AttemptEnd end = AttemptEnd.of(run.spec(), ending, RunRecord.read(workspace.path()));
		OutputSummary outputs;
		try {
			outputs = this.records.write(run, workspace, end, ending);
		}
		catch (Workspace.Failed ex) {
			end(run, RunState.COLLECTING, failed(ex.failure()), workspace);
			return;
		}
		end(run, RunState.COLLECTING, new RunEnd(end.state(), end.failure(), outputs, null), workspace);
	}

	private void giveUp(Run run, Workspace workspace, Exception ex) {
		String message = "The service failed on this run: " + ex.getMessage() + "; its log says more.";
		for (RunState from : new RunState[] { RunState.STARTING, RunState.RUNNING, RunState.COLLECTING }) {
			try {
				end(run, from, failed(Failure.of(FailureKind.START, message)), workspace);
			}
			catch (IOException | RuntimeException again) {
				log.error("run {} could not be ended", run.id(), again);
			}
		}
	}

	private void end(Run run, RunState from, RunEnd end, Workspace workspace) throws IOException {
		if (this.transitions.finish(run.id(), run.attempt(), from, end)) {
			if (Files.exists(workspace.folder())) {
				Folders.remove(workspace.folder());
			}
			this.events.publishEvent(new RunEnded(run.id()));
		}
	}

	private static RunEnd failed(Failure failure) {
		return new RunEnd(RunState.FAILED, failure, null, failure.message());
	}

}
