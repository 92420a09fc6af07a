package dev.reprise.diff;

import java.util.List;

import dev.reprise.diff.engine.Comparison;
import dev.reprise.http.ObjectReader;

/**
 * Reads the field {@code compare} of a request.
 */
public final class ComparisonReader {

	private ComparisonReader() {
	}

	/**
	 * Reads it, noting what is wrong; absent, everything is compared bit by bit.
	 */
	public static Comparison read(ObjectReader request) {
		ObjectReader compare = request.object("compare");
		if (compare == null) {
			return Comparison.EXACT;
		}
		int ulps = (int) compare.integer("ulps", 0, 0, Integer.MAX_VALUE, "give a whole number from 0 to 2147483647");
		double rtol = compare.amount("rtol", 0);
		double atol = compare.amount("atol", 0);
		List<String> ignore = compare.texts("ignore", List.of(), Comparison.MAX_IGNORE, 256);
		compare.refuseUnknown();
		try {
			return new Comparison(ulps, rtol, atol, ignore);
		}
		catch (IllegalArgumentException ex) {
			request.wrong("compare", "cannot be used: " + ex.getMessage(), "mend that field");
			return Comparison.EXACT;
		}
	}

}
