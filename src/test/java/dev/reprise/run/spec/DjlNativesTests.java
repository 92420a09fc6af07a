package dev.reprise.run.spec;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class DjlNativesTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					580.159.03 | lacks its library for driver 580.159.03, which runs CUDA 13.0: ai.djl.pytorch:pytorch-native-cu128:2.7.1:linux-x86_64
					999.1      | lacks its library for driver 999.1, which runs CUDA 13.0: ai.djl.pytorch:pytorch-native-cu128:2.7.1:linux-x86_64
					570.86.10  | lacks its library for driver 570.86.10, which runs CUDA 12.8: ai.djl.pytorch:pytorch-native-cu128:2.7.1:linux-x86_64
					565.57.01  | has no library for driver 565.57.01, which runs CUDA 12.7: the oldest is ai.djl.pytorch:pytorch-native-cu128:2.7.1:linux-x86_64
					550.54.15  | has no library for driver 550.54.15, which runs CUDA 12.4: the oldest is ai.djl.pytorch:pytorch-native-cu128:2.7.1:linux-x86_64
					           | lacks its library for them, ai.djl.pytorch:pytorch-native-cu128:2.7.1:linux-x86_64
					""")
	void theLibraryIsTheNewestThatTheDriverRuns(@Nullable String driver, String said) {
		assertThat(DjlNatives.lacking(driver)).isEqualTo(said);
	}

}
