package dev.reprise.executor.local;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;

import dev.reprise.executor.Isolation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class IsolationProbeTests {

	@TempDir
	private Path temp;

	@Test
	void machineThatCanHoldAJobIsASandbox() throws Exception {
		try (LocalExecutor executor = new LocalExecutor(InstantSource.system())) {
			Isolation isolation = IsolationProbe.probe(executor, this.temp);
			assertThat(isolation.refusal()).isNull();
			assertThat(isolation.name()).isEqualTo("sandbox");
			assertThat(isolation.notes()).filteredOn((note) -> note.startsWith("disk: soft"))
				.hasSize((LocalExecutor.missingForVolumes() == null) ? 0 : 1);
		}
		assertThat(this.temp).isEmptyDirectory();
	}

	@Test
	void refusalNamesTheMend() {
		assertThat(mend("bwrap: x", Map.of("/proc/sys/kernel/unprivileged_userns_clone", "0")))
			.isEqualTo("bwrap: x (user namespaces are switched off; sysctl -w kernel.unprivileged_userns_clone=1)");
		assertThat(mend("unshare: y", Map.of("/proc/sys/user/max_user_namespaces", "0")))
			.contains("sysctl -w user.max_user_namespaces=15000");
		assertThat(mend("z", Map.of("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1")))
			.contains("kernel.apparmor_restrict_unprivileged_userns=0");
		assertThat(mend("unshare failed: Operation not permitted", Map.of())).contains("--cap-add SYS_ADMIN");
		assertThat(mend("something else", Map.of())).isEqualTo("something else");
	}

	private static String mend(String words, Map<String, String> settings) {
		return IsolationProbe.mend(words, (name) -> settings.getOrDefault(name, ""));
	}

}
