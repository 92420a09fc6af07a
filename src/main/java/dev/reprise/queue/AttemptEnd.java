package dev.reprise.queue;

import java.util.Optional;
import java.util.regex.Pattern;

import dev.reprise.executor.Ending;
import dev.reprise.record.ProcessRecord;
import dev.reprise.record.RunRecord;
import dev.reprise.run.Failure;
import dev.reprise.run.FailureKind;
import dev.reprise.run.RunState;
import dev.reprise.run.spec.JobSpec;
import dev.reprise.run.spec.RuntimeSpec;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What an attempt's end means for its run, decided in the order of who can have ended it:
 * what the service did itself comes before what the job says.
 *
 * @param state of the run
 * @param failure why it failed, or null
 * @param byService whether the service ended it, not the job
 * @param noPython whether it was a command that started no Python
 */
public record AttemptEnd(RunState state, @Nullable Failure failure, boolean byService, boolean noPython) {

	/**
	 * The exit code with which the harness says that it could not record.
	 */
	private static final int CANNOT_RECORD = 87;

	/**
	 * What the JVM says where memory that the service gave it is full: not where it was
	 * refused a thread, or asked for an array longer than any can be.
	 */
	private static final Pattern HEAP_FULL = Pattern
		.compile("Java heap space|Cannot reserve .* direct buffer memory.*");

	/**
	 * Decides.
	 * @param ending how the process ended
	 * @param record what it wrote about itself
	 */
	public static AttemptEnd of(JobSpec spec, Ending ending, RunRecord record) {
		return switch (ending.cause()) {
			case CANCELLED -> cancelled();
			case TIMEOUT -> service(FailureKind.TIMEOUT, ending);
			case OUT_OF_DISK -> service(FailureKind.OUT_OF_DISK, ending);
			case OUT_OF_MEMORY -> service(FailureKind.OUT_OF_MEMORY, ending);
			case LOG_LIMIT -> service(FailureKind.LOG_LIMIT, ending);
			case PROCESS_LIMIT -> service(FailureKind.PROCESS_LIMIT, ending);
			case LOST -> service(FailureKind.LOST, ending);
			case START -> service(FailureKind.START, ending);
			case EXIT, SIGNAL -> ownEnd(spec, ending, record);
		};
	}

	/**
	 * Somebody wanted it to end.
	 */
	public static AttemptEnd cancelled() {
		return new AttemptEnd(RunState.CANCELLED, null, true, false);
	}

	/**
	 * As {@code end.json} of a record folder has it.
	 * @param isolation how the process was held
	 * @param attempt which one it was, from 1
	 */
	public ObjectNode json(@Nullable String isolation, int attempt, Ending ending) {
		JsonMapper mapper = JsonMapper.shared();
		ObjectNode node = mapper.createObjectNode();
		node.put("schema", 1)
			.put("state", this.state.name())
			.put("endedBy", this.byService ? "service" : "job")
			.put("isolation", isolation)
			.put("attempt", attempt)
			.put("startedAt", (ending.startedAt() != null) ? ending.startedAt().toString() : null)
			.put("finishedAt", ending.endedAt().toString());
		if (this.noPython) {
			node.put("python", "not-applicable");
		}
		node.set("softLimits", mapper.valueToTree(ending.soft()));
		node.put("logTruncated", ending.logTruncated());
		if (ending.busy() != null) {
			node.put("busy", ending.busy());
		}
		node.set("failure", mapper.valueToTree(this.failure));
		return node;
	}

	private static AttemptEnd service(FailureKind kind, Ending ending) {
		return new AttemptEnd(RunState.FAILED, new Failure(kind, ending.message(), null, null, ending.exitCode()), true,
				false);
	}

