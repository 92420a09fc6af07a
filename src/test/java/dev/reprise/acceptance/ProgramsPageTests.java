package dev.reprise.acceptance;

import java.io.IOException;
import java.nio.file.Files;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds the table of {@code docs/programs.md} to what was found when the programs ran.
 */
class ProgramsPageTests {

	@Test
	void theTableHasEveryProgramWithWhatWasFound() throws IOException {
		assertThat(Files.readString(ProgramResults.PAGE)).isEqualTo(ProgramResults.read().page());
		assertThat(Files.readString(ProgramResults.PAGE)).doesNotContain("not run yet");
	}

}
