package dev.reprise.queue;

import java.net.URI;
import java.util.List;
import java.util.Map;

import dev.reprise.http.Page;
import dev.reprise.http.RequestException;
import dev.reprise.environment.LockedEnvironments;
import dev.reprise.executor.Isolation;
import dev.reprise.executor.gpu.Gpus;
import dev.reprise.run.Run;
import dev.reprise.run.RunEnd;
import dev.reprise.run.RunEnded;
import dev.reprise.run.RunState;
import dev.reprise.run.RunTransitions;
import dev.reprise.run.Runs;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Cancels runs, and shows what there is, what is held by whom, what waits and why.
 */
@RestController
@RequestMapping("/api/v1")
class QueueController {

	private final Runs runs;

	private final RunTransitions transitions;

	private final Executions executions;

	private final Machine machine;

	private final Gpus gpus;

	private final WorkerPool pool;

	private final Isolation isolation;

	private final ApplicationEventPublisher events;

	private final LockedEnvironments environments;

	QueueController(Runs runs, RunTransitions transitions, Executions executions, Machine machine, Gpus gpus,
			WorkerPool pool, Isolation isolation, ApplicationEventPublisher events, LockedEnvironments environments) {
		this.environments = environments;
		this.runs = runs;
		this.transitions = transitions;
		this.executions = executions;
		this.machine = machine;
		this.gpus = gpus;
		this.pool = pool;
		this.isolation = isolation;
		this.events = events;
	}

	@PostMapping("/runs/{id}/cancel")
	ResponseEntity<Map<String, Object>> cancel(@PathVariable String id) {
		RunEnd end = new RunEnd(RunState.CANCELLED, null, null, null);
		// A lost attempt may go back to the queue between the two, hence the loop.
		for (Run run = this.runs.get(id); !cancelled(run, end); run = this.runs.get(id)) {
			if (run.state().isFinal()) {
				throw RequestException.conflict("The run has ended as " + run.state() + " already.");
			}
		}
		return ResponseEntity.accepted()
			.location(URI.create("/api/v1/runs/" + id))
			.body(Map.of("id", id, "state", this.runs.get(id).state()));
	}

	private boolean cancelled(Run run, RunEnd end) {
		if (this.transitions.finish(run.id(), run.attempt(), RunState.QUEUED, end)) {
			this.events.publishEvent(new RunEnded(run.id()));
			return true;
		}
		if (this.transitions.requestCancel(run.id())) {
			this.executions.cancel(run.id());
			return true;
		}
		return false;
	}

	@GetMapping("/workers")
	Page<Worker> workers() {
		return new Page<>(
				List.of(Worker.of(this.isolation.name(), this.machine, this.gpus, this.pool, this.environments)), null);
	}

}
