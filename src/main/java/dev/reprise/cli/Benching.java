package dev.reprise.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.reprise.artifact.Folders;
import dev.reprise.cli.bench.Bench;
import dev.reprise.cli.bench.CheckpointSpeed;
import dev.reprise.cli.bench.Jobs;
import dev.reprise.cli.bench.QueueDrain;
import dev.reprise.cli.bench.TraceSearch;
import dev.reprise.run.Runs;
import dev.reprise.environment.DjlFolder;
import dev.reprise.environment.Environments;
import dev.reprise.runtime.djl.DjlRuntime;
import dev.reprise.runtime.python.PythonRuntime;
import tools.jackson.databind.JsonNode;

/**
 * Starts a service with a data folder of its own, measures what it costs, and removes it
 * all again.
 */
final class Benching {

	private Benching() {
	}

	static int run(Options options, PrintStream out) throws IOException, InterruptedException, Options.UsageException {
		String checkpoints = options.values().get("--checkpoints");
		if (checkpoints != null) {
			return checkpoints(checkpoints, out);
		}
		Integer traces = options.number("--traces", 10);
		if (traces != null) {
			out.println(new TraceSearch(Files.createTempDirectory(cache(), "bench-")).measure(traces));
			return 0;
		}
		String markdown = options.values().get("--markdown");
		Integer queue = options.number("--queue", QueueDrain.LEAST);
		Path scratch = Files.createTempDirectory(cache(), "bench-");
		try {
			List<String> properties = new ArrayList<>(
					List.of("--reprise.data=" + Files.createDirectory(scratch.resolve("data"))));
			properties.addAll(Demo.properties(options));
			try (Service service = Service.start(properties)) {
				Jobs jobs = jobs(new Client(service.address()));
				Path home = Path.of(System.getProperty("reprise.home", ".")).toAbsolutePath();
				if (queue != null) {
					return new QueueDrain(jobs, service.address(), out).run(home.resolve("bench/beside.py"), queue);
				}
				if (options.flags().contains("--jvm")) {
					return Bench.jvm(service.part(DjlRuntime.class), service.part(DjlFolder.class), home,
							Files.createDirectory(scratch.resolve("jvm")), out);
				}
				Bench bench = new Bench(jobs, service.part(Runs.class), service.part(PythonRuntime.class),
						service.part(DjlRuntime.class), service.part(DjlFolder.class),
						service.part(Environments.class).folder("default"), service.address(), out);
				return bench.run(home, Files.createDirectory(scratch.resolve("by-hand")),
						options.flags().contains("--quick"), (markdown != null) ? Path.of(markdown) : null);
			}
		}
		finally {
			Folders.remove(scratch);
		}
	}

	private static int checkpoints(String mebibytes, PrintStream out) throws IOException, InterruptedException {
		if (!mebibytes.matches("[1-9][0-9]{1,5}")) {
			out.println("--checkpoints takes the size of one file in MiB, 10 to 999999; two are written at a time");
			return 2;
		}
		Path python = Path.of(System.getProperty("reprise.environments.default", "."), "bin", "python");
		Path scratch = Files.createTempDirectory(cache(), "bench-");
		new CheckpointSpeed(Path.of(System.getProperty("reprise.home", ".")).toAbsolutePath(), python, scratch)
			.measure(Integer.parseInt(mebibytes))
			.forEach(out::println);
		return 0;
	}

	/**
	 * On a disk, where a temporary folder may be in memory; that one where the cache
	 * folder is not ours to write.
	 */
	private static Path cache() throws IOException {
		String cache = System.getenv("XDG_CACHE_HOME");
		Path root = (cache != null && !cache.isEmpty()) ? Path.of(cache)
				: Path.of(System.getProperty("user.home"), ".cache");
		Path folder = Files.createDirectories(root.resolve("reprise"));
		return Files.isWritable(folder) ? folder : Path.of(System.getProperty("java.io.tmpdir"));
	}

	private static Jobs jobs(Client client) {
		return new Jobs() {

			@Override
			public JsonNode submit(String spec, Path code) throws IOException, InterruptedException {
				return client.submit(spec, code);
			}

			@Override
			public JsonNode run(String id) throws IOException, InterruptedException {
				return client.get("/runs/" + id);
			}

			@Override
			public String output(String id) throws IOException, InterruptedException {
				return client.output(id);
			}

		};
	}

}
