package dev.reprise.cli.bench;

import java.util.List;

/**
 * One ratio with what it rests on.
 *
 * @param title what is compared
 * @param figure the name of the figure
 * @param median of the figure over all pairs
 * @param spread its least and most
 * @param pairs how many pairs it rests on
 * @param target in words
 * @param met whether the median meets it
 * @param bars the sides, drawn beside each other
 * @param notes what else was seen, a line each
 */
record Measurement(String title, String figure, String median, String spread, int pairs, String target, boolean met,
		List<Bar> bars, List<String> notes) {

	Measurement {
		bars = List.copyOf(bars);
		notes = List.copyOf(notes);
	}

	/**
	 * One side.
	 *
	 * @param label whose it is
	 * @param value what the length of the bar stands for
	 * @param text the value with its unit
	 */
	record Bar(String label, double value, String text) {
	}

}
