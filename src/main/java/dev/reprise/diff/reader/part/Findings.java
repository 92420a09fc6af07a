package dev.reprise.diff.reader.part;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.reprise.diff.reader.bytes.PlainText;
import dev.reprise.diff.reader.tensor.Tolerance;

import org.jspecify.annotations.Nullable;

/**
 * What a reader finds in two files, within bounds: what is beyond them is counted.
 */
public final class Findings {

	/**
	 * Most parts that are reported for a file.
	 */
	public static final int MAX_PARTS = 1000;

	/**
	 * Most kinds of fields that are named as set apart; others are counted as one.
	 */
	public static final int MAX_SET_APART = 16;

	private static final int MAX_NAME = 256;

	private static final int MAX_VALUE = 100;

	private static final String OTHERS = "further fields";

	private final Tolerance tolerance;

	private final List<Part> parts = new ArrayList<>();

	private final Map<String, SetApart> setApart = new LinkedHashMap<>();

	private long leftOut;

	private boolean otherLayout;

	private boolean unexplained;

	private @Nullable String notRead;

	private boolean within;

	public Findings(Tolerance tolerance) {
		this.tolerance = tolerance;
		this.within = tolerance.asked();
	}

	/**
	 * A part that differs and that no tolerance covers.
	 * @param left null where the left side has no such part
	 * @param right null where the right side has none
	 */
	public void differs(String part, @Nullable String left, @Nullable String right) {
		add(part, left, right, false);
	}

	/**
	 * A part that differs.
	 * @param covered whether the tolerance that was asked for covers it
	 */
	public void differs(String part, @Nullable String left, @Nullable String right, boolean covered) {
		add(part, left, right, covered);
	}

	/**
	 * Two numbers whose writing differs: another value, or the same written otherwise.
	 */
	public void numbers(String part, Numeral left, Numeral right) {
		if (left.sameValue(right)) {
			otherLayout();
		}
		else {
			boolean exact = left.integer() && right.integer();
			add(part, left.text(), right.text(),
					!exact && covers(left.value(), right.value(), Ulps.between(left.value(), right.value())));
		}
	}

	/**
	 * Two numbers of 32 bits that are not the same bit by bit.
	 */
	public void floats(String part, float left, float right) {
		add(part, Float.toString(left), Float.toString(right), covers(left, right, Ulps.between(left, right)));
	}

	/**
	 * Two numbers of 64 bits that are not the same bit by bit.
	 */
	public void doubles(String part, double left, double right) {
		add(part, Double.toString(left), Double.toString(right), covers(left, right, Ulps.between(left, right)));
	}

	private boolean covers(double left, double right, long ulps) {
		if (!this.tolerance.asked()) {
			return false;
		}
		if (Double.isNaN(left) || Double.isNaN(right)) {
			return Double.isNaN(left) && Double.isNaN(right);
		}
		if (Double.isInfinite(left) || Double.isInfinite(right)) {
			return left == right;
		}
		return this.tolerance.allows(Math.abs(left - right), right, ulps);
	}

	private void add(String part, @Nullable String left, @Nullable String right, boolean covered) {
		this.within &= covered;
		if (this.parts.size() < MAX_PARTS) {
			this.parts.add(new Part(PlainText.of(part, MAX_NAME), shown(left), shown(right), covered));
		}
		else {
			this.leftOut++;
		}
	}

	/**
	 * A field of a known format that differs and is not judged.
	 * @param left null where the left side has none
	 * @param right null where the right side has none
	 */
	public void setApart(String what, @Nullable String left, @Nullable String right) {
		setApart(new SetApart(PlainText.of(what, MAX_NAME), 1, shown(left), shown(right)));
	}

	private void setApart(SetApart field) {
		String name = (this.setApart.size() < MAX_SET_APART || this.setApart.containsKey(field.what())) ? field.what()
				: OTHERS;
		this.setApart.merge(name, new SetApart(name, field.count(), field.left(), field.right()),
				(first, more) -> new SetApart(name, first.count() + more.count(), first.left(), first.right()));
	}

	/**
	 * The same is written in another way.
	 */
	public void otherLayout() {
		this.otherLayout = true;
	}

	/**
	 * Bytes differ of which no part can be named.
	 */
	public void unexplained() {
		this.unexplained = true;
	}

	/**
	 * A file is not read further.
	 * @param why in a sentence's second half; the first reason stays
	 */
	public void notRead(String why) {
		this.notRead = (this.notRead != null) ? this.notRead : why;
	}

	/**
	 * Takes in what was found in a file that lies in these.
	 * @param name of that file
	 */
	public void within(String name, PartsComparison inner) {
		for (Part part : inner.parts()) {
			add(name + ": " + part.part(), part.left(), part.right(), part.within());
		}
		this.leftOut += inner.leftOut();
		this.within &= inner.within();
		inner.setApart()
			.forEach((field) -> setApart(new SetApart(PlainText.of(name + ": " + field.what(), MAX_NAME), field.count(),
					field.left(), field.right())));
		this.otherLayout |= inner.otherLayout();
		this.unexplained |= inner.unexplained();
		if (inner.notRead() != null) {
			notRead(PlainText.of(name, MAX_NAME) + " in it was not read: " + inner.notRead());
		}
	}

	/**
	 * How many parts were found that differ.
	 */
	public long parts() {
		return this.parts.size() + this.leftOut;
	}

	/**
	 * What was found in files whose bytes differ: where that is nothing at all, the
	 * difference is one that the reader did not see.
	 */
	public PartsComparison result() {
		boolean nothing = this.parts.isEmpty() && this.setApart.isEmpty() && !this.otherLayout && this.notRead == null;
		boolean unseen = this.unexplained || nothing;
		return new PartsComparison(this.parts, this.leftOut, List.copyOf(this.setApart.values()), this.otherLayout,
				unseen, this.notRead, this.within && !unseen && this.notRead == null);
	}

	private static @Nullable String shown(@Nullable String value) {
		return (value != null) ? PlainText.of(value, MAX_VALUE) : null;
	}

}
