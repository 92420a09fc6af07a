package dev.reprise.agent;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A JVM that is started by hand with the agent in it, in mode strict.
 */
final class JvmWithAgent {

	private final Path home;

	/**
	 * Prepares one.
	 * @param home its working folder
	 */
	JvmWithAgent(Path home) throws IOException {
		this.home = home;
		Files.createDirectories(home.resolve("record"));
	}

	Path home() {
		return this.home;
	}

	/**
	 * Runs a class to its end.
	 * @param trace what the job says of it
	 * @param front what stands on the class path before DJL and the trainers
	 * @return the exit code
	 */
	int run(int seed, String trace, List<Path> front, String main, List<String> args, String... more)
			throws IOException, InterruptedException {
		Files.writeString(this.home.resolve("job.json"), """
				{"recipe": {"mode": "strict", "seed": %1$d, "holdSeed": false, "onDrift": "record", "knobs": [
				   {"name": "torch.manual_seed", "value": %1$d}, {"name": "jvm.Random.seed", "value": %1$d},
				   {"name": "torch.use_deterministic_algorithms", "value": "error"}]},
				 "watch": {"trace": %2$s}}""".formatted(seed, trace));
		List<String> path = new ArrayList<>(front.stream().map(Path::toString).toList());
		jars().forEach((jar) -> path.add(jar.toString()));
		List<String> command = new ArrayList<>(List.of(
				Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-javaagent:" + jar("agent") + "=" + djl(), "-XX:+UseSerialGC", "-Dai.djl.pytorch.num_threads=1",
				"--enable-native-access=ALL-UNNAMED", "-cp", String.join(File.pathSeparator, path), main));
		command.addAll(args);
		command.addAll(List.of(more));
		ProcessBuilder builder = new ProcessBuilder(command).directory(this.home.toFile())
			.redirectErrorStream(true)
			.redirectOutput(this.home.resolve("log").toFile());
		builder.environment()
			.putAll(Map.of("DJL_CACHE_DIR", djl().resolve("natives").toString(), "DJL_OFFLINE", "true",
					"OPT_OUT_TRACKING", "true", "OMP_NUM_THREADS", "1", "REPRISE_JOB",
					this.home.resolve("job.json").toString(), "REPRISE_RECORD_DIR",
					this.home.resolve("record").toString()));
		return builder.start().waitFor();
	}

	/**
	 * What it said.
	 */
	String log() throws IOException {
		return Files.readString(this.home.resolve("log"));
	}

	/**
	 * A file of its record.
	 */
	JsonNode record(String file) throws IOException {
		return JsonMapper.shared().readTree(Files.readString(this.home.resolve("record/main").resolve(file)));
	}

	/**
	 * DJL and the trainers.
	 */
	static List<Path> jars() throws IOException {
		List<Path> path = new ArrayList<>();
		try (Stream<Path> jars = Files.list(djl().resolve("lib"))) {
			jars.sorted().forEach(path::add);
		}
		path.add(Path.of(jar("trainers")));
		return path;
	}

	private static Path djl() {
		return Path.of(Objects.requireNonNull(System.getProperty("reprise.test.djl"),
				"run the tests through ./reprise test, which prepares DJL; or give -Dreprise.test.djl= and its folder"));
	}

	private static String jar(String classifier) {
		URL url = Objects.requireNonNull(Agent.class.getResource("/jars/reprise-" + classifier + ".jar"));
		return url.getPath();
	}

}
