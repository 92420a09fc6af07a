package dev.reprise.diff.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

import dev.reprise.diff.engine.folder.Listings;
import dev.reprise.diff.engine.trace.TraceComparison;
import dev.reprise.diff.reader.bytes.PlainText;
import dev.reprise.diff.reader.part.Part;
import dev.reprise.diff.reader.tensor.TensorDifference;
import org.jspecify.annotations.Nullable;

/**
 * Says a verdict in one sentence: what was found, on what it rests, and which premises
 * differ.
 */
final class Summary {

	private static final int MAX_KEYS = 3;

	private static final int MAX_NAME = 200;

	private final Judgement judgement;

	private final List<Diff.Premise> premises;

	private final Diff.Coverage coverage;

	private final Seeds seeds;

	Summary(Judgement judgement, List<Diff.Premise> premises, Diff.Coverage coverage, Seeds seeds) {
		this.judgement = judgement;
		this.premises = premises;
		this.coverage = coverage;
		this.seeds = seeds;
	}

	String of(Verdict verdict) {
		String found = switch (verdict) {
			case IDENTICAL -> "Identical: " + compared() + alone() + failedAlike();
			case IDENTICAL_EXCEPT ->
				"Identical except for " + exceptions() + ": " + compared() + alone() + failedAlike();
			case WITHIN_TOLERANCE -> "Within the tolerance that was asked for: " + within();
			case DIFFERENT -> "Different: " + difference();
			case NOT_COMPARABLE ->
				"Not comparable: no output path is in common (" + count(outputs().leftPaths(), "output")
						+ " on the left, " + count(outputs().rightPaths(), "output") + " on the right)";
			case INCONCLUSIVE -> "Inconclusive: " + inconclusive();
		};
		return found + explanation(verdict) + ".";
	}

	private OutputsComparison outputs() {
		return this.judgement.outputs();
	}

	private String compared() {
		if (this.coverage.steps() == 0) {
			return comparedOutputs();
		}
		return "over " + steps() + " (" + count(this.coverage.columns(), "column") + ")"
				+ ((this.coverage.outputs() > 0) ? " and " + comparedOutputs() : "");
	}

	private String comparedOutputs() {
		String tensors = (this.coverage.tensors() > 0) ? ", " + count(this.coverage.tensors(), "tensor") : "";
		return count(this.coverage.outputs(), "output") + ", " + count(this.coverage.bytes(), "byte") + tensors;
	}

	private String steps() {
		long processes = traces().compared();
		return count(this.coverage.steps(), "step") + ((processes > 1) ? " of " + count(processes, "process") : "");
	}

	/**
	 * A trace is what the process says of itself; who rests on it alone is told.
	 */
	private String alone() {
		return this.judgement.byTracesAlone() ? ", by the processes' own traces alone, since no output was compared"
				: "";
	}

	private String within() {
		List<String> parts = new ArrayList<>();
		if (outputs().different() > 0) {
			parts.add(differing());
		}
		if (traces().rowsDiffer()) {
			parts.add("the traces differ " + parting() + ", which no tolerance can be applied to");
		}
		return String.join("; ", parts) + ", of " + compared();
	}

	private TraceComparison traces() {
		return this.judgement.traces();
	}

	/**
	 * Where the traces part: {@code from step 812 on, in the gradient of conv2.weight}.
	 */
	private String parting() {
		TraceComparison.Located located = traces().parting();
		return (located == null) ? "" : "from step " + number(located.parting().step()) + " on, in the "
				+ located.column() + process(located);
	}

	private static String process(TraceComparison.Located located) {
		Integer rank = located.rank();
		return (rank != null) ? " of rank " + rank
				: located.process().equals("main") ? "" : " of process " + located.process();
	}

	private String failedAlike() {
		String ended = this.judgement.end().ended();
		return (ended != null && ended.equals("FAILED")) ? "; both ended alike, " + this.judgement.end().left() : "";
	}

	private String exceptions() {
		List<String> exceptions = new ArrayList<>();
		long paired = outputs().excepted("PAIRED_NAME");
		long outside = outputs().excepted("OUTSIDE_PATTERNS");
		long refused = outputs().excepted("REFUSED");
		if (paired > 0) {
			exceptions.add(count(paired, "name") + " paired by rule");
		}
		List<Result.Excepted> setApart = outputs().result()
			.excepted()
			.stream()
			.filter((entry) -> entry.kind().equals(Result.Excepted.SET_APART))
			.toList();
		if (!setApart.isEmpty()) {
			exceptions.add("what is set apart in " + brief(setApart.getFirst().path()) + ", "
					+ brief(setApart.getFirst().detail())
					+ ((setApart.size() > 1) ? ", and in " + count(setApart.size() - 1, "other output") : ""));
		}
		if (outside > 0) {
			exceptions.add(count(outside, "file") + " outside the patterns");
		}
		if (refused > 0) {
			exceptions.add(count(refused, "refused file"));
		}
		if (outputs().ignored() > 0) {
			exceptions.add(count(outputs().ignored(), "ignored path"));
		}
		List<String> ofTraces = traces().excepted();
		if (!ofTraces.isEmpty()) {
			exceptions.add("what of the traces was not compared (" + brief(ofTraces.getFirst())
					+ ((ofTraces.size() > 1) ? "; and " + (ofTraces.size() - 1) + " more" : "") + ")");
		}
		return String.join(" and ", exceptions);
	}

