package dev.reprise.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import dev.reprise.http.Page;
import dev.reprise.http.RequestException;
import dev.reprise.recipe.Knob;
import dev.reprise.recipe.Recipe;
import dev.reprise.record.Checklist;
import dev.reprise.record.ChecklistItem;
import dev.reprise.record.EnvironmentRecord;
import dev.reprise.record.ProcessRecord;
import dev.reprise.record.RunRecord;
import dev.reprise.run.spec.RuntimeSpec;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * What was requested of a run's process, and what the process wrote about itself.
 */
@RestController
@RequestMapping("/api/v1/runs/{id}")
class RunRecordController {

	private final Runs runs;

	private final RunFolders folders;

	private final JsonMapper json;

	RunRecordController(Runs runs, RunFolders folders, JsonMapper json) {
		this.runs = runs;
		this.folders = folders;
		this.json = json;
	}

	@GetMapping("/recipe")
	RecipeView recipe(@PathVariable String id) {
		Run run = this.runs.get(id);
		Recipe recipe = Recipe.fromJson(this.json.readTree(this.runs.recipeJson(id)));
		List<ProcessRecord> observed = run.state().isFinal() ? record(run).processes() : List.of();
		return RecipeView.of(recipe, observed);
	}

	@GetMapping("/checklist")
	ChecklistView checklist(@PathVariable String id) {
		Run run = this.runs.get(id);
		Recipe recipe = Recipe.fromJson(this.json.readTree(this.runs.recipeJson(id)));
		Checklist.Program program = switch (run.spec().runtime()) {
			case RuntimeSpec.Command command -> Checklist.Program.COMMAND;
			case RuntimeSpec.Jvm jvm -> Checklist.Program.JVM;
			default -> Checklist.Program.PYTHON;
		};
		List<JsonNode> lines = new ArrayList<>();
		Checklist.of(recipe, record(run), program).items().forEach((item) -> lines.add(this.json.valueToTree(item)));
		HowHeld held = HowHeld.read(this.folders.recordFolder(id));
		if (held != null) {
			lines.add(held.line());
		}
		return new ChecklistView(lines, null, run.unverifiedOnGpu());
	}

	@GetMapping("/environment")
	EnvironmentRecord environment(@PathVariable String id) {
		EnvironmentRecord environment = record(this.runs.get(id)).environment();
		if (environment == null) {
			throw RequestException.notFound("environment record of this run");
		}
		return environment;
	}

	@GetMapping("/operations")
	Page<OperationView> operations(@PathVariable String id) {
		List<OperationView> operations = new ArrayList<>();
		for (ProcessRecord process : record(this.runs.get(id)).processes()) {
			process.operations()
				.forEach((operation) -> operations.add(new OperationView(process.name(), operation.operation(),
						operation.kind(), operation.place(), operation.function(), operation.count())));
		}
		return new Page<>(operations, null);
	}

	/**
	 * Read only when the processes are gone: one that lives could make a reader wait for
	 * ever.
	 */
	private RunRecord record(Run run) {
		if (!run.state().isFinal()) {
			throw RequestException
				.conflict("The run is " + run.state() + "; what its process recorded is read once it has ended.");
		}
		this.folders.requireKept(run);
		return RunRecord.read(this.folders.recordFolder(run.id()));
	}

	/**
	 * A checklist.
	 *
	 * @param items its lines
	 * @param next always null: it is one page
	 * @param unverifiedOnGpu whether what it says of GPUs was read on GPUs on which the
	 * self-test has not passed with this driver and this version of torch
	 */
	record ChecklistView(@ArraySchema(schema = @Schema(implementation = ChecklistItem.class)) List<JsonNode> items,
			@Nullable String next, boolean unverifiedOnGpu) {
	}

	/**
	 * An operation that has no deterministic implementation and was used.
	 *
	 * @param process that used it
	 * @param operation its name
	 * @param kind {@code refused} or {@code warned}
	 * @param location file and line in the user's own code
	 * @param function that used it
	 * @param count how often
	 */
	record OperationView(String process, String operation, String kind, @Nullable String location,
			@Nullable String function, long count) {
	}

	/**
	 * A recipe with both of its sides.
	 *
	 * @param mode the determinism mode
	 * @param seed the seed
	 * @param threads what each process computes with
	 * @param portable whether equal bits are wanted across processors
	 * @param holdSeed whether the job's seed wins
	 * @param onDrift what happens on drift
	 * @param knobs each knob with what was read back
	 * @param otherwise names of knobs that were requested, or not, otherwise than the
	 * mode says: in counter-runs
	 */
	record RecipeView(String mode, int seed, int threads, boolean portable, boolean holdSeed, String onDrift,
			List<KnobView> knobs, List<String> otherwise) {

		private static String wire(ProcessRecord.Status status) {
			return status.name().toLowerCase(Locale.ROOT).replace('_', '-');
		}

		static RecipeView of(Recipe recipe, List<ProcessRecord> observed) {
			List<KnobView> knobs = new ArrayList<>();
			for (Knob knob : recipe.knobs()) {
				List<Reading> readings = new ArrayList<>();
				for (ProcessRecord process : observed) {
					ProcessRecord.Reading seen = process.knobs().get(knob.name());
					if (seen != null) {
						readings.add(
								new Reading(process.name(), wire(seen.status()), seen.start(), seen.end(), seen.why()));
					}
				}
				knobs.add(new KnobView(knob.name(), knob.when().wire(), knob.level().wire(), knob.item().wire(),
						knob.reason(), knob.source(), knob.value(), readings));
			}
			return new RecipeView(recipe.mode().wire(), recipe.seed(), recipe.threads(), recipe.portable(),
					recipe.holdSeed(), recipe.onDrift().wire(), knobs, recipe.otherwise());
		}

	}

	/**
	 * A knob with both of its sides.
	 *
	 * @param name the name
	 * @param when it is set
	 * @param level from which mode on
	 * @param item of the checklist
	 * @param reason why
	 * @param source of the rule
	 * @param requested by the service
	 * @param observed in each process
	 */
	record KnobView(String name, String when, String level, String item, String reason, String source,
			JsonNode requested, List<Reading> observed) {
	}

	/**
	 * What one process read back.
	 *
	 * @param process its record
	 * @param status whether it could be read
	 * @param start the value at the start
	 * @param end the value at the end
	 * @param why it could not be read
	 */
	record Reading(String process, String status, @Nullable JsonNode start, @Nullable JsonNode end,
			@Nullable String why) {
	}

}
