package dev.reprise.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.reprise.executor.Execution;
import dev.reprise.executor.Launch;
import dev.reprise.executor.Limits;
import dev.reprise.executor.local.LocalExecutor;
import dev.reprise.run.spec.Network;

/**
 * What it costs to hold a job: a program that does nothing, held and not held; and how
 * long a job lives on after it was cancelled.
 */
final class HoldingCost {

	private static final double START_TARGET = 0.3;

	private static final double CANCEL_TARGET = 0.1;

	private static final Limits LIMITS = new Limits(Duration.ofMinutes(1), 512 << 20, 1L << 30, 1 << 20, 64);

	private final Path scratch;

	private int attempts;

	HoldingCost(Path scratch) {
		this.scratch = scratch;
	}

	List<Measurement> measure(int rounds) throws IOException, InterruptedException {
		List<Double> held = new ArrayList<>();
		List<Double> bare = new ArrayList<>();
		List<Double> more = new ArrayList<>();
		List<Double> cancelled = new ArrayList<>();
		List<String> soft = new ArrayList<>();
		try (LocalExecutor executor = new LocalExecutor(InstantSource.system())) {
			for (int round = 0; round <= rounds; round++) {
				double our = held(executor, soft);
				double their = bare();
				double cancel = cancelled(executor);
				// The first one loads classes.
				if (round > 0) {
					held.add(our);
					bare.add(their);
					more.add(our - their);
					cancelled.add(cancel);
				}
			}
		}
		Samples added = new Samples(more);
		Samples cancel = new Samples(cancelled);
		double our = new Samples(held).median();
		double their = new Samples(bare).median();
		return List.of(
				new Measurement("5. /bin/true held by the executor, from start to ending, and as a bare process",
						"seconds more to hold a job", Seconds.text(added.median()), added.spread(Seconds::text), rounds,
						"at most " + Seconds.text(START_TARGET), added.median() <= START_TARGET,
						List.of(new Measurement.Bar("held", our, Seconds.text(our)),
								new Measurement.Bar("bare", their, Seconds.text(their))),
						soft),
				new Measurement("6. A job that obeys SIGTERM is cancelled, until nothing of it is left",
						"seconds to cancel", Seconds.text(cancel.median()), cancel.spread(Seconds::text), rounds,
						"at most " + Seconds.text(CANCEL_TARGET), cancel.median() <= CANCEL_TARGET,
						List.of(new Measurement.Bar("cancel", cancel.median(), Seconds.text(cancel.median()))),
						List.of()));
	}

	private double held(LocalExecutor executor, List<String> soft) throws IOException, InterruptedException {
		Launch launch = launch(List.of("/bin/true"));
		long begin = System.nanoTime();
		var ending = executor.start(launch).await();
		double seconds = (System.nanoTime() - begin) / 1e9;
		executor.release(launch.attemptFolder());
		if (!ending.succeeded()) {
			throw new IOException("/bin/true did not end well: " + ending.message());
		}
		soft.clear();
		soft.addAll(ending.soft());
		return seconds;
	}

	private static double bare() throws IOException, InterruptedException {
		long begin = System.nanoTime();
		new ProcessBuilder("/bin/true").start().waitFor();
		return (System.nanoTime() - begin) / 1e9;
	}

	private double cancelled(LocalExecutor executor) throws IOException, InterruptedException {
		Launch launch = launch(List.of("/bin/sh", "-c", "echo ready; exec sleep 60"));
		Execution execution = executor.start(launch);
		while (!Files.exists(launch.stdout()) || Files.size(launch.stdout()) == 0) {
			if (execution.await(Duration.ofMillis(2)).isPresent()) {
				throw new IOException("the job that was to be cancelled ended by itself");
			}
		}
		long begin = System.nanoTime();
		execution.cancel("the benchmark has seen enough");
		execution.await();
		double seconds = (System.nanoTime() - begin) / 1e9;
		executor.release(launch.attemptFolder());
		return seconds;
	}

	private Launch launch(List<String> command) throws IOException {
		Path folder = Files.createDirectories(this.scratch.resolve("held-" + this.attempts++));
		Path workspace = Files.createDirectories(folder.resolve("workspace"));
		Files.writeString(workspace.resolve("job.json"), "{}");
		return new Launch(folder, workspace, command, Map.of("PATH", "/usr/bin:/bin"), List.of(), List.of(),
				Launch.WORK, LIMITS, Network.NONE, false, Launch.MAX_SLOT, Set.of(), folder.resolve("stdout.log"),
				folder.resolve("stderr.log"));
	}

}
