package dev.reprise.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.reprise.environment.Environments;
import dev.reprise.environment.InstalledTorch;
import dev.reprise.executor.gpu.Gpu;
import dev.reprise.executor.gpu.Gpus;
import dev.reprise.queue.GpuSelfTests;
import dev.reprise.queue.GpuSelfTests.Check;
import dev.reprise.queue.GpuSelfTests.Kind;
import dev.reprise.queue.GpuSelfTests.Result;
import org.jspecify.annotations.Nullable;

/**
 * Tries on each GPU of this machine what Reprise promises there, and keeps what it found
 * in the data folder.
 */
final class SelfTest {

	private static final int NOTHING_TESTED = 3;

	private SelfTest() {
	}

	/**
	 * Runs it.
	 * @return 0 if all passed, 1 if something did not, 3 if there was nothing to test
	 */
	static int run(Options options, PrintStream out) throws IOException, InterruptedException {
		String environment = options.values().getOrDefault("--environment", "default");
		Path home = Path.of(System.getProperty("reprise.home", ".")).toAbsolutePath().normalize();
		List<String> properties = Demo.properties(options);
		List<Gpu> gpus;
		@Nullable String torch;
		try (Service service = Service.start(properties)) {
			Gpus found = service.part(Gpus.class);
			gpus = found.all();
			if (gpus.isEmpty()) {
				out.println("Nothing was tested: "
						+ ((found.problem() != null) ? found.problem() : "nvidia-smi lists no GPU on this machine")
						+ ".");
				return NOTHING_TESTED;
			}
			torch = torch(service, environment);
			if (torch == null) {
				out.println("Nothing was tested: the environment " + environment + " has no torch.");
				return NOTHING_TESTED;
			}
		}
		Map<Kind, List<Check>> found = new LinkedHashMap<>();
		for (Gpu gpu : gpus) {
			Kind kind = new Kind(gpu.model().name(), gpu.driver(), torch);
			out.println(gpu.model().name() + ' ' + gpu.uuid() + ", driver " + gpu.driver() + ", torch " + torch);
			List<Check> checks = test(gpu, properties, environment, home);
			checks.forEach((check) -> out
				.println("   " + (check.passed() ? "passed  " : "FAILED  ") + check.name() + ": " + check.said()));
			found.computeIfAbsent(kind, (missing) -> new ArrayList<>()).addAll(checks);
		}
		boolean passed = true;
		try (Service service = Service.start(properties)) {
			for (Map.Entry<Kind, List<Check>> each : found.entrySet()) {
				boolean all = each.getValue().stream().allMatch(Check::passed);
				service.part(GpuSelfTests.class).store(new Result(each.getKey(), Instant.now(), all, each.getValue()));
				out.println(each.getKey().model() + ", driver " + each.getKey().driver() + ", torch " + torch + ": "
						+ (all ? "passed; runs there are verified from now on"
								: "did not pass; runs there carry unverifiedOnGpu"));
				passed &= all;
			}
		}
		return passed ? 0 : 1;
	}

	private static @Nullable String torch(Service service, String environment) {
		return InstalledTorch.version(service.part(Environments.class).folder(environment)).orElse(null);
	}

	/**
	 * With a service of its own that has this GPU alone, so that each run is on it.
	 */
	private static List<Check> test(Gpu gpu, List<String> properties, String environment, Path home)
			throws IOException, InterruptedException {
		if (gpu.fault() != null) {
			return List.of(new Check(gpu.uuid(), "the GPU answers", false, gpu.fault(), List.of()));
		}
		List<String> alone = new ArrayList<>(properties);
		alone.add("--reprise.gpus.only=" + gpu.uuid());
		try (Service service = Service.start(alone)) {
			return new GpuChecks(new Client(service.address()), gpu.uuid(), environment, home).run();
		}
	}

}
