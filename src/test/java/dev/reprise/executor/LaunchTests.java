package dev.reprise.executor;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.reprise.run.spec.Network;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class LaunchTests {

	private static Launch launch(List<String> command, Map<String, String> environment, String workingFolder,
			int slot) {
		Path folder = Path.of("/data");
		return new Launch(folder, folder, command, environment, List.of(), List.of(), workingFolder,
				new Limits(Duration.ofSeconds(1), 1, 1, 1, 1), Network.NONE, false, slot, Set.of(), folder, folder);
	}

	@Test
	void environmentKeepsItsOrder() {
		Map<String, String> environment = new LinkedHashMap<>();
		environment.put("B", "1");
		environment.put("A", "2");
		Launch launch = launch(List.of("true"), environment, Launch.WORK, 0);
		environment.clear();
		assertThat(launch.environment().keySet()).containsExactly("B", "A");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "A=B", "-S", "a\0b" })
	void programThatCannotBeStartedIsRefused(String program) {
		assertThatIllegalArgumentException().isThrownBy(() -> launch(List.of(program), Map.of(), Launch.WORK, 0));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "A B", "1A", "A\nB", "-u", "A=" })
	void nameThatIsNoVariableIsRefused(String name) {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> launch(List.of("true"), Map.of(name, ""), Launch.WORK, 0));
	}

	@ParameterizedTest
	@ValueSource(strings = { "work", "/", "/a/../b", "/a/", "/a//b", "/a/./b" })
	void folderThatIsNotAbsoluteAndNormalIsRefused(String folder) {
		assertThatIllegalArgumentException().isThrownBy(() -> launch(List.of("true"), Map.of(), folder, 0));
	}

	@Test
	void slotsAndLimitsHaveBounds() {
		assertThatIllegalArgumentException().isThrownBy(() -> launch(List.of("true"), Map.of(), Launch.WORK, -1));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> launch(List.of("true"), Map.of(), Launch.WORK, Launch.MAX_SLOT + 1));
		assertThatIllegalArgumentException().isThrownBy(() -> new Limits(Duration.ZERO, 1, 1, 1, 1));
		assertThatIllegalArgumentException().isThrownBy(() -> new Limits(Duration.ofSeconds(1), 1, 0, 1, 1));
	}

}
