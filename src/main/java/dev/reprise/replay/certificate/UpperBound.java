package dev.reprise.replay.certificate;

/**
 * The largest chance of an event that is still to be believed after some trials: the
 * exact upper bound of Clopper and Pearson, one-sided. It is the chance at which seeing
 * no more of the event than was seen would be as rare as one minus the confidence, by the
 * binomial distribution itself and no approximation of it.
 *
 * @see <a href="https://doi.org/10.1093/biomet/26.4.404">C. J. Clopper and E. S. Pearson,
 * The use of confidence or fiducial limits illustrated in the case of the binomial,
 * Biometrika 26 (1934), 404-413</a>
 */
final class UpperBound {

	/**
	 * More than the digits that a double has.
	 */
	private static final int HALVINGS = 80;

	private UpperBound() {
	}

	/**
	 * The bound.
	 * @param trials how many there were, 0 or more
	 * @param events in how many of them the event came, 0 to {@code trials}
	 * @param confidence between 0 and 1, both excluded
	 * @return 0 to 1, not below the exact value by more than 1e-12; 1 where every trial
	 * had the event, or there was none
	 * @throws IllegalArgumentException if a number is out of its range
	 */
	static double of(int trials, int events, double confidence) {
		if (trials < 0 || events < 0 || events > trials || !(confidence > 0 && confidence < 1)) {
			throw new IllegalArgumentException(events + " events in " + trials + " trials, confidence " + confidence);
		}
		if (events == trials) {
			return 1;
		}
		if (events == 0) {
			return -Math.expm1(Math.log1p(-confidence) / trials);
		}
		double low = 0;
		double high = 1;
		for (int i = 0; i < HALVINGS; i++) {
			double middle = (low + high) / 2;
			if (atMost(events, trials, middle) > 1 - confidence) {
				low = middle;
			}
			else {
				high = middle;
			}
		}
		return high;
	}

	/**
	 * The chance of at most so many events, the sum of the binomial's first terms, each
	 * from the logarithm of the one before: a term itself may be too small for a double
	 * where the sum is not.
	 */
	private static double atMost(int events, int trials, double chance) {
		double odds = Math.log(chance) - Math.log1p(-chance);
		double term = trials * Math.log1p(-chance);
		double sum = Math.exp(term);
		for (int i = 1; i <= events; i++) {
			term += Math.log(trials - i + 1.0) - Math.log(i) + odds;
			sum += Math.exp(term);
		}
		return sum;
	}

}
