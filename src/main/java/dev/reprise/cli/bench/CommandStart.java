package dev.reprise.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How long a person waits for a command that has hardly anything to do: two small runs
 * are compared, from the start of the launcher to its end.
 */
final class CommandStart {

	private static final double TARGET = 0.5;

	private final Path launcher;

	private final Path scratch;

	CommandStart(Path home, Path scratch) {
		this.launcher = home.resolve("reprise");
		this.scratch = scratch;
	}

	Measurement measure(int rounds) throws IOException, InterruptedException {
		Path work = Files.createDirectory(this.scratch.resolve("command"));
		for (String side : List.of("left", "right")) {
			seconds(work, "local", "--seed", "1", "--record", side, "--", "true");
		}
		List<Double> diffs = new ArrayList<>();
		List<Double> locals = new ArrayList<>();
		for (int round = 0; round < rounds; round++) {
			diffs.add(seconds(work, "diff", "left", "right"));
			locals.add(seconds(work, "local", "--seed", "1", "--record", "run-" + round, "--", "true"));
		}
		Samples samples = new Samples(diffs);
		double local = new Samples(locals).median();
		return new Measurement("8. ./reprise diff of two runs of true, from start to end",
				"seconds until a command has ended", Seconds.text(samples.median()), samples.spread(Seconds::text),
				rounds, "at most " + Seconds.text(TARGET), samples.median() <= TARGET,
				List.of(new Measurement.Bar("diff", samples.median(), Seconds.text(samples.median())),
						new Measurement.Bar("local", local, Seconds.text(local))),
				List.of("local runs true and writes its record; both with what the build prepared for a fast start"));
	}

	private double seconds(Path work, String... arguments) throws IOException, InterruptedException {
		List<String> command = new ArrayList<>(List.of(this.launcher.toString()));
		command.addAll(List.of(arguments));
		long begin = System.nanoTime();
		Process process = new ProcessBuilder(command).directory(work.toFile())
			.redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.start();
		process.waitFor();
		return (System.nanoTime() - begin) / 1e9;
	}

}
