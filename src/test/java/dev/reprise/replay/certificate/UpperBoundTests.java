package dev.reprise.replay.certificate;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

/**
 * The bound on the chance that the next replay differs.
 */
class UpperBoundTests {

	/**
	 * By the regularised incomplete beta function, inverted with 40 digits (mpmath 1.3).
	 */
	@ParameterizedTest
	@CsvSource({ "1, 0, 0.95", "3, 0, 0.63159685013596134", "3, 1, 0.86464963782841622", "3, 2, 0.9830475724915585",
			"10, 0, 0.25886555089305228", "10, 1, 0.39416330243650478", "20, 0, 0.1391083406682652",
			"20, 4, 0.40102811733197464", "30, 5, 0.31897118194731508", "100, 0, 0.029513049607039935",
			"100, 1, 0.046559811453538946", "100, 10, 0.16371762327581479", "1000, 3, 0.0077352447184794597",
			"1000, 999, 0.99994870802109098" })
	void isThatOfTheBetaDistribution(int trials, int events, double bound) {
		assertThat(UpperBound.of(trials, events, 0.95)).isCloseTo(bound, within(1e-11));
	}

	/**
	 * NIST/SEMATECH e-Handbook of Statistical Methods, 7.2.4.1: of 20 items 4 are
	 * defective, two-sided 90 %, so 95 % from above: 0.401029, printed to six digits.
	 */
	@Test
	void isWhatTheHandbookPrints() {
		assertThat(UpperBound.of(20, 4, 0.95)).isCloseTo(0.401029, within(2e-6));
	}

	/**
	 * By the definition, in exact arithmetic: at the bound the chance of no more events
	 * than were seen is 5 %, just below it more, just above it less.
	 */
	@ParameterizedTest
	@CsvSource({ "1, 0", "2, 1", "3, 0", "7, 3", "12, 11", "50, 1", "100, 37", "250, 249", "400, 0" })
	void fulfilsItsDefinition(int trials, int events) {
		double bound = UpperBound.of(trials, events, 0.95);
		assertThat(atMost(events, trials, bound - 1e-9)).isGreaterThan(new BigDecimal("0.05"));
		assertThat(atMost(events, trials, bound + 1e-9)).isLessThan(new BigDecimal("0.05"));
	}

	private static BigDecimal atMost(int events, int trials, double chance) {
		BigDecimal p = new BigDecimal(chance);
		BigDecimal q = BigDecimal.ONE.subtract(p);
		MathContext digits = new MathContext(60);
		BigDecimal sum = BigDecimal.ZERO;
		BigInteger ways = BigInteger.ONE;
		for (int i = 0; i <= events; i++) {
			BigDecimal term = p.pow(i, digits).multiply(q.pow(trials - i, digits), digits);
			sum = sum.add(term.multiply(new BigDecimal(ways), digits), digits);
			ways = ways.multiply(BigInteger.valueOf(trials - i)).divide(BigInteger.valueOf(i + 1L));
		}
		return sum;
	}

	@Test
	void nothingSeenAllowsEverything() {
		assertThat(UpperBound.of(0, 0, 0.95)).isEqualTo(1);
		assertThat(UpperBound.of(5, 5, 0.95)).isEqualTo(1);
	}

	@Test
	void growsWithEventsAndShrinksWithTrials() {
		for (int trials = 1; trials < 60; trials++) {
			for (int events = 0; events < trials; events++) {
				double bound = UpperBound.of(trials, events, 0.95);
				assertThat(bound).isGreaterThan((double) events / trials)
					.isLessThan(UpperBound.of(trials, events + 1, 0.95) + 1e-12)
					.isGreaterThan(UpperBound.of(trials + 1, events, 0.95));
			}
		}
	}

	@Test
	void manyTrialsUnderflowNothing() {
		assertThat(UpperBound.of(100_000, 50_000, 0.95)).isBetween(0.502, 0.503);
	}

	@Test
	void whatIsNoCountIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> UpperBound.of(3, 4, 0.95));
		assertThatIllegalArgumentException().isThrownBy(() -> UpperBound.of(-1, 0, 0.95));
		assertThatIllegalArgumentException().isThrownBy(() -> UpperBound.of(3, 1, 1));
		assertThatIllegalArgumentException().isThrownBy(() -> UpperBound.of(3, 1, Double.NaN));
	}

}