	private String difference() {
		if (!Boolean.TRUE.equals(this.judgement.end().same())) {
			return "the left side ended " + this.judgement.end().left() + ", the right side "
					+ this.judgement.end().right() + (traces().rowsDiffer() ? "; the traces part " + parting() : "");
		}
		List<String> parts = new ArrayList<>();
		if (traces().rowsDiffer()) {
			parts.add(parting());
		}
		else if (this.judgement.lengthsDiffer()) {
			parts.add(TraceResult.words(traces().lengths().getFirst()));
		}
		if (outputs().different() > 0) {
			parts.add(differing());
		}
		else if (outputs().compared() > 0) {
			parts.add("all outputs are equal");
		}
		return String.join("; ", parts);
	}

	private String differing() {
		List<FileDifference> all = outputs().result().differences().stream().filter(FileDifference::counts).toList();
		FileDifference first = all.stream()
			.filter((difference) -> !Boolean.TRUE.equals(difference.within()))
			.min(Comparator.comparingInt(Summary::rank))
			.orElse(all.getFirst());
		int others = outputs().different() - 1;
		String right = first.rightPath();
		return brief(first.path()) + ((right != null) ? " (on the right " + brief(right) + ")" : "") + detail(first)
				+ ((others > 0) ? ", and " + count(others, "other output") : "");
	}

	/**
	 * A file of which a tensor or a part can be named says more than one of which only a
	 * byte can.
	 */
	private static int rank(FileDifference difference) {
		List<TensorDifference> tensors = difference.tensors();
		return ((tensors != null && !tensors.isEmpty()) || anyPart(difference)) ? 0 : 1;
	}

	private static boolean anyPart(FileDifference difference) {
		return difference.parts() != null && !difference.parts().isEmpty();
	}

	private static String detail(FileDifference difference) {
		return switch (difference.kind()) {
			case MISSING_LEFT -> " is missing on the left";
			case MISSING_RIGHT -> " is missing on the right";
			case MODE -> ", whose execute bit differs";
			case METADATA -> ", whose tensors are equal and whose metadata differs";
			case LAYOUT, HEADER_ORDER ->
				(difference.parts() != null) ? ", whose content is equal and written otherwise" + setApart(difference)
						: ", whose arrays are equal and laid out otherwise";
			case CONTENT -> content(difference) + setApart(difference);
		};
	}

	private static String content(FileDifference difference) {
		List<TensorDifference> tensors = difference.tensors();
		if (tensors != null && !tensors.isEmpty()) {
			return ", first in " + tensor(tensors.getFirst());
		}
		if (difference.parts() != null && !difference.parts().isEmpty()) {
			return ", first in " + part(difference.parts().getFirst());
		}
		if (difference.text() != null) {
			return ", first in line " + number(difference.text().firstLine());
		}
		return (difference.firstByte() != null) ? ", first at byte " + number(difference.firstByte()) : "";
	}

	private static String part(Part part) {
		if (part.left() == null && part.right() == null) {
			return brief(part.part());
		}
		String values = (part.left() == null) ? part.right() + " on the right only" : (part.right() == null)
				? part.left() + " on the left only" : part.left() + " on the left, " + part.right() + " on the right";
		return brief(part.part()) + " (" + values + ")";
	}

	private static String setApart(FileDifference difference) {
		return (difference.setApart() != null) ? " (set apart: " + brief(difference.setApart().getFirst().what())
				+ ((difference.setApart().size() > 1) ? " and more" : "") + ")" : "";
	}

	private static String tensor(TensorDifference difference) {
		return switch (difference) {
			case TensorDifference.Values values -> brief(values.name()) + " (" + number(values.different()) + " of "
					+ count(values.of(), "element") + largest(values.maxAbs()) + ")";
			case TensorDifference.Forms forms -> brief(forms.name()) + " (" + form(forms.left()) + " on the left, "
					+ form(forms.right()) + " on the right)";
			case TensorDifference.OneSide one -> brief(one.name()) + " (only on the " + one.only() + ")";
		};
	}

	private static String form(TensorDifference.Form form) {
		return form.dtype() + " " + form.shape();
	}

	private static String largest(@Nullable Double maxAbs) {
		return (maxAbs != null) ? String.format(Locale.ROOT, ", largest difference %.2g", maxAbs) : "";
	}

