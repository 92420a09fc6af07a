package dev.reprise.agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Knobs in the process's environment, which were set before it started. A program on the
 * JVM cannot change them.
 */
final class ProcessKnobs {

	private static final List<String> NAMES = List.of("NVIDIA_TF32_OVERRIDE", "OMP_NUM_THREADS", "MKL_NUM_THREADS",
			"MKL_DYNAMIC", "OMP_WAIT_POLICY", "CUBLAS_WORKSPACE_CONFIG", "MKL_CBWR", "ATEN_CPU_CAPABILITY",
			"ONEDNN_MAX_CPU_ISA", "ONEDNN_DEFAULT_FPMATH_MODE", "NCCL_ALGO", "NCCL_PROTO", "LC_ALL", "TZ",
			"SOURCE_DATE_EPOCH");

	private static final String LAYOUT = "address_layout";

	/**
	 * In {@code sys/personality.h}; what {@code setarch -R} sets.
	 */
	private static final int NO_RANDOMIZE = 0x0040000;

	private final Readings readings;

	ProcessKnobs(Readings readings) {
		this.readings = readings;
	}

	void start() throws IOException {
		Map<String, String> environment = atExec();
		NAMES.forEach((name) -> this.readings.start(name, environment.get(name)));
		try {
			this.readings.start(LAYOUT, layout());
		}
		catch (IOException | NumberFormatException ex) {
			this.readings.missing(LAYOUT, "not-available", "/proc/self/personality cannot be read: " + ex);
		}
	}

	void end() throws IOException {
		Map<String, String> environment = System.getenv();
		NAMES.forEach((name) -> this.readings.end(name, environment.get(name)));
		if (this.readings.isRead(LAYOUT)) {
			this.readings.end(LAYOUT, layout());
		}
	}

	private static Map<String, String> atExec() throws IOException {
		Map<String, String> environment = new HashMap<>();
		String all = new String(Files.readAllBytes(Path.of("/proc/self/environ")), StandardCharsets.UTF_8);
		for (String entry : all.split("\0", -1)) {
			int equals = entry.indexOf('=');
			if (equals > 0) {
				environment.put(entry.substring(0, equals), entry.substring(equals + 1));
			}
		}
		return environment;
	}

	private static String layout() throws IOException {
		int personality = Integer.parseInt(Files.readString(Path.of("/proc/self/personality")).strip(), 16);
		return ((personality & NO_RANDOMIZE) != 0) ? "fixed" : "random";
	}

}