	private static AttemptEnd ownEnd(JobSpec spec, Ending ending, RunRecord record) {
		boolean noPython = spec.runtime() instanceof RuntimeSpec.Command && !ending.sawPython()
				&& record.processes().isEmpty();
		if (ending.succeeded()) {
			Optional<ProcessRecord> main = record.main();
			if (noPython || (main.isPresent() && main.get().observed())) {
				return new AttemptEnd(RunState.SUCCEEDED, null, false, noPython);
			}
			return own(FailureKind.RECORD, "The program ended with exit code 0, but nothing says that the recipe was"
					+ " applied: no process wrote an observed record." + mend(spec), ending, null);
		}
		ProcessRecord failed = FailedProcess.of(record);
		ProcessRecord.Result result = (failed != null) ? failed.result() : null;
		if (spec.runtime() instanceof RuntimeSpec.Jvm && result != null && filledHeap(result)) {
			// Its limit ended it, as the kernel would have.
			Failure failure = new Failure(FailureKind.OUT_OF_MEMORY,
					raised(result) + ": the heap is half of resources.memory", null, result.place(), ending.exitCode());
			return new AttemptEnd(RunState.FAILED, failure, true, false);
		}
		boolean observed = record.main().map(ProcessRecord::observed).orElse(false);
		FailureKind kind = kind(ending, result, noPython || observed);
		return own(kind, message(spec, kind, ending, failed, result), ending, result);
	}

	private static boolean filledHeap(ProcessRecord.Result result) {
		return "java.lang.OutOfMemoryError".equals(result.exceptionType()) && result.message() != null
				&& HEAP_FULL.matcher(result.message()).matches();
	}

	private static String mend(JobSpec spec) {
		return (spec.runtime() instanceof RuntimeSpec.Jvm) ? ""
				: " Do not start Python with -I, -S or -E, and leave PYTHONPATH in its environment.";
	}

	private static FailureKind kind(Ending ending, ProcessRecord.@Nullable Result result, boolean observed) {
		if (result != null && result.outcome().equals("drift")) {
			return FailureKind.DRIFT;
		}
		if (result != null && result.outcome().equals("not-started")) {
			return FailureKind.START;
		}
		if (result != null && result.operation() != null) {
			return FailureKind.REFUSED_OPERATION;
		}
		Integer code = ending.exitCode();
		if (code != null && Ending.signalOf(code) > 0) {
			return FailureKind.SIGNAL;
		}
		// Whatever its exit code: nothing says what such a program ran with.
		boolean cannotRecord = code != null && code == CANNOT_RECORD && result == null;
		return (cannotRecord || !observed) ? FailureKind.RECORD : FailureKind.EXIT;
	}

	private static String message(JobSpec spec, FailureKind kind, Ending ending, @Nullable ProcessRecord failed,
			ProcessRecord.@Nullable Result result) {
		return switch (kind) {
			case REFUSED_OPERATION -> "The operation " + ((result != null) ? result.operation() : "")
					+ " has no deterministic implementation; choose another, or run with determinism warn.";
			case DRIFT -> "The program changed a knob of the recipe, and onDrift is fail: " + drift(failed) + ".";
			case RECORD -> ending.message()
					+ ", and the harness could not record the process: standard error may say why." + mend(spec);
			case START -> String.valueOf((result != null) ? result.message() : null);
			default -> (result != null && result.exceptionType() != null) ? raised(result) + inProcess(failed)
					: ending.message();
		};
	}

	private static String inProcess(@Nullable ProcessRecord failed) {
		return (failed == null || failed.name().equals(ProcessRecord.MAIN)) ? ""
				: " (in its process " + failed.name() + ")";
	}

	private static String drift(@Nullable ProcessRecord failed) {
		return Optional.ofNullable(failed)
			.flatMap((process) -> process.drift().stream().findFirst())
			.map((drift) -> drift.knob() + " was " + drift.from() + " and became " + drift.to())
			.orElse("its record does not say which");
	}

	/**
	 * As Python's traceback ends: the message alone says little where it is a key that
	 * was not found.
	 */
	private static String raised(ProcessRecord.Result result) {
		String message = result.message();
		return result.exceptionType() + ((message != null && !message.isEmpty()) ? ": " + message : "");
	}

	private static AttemptEnd own(FailureKind kind, String message, Ending ending,
			ProcessRecord.@Nullable Result result) {
		String operation = (result != null) ? result.operation() : null;
		String place = (result != null) ? result.place() : null;
		return new AttemptEnd(RunState.FAILED, new Failure(kind, message, operation, place, ending.exitCode()), false,
				false);
	}

}
