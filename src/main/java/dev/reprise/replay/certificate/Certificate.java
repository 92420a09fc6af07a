package dev.reprise.replay.certificate;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import dev.reprise.diff.engine.Verdict;
import io.swagger.v3.oas.annotations.media.Schema;

/**
 * What the replays of a run say together. The bound takes replays for independent draws
 * under the same conditions. It counts every judged replay that was not shown to be
 * {@code IDENTICAL} as if it differed, so that what could not be judged never makes it
 * smaller.
 *
 * @param replays how many were asked for, controls apart
 * @param identical how many are {@code IDENTICAL}: the only ones that count as success
 * @param identicalExcept how many are {@code IDENTICAL_EXCEPT}
 * @param withinTolerance how many are {@code WITHIN_TOLERANCE}
 * @param different how many are {@code DIFFERENT}
 * @param notComparable how many are {@code NOT_COMPARABLE}
 * @param inconclusive how many are {@code INCONCLUSIVE}
 * @param pending how many are not judged yet, of which the bound knows nothing
 * @param machines the distinct ones on which those that were judged ran
 * @param machinesUnknown of how many that were judged no record names the machine
 * @param loads the distinct ones beside which those that were judged ran
 * @param upperBound95 the exact upper 95 % bound, 0 to 1, on the chance that the next
 * replay is not identical; 1 while none is judged
 * @param statement the whole in words
 */
@Schema(name = "Certificate")
public record Certificate(int replays, int identical, int identicalExcept, int withinTolerance, int different,
		int notComparable, int inconclusive, int pending, List<MachineSeen> machines, int machinesUnknown,
		List<String> loads, double upperBound95, String statement) {

	/**
	 * How sure the bound is.
	 */
	public static final double CONFIDENCE = 0.95;

	/**
	 * Copies.
	 */
	public Certificate {
		machines = List.copyOf(machines);
		loads = List.copyOf(loads);
	}

	/**
	 * The certificate over replays.
	 */
	public static Certificate over(List<Judged> replays) {
		List<Judged> judged = replays.stream().filter((one) -> one.verdict() != null).toList();
		int identical = count(judged, Verdict.IDENTICAL);
		List<MachineSeen> machines = judged.stream().map(Judged::machine).filter(Objects::nonNull).distinct().toList();
		int unknown = (int) judged.stream().filter((one) -> one.machine() == null).count();
		List<String> loads = judged.stream().map(Judged::load).map(Certificate::named).distinct().sorted().toList();
		double bound = UpperBound.of(judged.size(), judged.size() - identical, CONFIDENCE);
		Certificate counted = new Certificate(replays.size(), identical, count(judged, Verdict.IDENTICAL_EXCEPT),
				count(judged, Verdict.WITHIN_TOLERANCE), count(judged, Verdict.DIFFERENT),
				count(judged, Verdict.NOT_COMPARABLE), count(judged, Verdict.INCONCLUSIVE),
				replays.size() - judged.size(), machines, unknown, loads, bound, "");
		return new Certificate(counted.replays, identical, counted.identicalExcept, counted.withinTolerance,
				counted.different, counted.notComparable, counted.inconclusive, counted.pending, machines, unknown,
				loads, bound, counted.inWords());
	}

	private static int count(List<Judged> judged, Verdict verdict) {
		return (int) judged.stream().filter((one) -> one.verdict() == verdict).count();
	}

	private static String named(@org.jspecify.annotations.Nullable String load) {
		return (load != null) ? load : "not known";
	}

	private String inWords() {
		int judged = this.replays - this.pending;
		String waiting = (this.pending > 0) ? " " + this.pending + " more are not judged yet." : "";
		if (judged == 0) {
			return "No replay is judged yet, so that nothing is known of the next one." + waiting;
		}
		List<String> others = new ArrayList<>();
		add(others, this.identicalExcept, "identical but for what its diff lists");
		add(others, this.withinTolerance, "within the tolerance");
		add(others, this.different, "different");
		add(others, this.notComparable, "not comparable");
		add(others, this.inconclusive, "inconclusive");
		String counted = others.isEmpty() ? ""
				: " (" + String.join(", ", others) + ((others.size() == 1 && this.different > 0) ? ")"
						: "; each that is not identical counts as one that differs)");
		return this.identical + " of " + judged + ((judged == 1) ? " replay" : " replays") + " identical" + counted
				+ ", on these machines, under these loads: with 95 % confidence, the chance that the next one differs"
				+ " is at most " + percent(this.upperBound95) + "." + waiting;
	}

	private static void add(List<String> words, int count, String what) {
		if (count > 0) {
			words.add(count + " " + what);
		}
	}

	/**
	 * Rounded up, so that the words never promise more than the number.
	 */
	static String percent(double chance) {
		BigDecimal exact = BigDecimal.valueOf(chance).movePointRight(2);
		int digits = (chance >= 0.01) ? 1 : 3;
		return exact.setScale(digits, RoundingMode.CEILING).stripTrailingZeros().toPlainString() + " %";
	}

}