	private String inconclusive() {
		Ends ends = this.judgement.ends();
		if (!ends.known()) {
			return this.judgement.gaps().getFirst();
		}
		if (ends.cutShort()) {
			return cutShort(ends);
		}
		String equal = (outputs().compared() > 0) ? equalTraces() + "; " + equalOutputs() : equalTraces();
		if (!this.judgement.gaps().isEmpty()) {
			int others = this.judgement.gaps().size() - 1;
			return this.judgement.gaps().getFirst() + ((others > 0) ? " (and " + others + " more)" : "") + equal;
		}
		if (!outputs().notJudged().isEmpty()) {
			return outputs().notJudged().getFirst() + equal;
		}
		if (outputs().leftPaths() == 0 && outputs().rightPaths() == 0) {
			return ((this.coverage.steps() > 0)
					? "nothing that was compared ever changed (" + compared() + "), and neither side left a file"
					: "nothing was compared, since neither side left a file")
					+ " (logs are not compared: let the program write its results into a file)";
		}
		return (outputs().compared() == 0) ? "nothing was compared" : "only empty files were compared";
	}

	private String cutShort(Ends ends) {
		List<String> sides = new ArrayList<>();
		if (ends.left() != null && ends.left().cutShort()) {
			sides.add("the left side " + ends.left().inWords());
		}
		if (ends.right() != null && ends.right().cutShort()) {
			sides.add("the right side " + ends.right().inWords());
		}
		return String.join(", ", sides) + equalTraces() + "; " + equalOutputs()
				+ ((outputs().different() > 0) ? ", which a run that was cut short does not prove" : "");
	}

	private String equalTraces() {
		Long through = traces().equalThrough();
		if (traces().rowsDiffer() || this.coverage.steps() == 0) {
			return "";
		}
		return "; the traces are equal " + ((through != null) ? "through step " + number(through) : "over " + steps());
	}

	private String equalOutputs() {
		int different = outputs().different();
		if (outputs().compared() == 0 && different == 0) {
			return "no output was compared";
		}
		return (different == 0) ? "what was compared is equal (" + comparedOutputs() + ")"
				: count(different, "output") + ((different == 1) ? " differs" : " differ");
	}

	private String explanation(Verdict verdict) {
		boolean although = verdict == Verdict.IDENTICAL || verdict == Verdict.IDENTICAL_EXCEPT;
		List<String> parts = new ArrayList<>();
		Set<String> derived = Derived.keys(this.premises);
		for (Diff.Premise premise : byWeight()) {
			List<String> keys = new ArrayList<>(premise.differences()
				.stream()
				.map(Diff.KeyDifference::key)
				.filter((key) -> premise.layer() != Layer.RECIPE || !Derived.isDerived(key, derived))
				.sorted(Comparator.comparingInt((String key) -> Causes.rank(premise.layer(), key)))
				.toList());
			if (although && premise.layer() == Layer.SETTINGS && keys.remove("seed")) {
				parts.add(this.seeds.any() ? "the seed differs: the seed had no effect, " + this.seeds.setTheirOwn()
						: "the seed differs: nothing that was compared depends on it");
			}
			String found = overwritten(premise);
			if (found != null && keys.size() == 1) {
				keys.set(0, Listings.OVERWRITTEN + ": " + found);
			}
			if (!keys.isEmpty()) {
				parts.add(word(premise.layer()) + " (" + some(keys, premise.leftOut()) + ")");
			}
		}
		if (parts.isEmpty()) {
			return (verdict == Verdict.DIFFERENT) ? "; nothing that went in is known to differ" : "";
		}
		return (although ? ", although " : "; ") + String.join(", and ", parts);
	}

	private static @Nullable String overwritten(Diff.Premise premise) {
		return premise.differences()
			.stream()
			.filter((difference) -> premise.layer() == Layer.INPUTS && difference.key().equals(Listings.OVERWRITTEN))
			.map(Diff.KeyDifference::note)
			.filter(Objects::nonNull)
			.findFirst()
			.orElse(null);
	}

	/**
	 * First what is most likely to matter.
	 */
	private List<Diff.Premise> byWeight() {
		return this.premises.stream()
			.sorted(Comparator.comparingInt((Diff.Premise premise) -> premise.differences()
				.stream()
				.mapToInt((difference) -> Causes.rank(premise.layer(), difference.key()))
				.min()
				.orElse(0)))
			.toList();
	}

	private static String word(Layer layer) {
		return switch (layer) {
			case CODE -> "code changed";
			case SETTINGS, INPUTS -> layer.word() + " differ";
			case RECIPE -> "the observed recipe differs";
			default -> "the " + layer.word() + " differs";
		};
	}

	private static String some(List<String> keys, int leftOut) {
		int others = keys.size() + leftOut - Math.min(keys.size(), MAX_KEYS);
		String shown = keys.stream().limit(MAX_KEYS).map(Summary::brief).collect(Collectors.joining(", "));
		return (others > 0) ? shown + " and " + number(others) + " more" : shown;
	}

	private static String brief(String name) {
		return PlainText.of(name, MAX_NAME);
	}

	private static String count(long count, String what) {
		return number(count) + " " + what + ((count == 1) ? "" : what.endsWith("s") ? "es" : "s");
	}

	private static String number(long number) {
		return String.format(Locale.ROOT, "%,d", number);
	}

}
