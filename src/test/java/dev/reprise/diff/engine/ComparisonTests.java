package dev.reprise.diff.engine;

import java.util.Collections;
import java.util.List;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ComparisonTests {

	@Test
	void whatIsAbsentIsExact() {
		JsonMapper json = JsonMapper.shared();
		assertThat(json.readValue("{}", Comparison.class)).isEqualTo(Comparison.EXACT);
		Comparison comparison = json.readValue("{\"ulps\":4,\"rtol\":1e-3,\"ignore\":[\"a\",\"a\"]}", Comparison.class);
		assertThat(comparison).isEqualTo(new Comparison(4, 1e-3, 0, List.of("a")));
		assertThat(json.readValue(json.writeValueAsString(comparison), Comparison.class)).isEqualTo(comparison);
	}

	@Test
	void rangesAreChecked() {
		assertThatIllegalArgumentException().isThrownBy(() -> new Comparison(-1, 0, 0, List.of()))
			.withMessageContaining("ulps");
		for (double value : new double[] { -1, Double.NaN, Double.POSITIVE_INFINITY }) {
			assertThatIllegalArgumentException().isThrownBy(() -> new Comparison(0, value, 0, List.of()))
				.withMessageContaining("rtol");
			assertThatIllegalArgumentException().isThrownBy(() -> new Comparison(0, 0, value, List.of()))
				.withMessageContaining("atol");
		}
		assertThatIllegalArgumentException().isThrownBy(() -> new Comparison(0, 0, 0, Collections.nCopies(65, "a")))
			.withMessageContaining("ignore");
		assertThatIllegalArgumentException().isThrownBy(() -> new Comparison(0, 0, 0, List.of("a".repeat(257))))
			.withMessageContaining("ignore");
	}

}
