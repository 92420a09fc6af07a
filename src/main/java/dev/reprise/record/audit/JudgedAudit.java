package dev.reprise.record.audit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * The audits of a run, with what is documented of each operator on a GPU.
 *
 * @param outcome whether strict would pass there, as far as is documented
 * @param summary the same in a sentence
 * @param torchVersion of the process that was audited first, null where it is not known
 * @param source what the answers rest on
 * @param operators those of all processes, those that refuse first
 * @param incomplete what was not seen, as sentences
 */
public record JudgedAudit(Outcome outcome, String summary, @Nullable String torchVersion, String source,
		List<Line> operators, List<String> incomplete) {

	private static final int MAX_NAMED = 10;

	private static final String CAVEAT = " This is what torch documents, not confirmed on a GPU.";

	/**
	 * Copies what it is given.
	 */
	public JudgedAudit {
		operators = List.copyOf(operators);
		incomplete = List.copyOf(incomplete);
	}

	/**
	 * Judges the audits of one run.
	 */
	public static JudgedAudit of(List<Audit> audits) {
		List<Line> lines = new ArrayList<>();
		List<String> incomplete = new ArrayList<>();
		String torch = null;
		String source = OperationTable.bundled().source();
		for (Audit audit : audits) {
			Judge judge = new Judge(OperationTable.bundled(), audit.torch());
			torch = (torch != null) ? torch : audit.torch();
			source = judge.source();
			lines.addAll(judge.lines(audit));
			audit.incomplete().forEach((why) -> incomplete.add(audit.process() + ": " + why));
		}
		if (audits.isEmpty()) {
			incomplete.add("No process left an audit.");
		}
		lines.sort(Comparator.comparing(Line::onGpu).reversed());
		Outcome outcome = outcome(lines, incomplete);
		return new JudgedAudit(outcome, summary(outcome, lines, incomplete), torch, source, lines, incomplete);
	}

	private static Outcome outcome(List<Line> lines, List<String> incomplete) {
		if (lines.stream().anyMatch((line) -> line.onGpu() == OnGpu.DOCUMENTED_TO_REFUSE)) {
			return Outcome.REFUSES;
		}
		boolean unknown = lines.stream().anyMatch((line) -> line.onGpu() == OnGpu.UNKNOWN);
		return (unknown || !incomplete.isEmpty()) ? Outcome.UNKNOWN : Outcome.PASSES;
	}

	private static String summary(Outcome outcome, List<Line> lines, List<String> incomplete) {
		return switch (outcome) {
			case REFUSES -> "On a GPU strict would refuse " + named(lines, OnGpu.DOCUMENTED_TO_REFUSE) + "." + CAVEAT;
			case PASSES -> "On a GPU strict would pass." + CAVEAT;
			case UNKNOWN -> {
				String named = named(lines, OnGpu.UNKNOWN);
				yield "Whether strict would pass on a GPU is not known: " + (named.isEmpty()
						? String.valueOf(incomplete.getFirst()) : "nothing decides it for " + named + ".") + CAVEAT;
			}
		};
	}

	private static String named(List<Line> lines, OnGpu onGpu) {
		List<String> names = lines.stream()
			.filter((line) -> line.onGpu() == onGpu)
			.map((line) -> line.name() + ((line.place() != null) ? " (" + line.place() + ")" : ""))
			.distinct()
			.toList();
		String first = String.join(", ", names.subList(0, Math.min(names.size(), MAX_NAMED)));
		return (names.size() > MAX_NAMED) ? first + " and " + (names.size() - MAX_NAMED) + " more" : first;
	}

	/**
	 * Whether strict would pass on a GPU.
	 */
	public enum Outcome {

		PASSES, REFUSES, UNKNOWN;

		/**
		 * As it is written.
		 */
		public String wire() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

	/**
	 * An operator or a function with its answer.
	 *
	 * @param process that used it
	 * @param name of it
	 * @param phase of the step
	 * @param count how often
	 * @param place of its first use in the program
	 * @param onGpu what is documented
	 * @param condition under which that is so, or why it is not known
	 */
	public record Line(String process, String name, String phase, long count, @Nullable String place, OnGpu onGpu,
			@Nullable String condition) {
	}

	/**
	 * Judges what one version of torch did.
	 */
	private static final class Judge {

		private final OperationTable table;

		private final @Nullable String torch;

		private final List<TorchVersion> judgedBy;

		Judge(OperationTable table, @Nullable String torch) {
			this.table = table;
			this.torch = torch;
			this.judgedBy = table.judgedBy(TorchVersion.of(torch));
		}

		String source() {
			String source = this.table.source();
			TorchVersion version = TorchVersion.of(this.torch);
			if (this.judgedBy.isEmpty() || version == null) {
				return source + "; of this version of torch nothing is described";
			}
			String described = String.join(" and ", this.judgedBy.stream().map(TorchVersion::toString).toList());
			return source + ", of torch " + described
					+ (this.judgedBy.contains(version) ? "" : ", since torch " + version + " is not described itself");
		}

		List<Line> lines(Audit audit) {
			Stream<Line> operators = audit.operators().stream().map((operator) -> line(audit.process(), operator));
			Stream<Line> functions = audit.functions()
				.stream()
				.filter((function) -> this.table.rules().containsKey(function.name()))
				.map((function) -> line(audit.process(), new Audit.Operator(function.name(), function.phase(),
						function.count(), function.place(), List.of(), Map.of())));
			return Stream.concat(operators, functions).toList();
		}

		private Line line(String process, Audit.Operator operator) {
			OnGpu worst = OnGpu.DETERMINISTIC;
			String condition = null;
			String name = operator.name();
			List<OperationTable.Rule> rules = new ArrayList<>(this.table.rules().getOrDefault(name, List.of()));
			rules.addAll(this.table.rules().getOrDefault(withoutOverload(name), List.of()));
			if (this.judgedBy.isEmpty()) {
				worst = OnGpu.UNKNOWN;
				condition = "of this version of torch nothing is described";
			}
			else if (rules.isEmpty() && !name.startsWith("aten.")) {
				worst = OnGpu.UNKNOWN;
				condition = "no operator of torch itself";
			}
			else if (this.judgedBy.stream()
				.anyMatch((version) -> this.table.random().getOrDefault(name, Set.of()).contains(version))) {
				worst = OnGpu.DRAWS_RANDOM_NUMBERS;
			}
			for (OperationTable.Rule rule : rules) {
				if (rule.when() != null && !rule.when().holds(operator)) {
					continue;
				}
				OnGpu answer = answer(rule);
				if (answer.compareTo(worst) > 0 || (answer == worst && condition == null)) {
					worst = answer;
					condition = condition(rule, answer);
				}
			}
			return new Line(process, name, operator.phase(), operator.count(), operator.place(), worst, condition);
		}

		private OnGpu answer(OperationTable.Rule rule) {
			List<OnGpu> answers = this.judgedBy.stream()
				.map((version) -> rule.answers().getOrDefault(version, OnGpu.UNKNOWN))
				.distinct()
				.toList();
			return (answers.size() == 1) ? answers.getFirst() : OnGpu.UNKNOWN;
		}

		private @Nullable String condition(OperationTable.Rule rule, OnGpu answer) {
			String condition = rule.condition();
			if (answer == OnGpu.DETERMINISTIC && Set.copyOf(rule.answers().values()).size() > 1) {
				return null; // of versions in which it was not
			}
			if (answer == OnGpu.UNKNOWN && this.judgedBy.size() > 1) {
				List<String> answers = this.judgedBy.stream()
					.map((version) -> "torch " + version + ": "
							+ rule.answers().getOrDefault(version, OnGpu.UNKNOWN).wire())
					.toList();
				return String.join(", ", answers) + ((condition != null) ? "; " + condition : "");
			}
			return condition;
		}

		private static String withoutOverload(String name) {
			int dot = name.lastIndexOf('.');
			return (dot > 0) ? name.substring(0, dot) : name;
		}

	}

}
