package dev.reprise.run;

import java.util.ArrayList;
import java.util.List;

import dev.reprise.http.Page;
import dev.reprise.recipe.Knob;
import dev.reprise.recipe.Recipe;
import dev.reprise.record.Checklist;
import dev.reprise.record.ChecklistItem;
import dev.reprise.record.Operation;
import dev.reprise.record.ProcessRecord;
import dev.reprise.record.RunRecord;
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
		return RecipeView.of(recipe, record(run));
	}

	@GetMapping("/checklist")
	Page<ChecklistItem> checklist(@PathVariable String id) {
		Run run = this.runs.get(id);
		Recipe recipe = Recipe.fromJson(this.json.readTree(this.runs.recipeJson(id)));
		return new Page<>(Checklist.of(recipe, record(run)), null);
	}

	@GetMapping("/environment")
	JsonNode environment(@PathVariable String id) {
		return record(this.runs.get(id)).environment();
	}

	@GetMapping("/operations")
	Page<Operation> operations(@PathVariable String id) {
		return new Page<>(record(this.runs.get(id)).operations(), null);
	}

	private RunRecord record(Run run) {
		return RunRecord.read(this.folders.current(run, "record"));
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
	 */
	record RecipeView(String mode, int seed, int threads, boolean portable, boolean holdSeed, String onDrift,
			List<KnobView> knobs) {

		static RecipeView of(Recipe recipe, RunRecord record) {
			List<KnobView> knobs = new ArrayList<>();
			for (Knob knob : recipe.knobs()) {
				List<Reading> readings = new ArrayList<>();
				for (ProcessRecord process : record.processes()) {
					process.knob(knob.name())
						.ifPresent((seen) -> readings.add(new Reading(process.name(), seen.status(), seen.start(),
								seen.end(), seen.why())));
				}
				knobs.add(new KnobView(knob.name(), knob.when().wire(), knob.level().wire(), knob.item().wire(),
						knob.reason(), knob.source(), knob.value(), readings));
			}
			return new RecipeView(recipe.mode().wire(), recipe.seed(), recipe.threads(), recipe.portable(),
					recipe.holdSeed(), recipe.onDrift().wire(), knobs);
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
