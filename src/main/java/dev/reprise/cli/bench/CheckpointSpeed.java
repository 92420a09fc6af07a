package dev.reprise.cli.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import dev.reprise.artifact.Folders;

/**
 * Two checkpoints of which the last tensor differs, compared tensor by tensor in a
 * process of little heap, and by {@code cmp}, both in the page cache. Beside the bench
 * proper, because of the room that the files take.
 */
public final class CheckpointSpeed {

	private static final double TARGET = 0.5;

	/** Heap of the process that compares, in MiB. */
	private static final int HEAP = 256;

	private static final int PAIRS = 5;

	private final Path home;

	private final Path python;

	private final Path scratch;

	/**
	 * A measurement.
	 * @param home where Reprise itself lies
	 * @param python one with torch and safetensors
	 * @param scratch an empty folder with room for two files of the size
	 */
	public CheckpointSpeed(Path home, Path python, Path scratch) {
		this.home = home;
		this.python = python;
		this.scratch = scratch;
	}

	/**
	 * Measures both formats.
	 * @param mebibytes of one file
	 * @return what people read
	 */
	public List<String> measure(int mebibytes) throws IOException, InterruptedException {
		try {
			List<String> lines = new ArrayList<>();
			for (String suffix : List.of("safetensors", "pt")) {
				lines.add(Report.text(measure(mebibytes, suffix)));
			}
			return lines;
		}
		finally {
			Folders.remove(this.scratch);
		}
	}

	private Measurement measure(int mebibytes, String suffix) throws IOException, InterruptedException {
		Path leftFile = this.scratch.resolve("left/model." + suffix);
		Path rightFile = this.scratch.resolve("right/model." + suffix);
		run(List.of(this.python.toString(), this.home.resolve("bench/checkpoints.py").toString(),
				this.scratch.toString(), Integer.toString(mebibytes), suffix), 0);
		String left = leftFile.toString();
		String right = rightFile.toString();
		List<Double> ours = new ArrayList<>();
		List<Double> hashing = new ArrayList<>();
		List<Double> theirs = new ArrayList<>();
		List<Double> ratios = new ArrayList<>();
		cmp(left, right);
		String heap = "";
		for (int pair = 0; pair < PAIRS; pair++) {
			boolean oursFirst = pair % 2 == 0;
			String told = oursFirst ? compare(left, right, "known") : "";
			double their = cmp(left, right);
			told = oursFirst ? told : compare(left, right, "known");
			heap = told.strip().split(" ", 2)[1];
			ours.add(seconds(told));
			theirs.add(their);
			ratios.add(their / seconds(told));
			hashing.add(seconds(compare(left, right, "unknown")));
		}
		// Both pairs at once might not fit into the page cache.
		Files.delete(leftFile);
		Files.delete(rightFile);
		Samples ratio = new Samples(ratios);
		double our = new Samples(ours).median();
		double their = new Samples(theirs).median();
		double hashed = new Samples(hashing).median();
		return new Measurement("Two checkpoints of " + mebibytes + " MiB (" + suffix + "), the last tensor differs",
				"speed, tensor by tensor to cmp", two(ratio.median()), ratio.spread(CheckpointSpeed::two), PAIRS,
				"at least " + TARGET, ratio.median() >= TARGET,
				List.of(new Measurement.Bar("Reprise", our, Seconds.text(our)),
						new Measurement.Bar("cmp", their, Seconds.text(their))),
				List.of("a new process each time, -Xmx" + HEAP + "m; " + heap,
						"where the files must be hashed in the same pass, as by ./reprise diff of folders: "
								+ Seconds.text(hashed) + ", " + two(their / hashed) + " of cmp"));
	}

	private static double seconds(String told) {
		return Double.parseDouble(told.strip().split(" ", 2)[0]);
	}

	/** Seconds, and what else the process tells. */
	private String compare(String left, String right, String digests) throws IOException, InterruptedException {
		String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
		return run(List.of(java, "-Xmx" + HEAP + "m", "-cp", System.getProperty("java.class.path"),
				ComparesOnce.class.getName(), left, right, digests), 0);
	}

	private double cmp(String left, String right) throws IOException, InterruptedException {
		long start = System.nanoTime();
		run(List.of("cmp", left, right), 1);
		return (System.nanoTime() - start) / 1e9;
	}

	private String run(List<String> command, int expected) throws IOException, InterruptedException {
		Path said = this.scratch.resolve("said.txt");
		int code = new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(said.toFile())
			.start()
			.waitFor();
		String text = Files.readString(said, StandardCharsets.UTF_8);
		if (code != expected) {
			throw new IOException(command.getFirst() + " ended with " + code + ": " + text.strip());
		}
		return text;
	}

	private static String two(double value) {
		return String.format(Locale.ROOT, "%.2f", value);
	}

}
