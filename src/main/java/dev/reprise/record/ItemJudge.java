package dev.reprise.record;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.reprise.recipe.DeterminismMode;
import dev.reprise.recipe.Item;
import dev.reprise.recipe.Knob;
import dev.reprise.recipe.Recipe;
import dev.reprise.recipe.RecipeBook;
import dev.reprise.record.ProcessRecord.Reading;
import dev.reprise.record.ProcessRecord.Status;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Judges the items of one checklist: no beats not-available, which beats yes.
 */
final class ItemJudge {

	/**
	 * Items whose effect can be seen on a GPU only: without one their knobs can be read
	 * back, and no more be said.
	 */
	static final Set<Item> GPU_ONLY = Set.of(Item.TORCH_CUDA, Item.CUDNN, Item.CUBLAS, Item.NCCL, Item.ATTENTION,
			Item.REDUCED_PRECISION);

	private final Recipe recipe;

	private final RunRecord record;

	private final Checklist.Program program;

	private final Gpu gpu;

	ItemJudge(Recipe recipe, RunRecord record, Checklist.Program program) {
		this.recipe = recipe;
		this.record = record;
		this.program = program;
		this.gpu = gpu(record);
	}

	private static Gpu gpu(RunRecord record) {
		EnvironmentRecord environment = record.environment();
		Optional<Boolean> seen = (environment != null) ? environment.hasGpu() : Optional.empty();
		return seen.map((has) -> has ? Gpu.PRESENT : Gpu.ABSENT).orElse(Gpu.UNKNOWN);
	}

	ChecklistItem judge(Item item) {
		Finding finding = startedNoPython()
				? new Finding(Held.NOT_APPLICABLE,
						"No Python process left a record: the command started none, or one that keeps the harness out.")
				: finding(item);
		JsonNode observed = (item == Item.CHILDREN) ? new ChildrenJudge(this.record).observed() : observed(item);
		List<String> otherwise = otherwise(item);
		String why = otherwise.isEmpty() ? finding.why() : finding.why() + " On purpose otherwise than mode "
				+ this.recipe.mode().wire() + " has it: " + String.join(", ", otherwise) + ".";
		return new ChecklistItem(item, item.title(), requested(item), observed, finding.held(), why);
	}

	private List<String> otherwise(Item item) {
		return this.program.rows(item)
			.stream()
			.map(RecipeBook.Row::name)
			.filter(this.recipe.otherwise()::contains)
			.toList();
	}

	private boolean startedNoPython() {
		return this.program == Checklist.Program.COMMAND && this.record.processes().isEmpty() && !this.record.unread();
	}

	private Finding finding(Item item) {
		if (this.recipe.mode() == DeterminismMode.OFF && this.recipe.knobs().isEmpty()) {
			return new Finding(Held.NOT_APPLICABLE, "Mode off sets nothing.");
		}
		if (item == Item.CHILDREN) {
			return new ChildrenJudge(this.record).judge();
		}
		List<Knob> requested = this.recipe.knobs(item);
		if (requested.isEmpty()) {
			return new Finding(Held.NOT_APPLICABLE, notSet(item));
		}
		if (this.record.main().isEmpty()) {
			return new Finding(Held.NOT_AVAILABLE, "The main process left no record.");
		}
		if (item == Item.TORCH_CUDA && this.gpu == Gpu.ABSENT) {
			return new Finding(Held.NOT_APPLICABLE, "The state cannot be read without a GPU.");
		}
		return judge(item, requested);
	}

	private String notSet(Item item) {
		if (!otherwise(item).isEmpty()) {
			return "Nothing was requested.";
		}
		boolean byThisMode = this.program.rows(item).stream().anyMatch((row) -> this.recipe.mode().sets(row.level()));
		return "Mode " + this.recipe.mode().wire()
				+ (byThisMode ? " sets it where portable is asked for." : " does not set it.");
	}

	private Finding judge(Item item, List<Knob> requested) {
		List<Finding> findings = new ArrayList<>();
		int read = 0;
		for (ProcessRecord process : this.record.processes()) {
			KnobJudge judge = new KnobJudge(this.recipe, process, this.gpu == Gpu.ABSENT,
					this.record.isEndedFork(process));
			findings.addAll(judge.judge(item, requested));
			read += judge.hasRead() ? 1 : 0;
		}
		if (this.record.unread()) {
			findings.add(new Finding(Held.NOT_AVAILABLE, "There are more processes than are read."));
		}
		Optional<Finding> worst = first(findings, Held.NO).or(() -> first(findings, Held.NOT_AVAILABLE));
		if (worst.isPresent()) {
			return worst.get();
		}
		if (read == 0) {
			return first(findings, Held.NOT_APPLICABLE)
				.orElseGet(() -> new Finding(Held.NOT_AVAILABLE, "Nothing was read back."));
		}
		if (GPU_ONLY.contains(item) && this.gpu != Gpu.PRESENT) {
			return new Finding(Held.NOT_AVAILABLE, (this.gpu == Gpu.ABSENT)
					? "Read back as requested; that it takes effect cannot be shown without a GPU."
					: "Read back as requested; whether there was a GPU for it to take effect on is not recorded.");
		}
		String where = (read == 1) ? "" : ", in " + read + " processes";
		String also = first(findings, Held.YES).map((finding) -> " " + finding.why()).orElse("");
		return new Finding(Held.YES, "Read back as requested at the start and at the end" + where + "." + also);
	}

	private static Optional<Finding> first(List<Finding> findings, Held held) {
		return findings.stream().filter((finding) -> finding.held() == held).findFirst();
	}

	private JsonNode requested(Item item) {
		ObjectNode requested = JsonNodeFactory.instance.objectNode();
		for (Knob knob : this.recipe.knobs(item)) {
			requested.set(knob.name(), knob.value());
		}
		return requested;
	}

	private JsonNode observed(Item item) {
		ObjectNode observed = JsonNodeFactory.instance.objectNode();
		this.record.main().ifPresent((main) -> {
			for (RecipeBook.Row row : this.program.rows(item)) {
				Reading reading = main.knobs().get(row.name());
				if (reading != null) {
					ObjectNode entry = observed.putObject(row.name());
					entry.put("status", wire(reading.status()));
					entry.set("start", reading.start());
					entry.set("end", reading.end());
				}
			}
		});
		return observed;
	}

	private static String wire(Status status) {
		return switch (status) {
			case READ -> "read";
			case NOT_APPLICABLE -> "not-applicable";
			case NOT_AVAILABLE -> "not-available";
		};
	}

	/**
	 * One thing that was found, and what follows from it alone. With YES, something that
	 * is worth saying beside it.
	 */
	record Finding(Held held, String why) {
	}

	private enum Gpu {

		PRESENT, ABSENT, UNKNOWN

	}

}
