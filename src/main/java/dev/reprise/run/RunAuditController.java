package dev.reprise.run;

import java.util.List;

import dev.reprise.http.RequestException;
import dev.reprise.record.audit.Audit;
import dev.reprise.record.audit.AuditReader;
import dev.reprise.record.audit.JudgedAudit;
import org.jspecify.annotations.Nullable;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/**
 * The operators of a run's first step, and whether they would pass on a GPU.
 */
@RestController
class RunAuditController {

	private final Runs runs;

	private final RunFolders folders;

	RunAuditController(Runs runs, RunFolders folders) {
		this.runs = runs;
		this.folders = folders;
	}

	@GetMapping("/api/v1/runs/{id}/audit")
	AuditView audit(@PathVariable String id) {
		Run run = this.runs.get(id);
		if (!run.spec().audit()) {
			throw RequestException.notFound("audit of this run: its spec does not say \"audit\": true");
		}
		if (!run.state().isFinal()) {
			throw RequestException
				.conflict("The run is " + run.state() + "; what its process recorded is read once it has ended.");
		}
		this.folders.requireKept(run);
		List<Audit> audits = AuditReader.read(this.folders.recordFolder(id));
		return AuditView.of(JudgedAudit.of(audits));
	}

	/**
	 * An audit.
	 *
	 * @param verdict {@code passes}, {@code refuses} or {@code unknown}
	 * @param summary the verdict in a sentence
	 * @param torchVersion of the process
	 * @param source what the answers rest on
	 * @param operators those that refuse first
	 * @param incomplete what was not seen
	 */
	record AuditView(String verdict, String summary, @Nullable String torchVersion, String source,
			List<OperatorView> operators, List<String> incomplete) {

		static AuditView of(JudgedAudit audit) {
			return new AuditView(audit.outcome().wire(), audit.summary(), audit.torchVersion(), audit.source(),
					audit.operators().stream().map(OperatorView::of).toList(), audit.incomplete());
		}

	}

	/**
	 * An operator, or a function of torch that comes to other operators on a GPU.
	 *
	 * @param process that used it
	 * @param name its name
	 * @param count how often
	 * @param phase of the step: {@code forward}, {@code backward}, {@code step} or
	 * {@code other}
	 * @param location of its first use in the user's own code
	 * @param onGpu what torch documents of it on a GPU
	 * @param condition under which that is so, or why it is not known
	 */
	record OperatorView(String process, String name, long count, String phase, @Nullable String location, String onGpu,
			@Nullable String condition) {

		static OperatorView of(JudgedAudit.Line line) {
			return new OperatorView(line.process(), line.name(), line.count(), line.phase(), line.place(),
					line.onGpu().wire(), line.condition());
		}

	}

}
