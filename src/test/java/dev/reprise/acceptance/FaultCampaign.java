package dev.reprise.acceptance;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Kills, one after the other, on one data folder: each round submits jobs to a real
 * service, kills it or something of it, starts it again, and checks that the promises
 * hold for all that was ever accepted. What a round does is drawn from its own seed.
 */
final class FaultCampaign {

	/**
	 * What is done in a round.
	 */
	enum Fault {

		/** The service dies at a named boundary. */
		POINT,
		/** The service is killed at some moment. */
		MOMENT,
		/** The service is killed right after a 201. */
		ANSWERED,
		/** A supervisor is killed at some moment. */
		SUPERVISOR,
		/** A process of a job is killed at some moment. */
		JOB,
		/** The service is told to stop. */
		TERM

	}

	private static final Fault[] FAULTS = { Fault.POINT, Fault.POINT, Fault.POINT, Fault.MOMENT, Fault.MOMENT,
			Fault.ANSWERED, Fault.SUPERVISOR, Fault.JOB, Fault.TERM };

	private static final Duration DEATH = Duration.ofSeconds(2);

	private static final Duration SETTLED = Duration.ofMinutes(2);

	private final Path data;

	private final Path armed;

	private final Path points;

	private final String marker = UUID.randomUUID().toString();

	private final Map<String, FaultJob> accepted = new LinkedHashMap<>();

	private final Map<String, String> replays = new HashMap<>();

	private final FaultInvariants invariants;

	private final Map<String, Integer> kills = new LinkedHashMap<>();

	private ServiceProcess service;

	FaultCampaign(Path folder) throws IOException, InterruptedException {
		this.data = folder.resolve("data");
		this.armed = folder.resolve("armed");
		this.points = FaultPoints.into(folder.resolve("points"));
		this.service = start();
		this.invariants = new FaultInvariants(this.data, this.marker, this.accepted, this.replays);
	}

	private ServiceProcess start() throws IOException, InterruptedException {
		return ServiceProcess.start(Product.service(this.points), this.data, "--reprise.fault.file=" + this.armed,
				"--reprise.capacity.cpus=2", "--reprise.drain=500ms");
	}

	/**
	 * How many kills there were, by what was killed where.
	 */
	Map<String, Integer> kills() {
		return this.kills;
	}

	int count() {
		return this.kills.values().stream().mapToInt(Integer::intValue).sum();
	}

	/**
	 * One round.
	 * @return what was done, for people
	 */
	String round(long seed) throws IOException, InterruptedException {
		Random random = new Random(new SplittableRandom(seed).nextLong());
		Fault fault = FAULTS[random.nextInt(FAULTS.length)];
		List<FaultJob> jobs = new ArrayList<>();
		for (int i = 1 + random.nextInt(3); i > 0; i--) {
			jobs.add(FaultJob.draw(random, seed + "-" + i + "-" + this.marker));
		}
		boolean replay = random.nextInt(3) == 0;
		boolean cancel = random.nextInt(4) == 0;
		List<String> points = new ArrayList<>(FaultPoints.OF_A_RUN);
		if (replay) {
			points.addAll(FaultPoints.OF_A_REPLAY);
		}
		String point = points.get(random.nextInt(points.size())) + " " + (1 + random.nextInt(2));
		long moment = Duration.ofMillis(random.nextInt(2000)).toNanos();
		String recovery = FaultPoints.OF_A_RECOVERY.get(random.nextInt(FaultPoints.OF_A_RECOVERY.size())) + " 1";
		boolean again = random.nextInt(4) == 0;

		FaultRound round = new FaultRound(this, jobs, replay ? succeeded() : null, cancel, seed + "-" + this.marker);
		if (fault == Fault.POINT) {
			Files.writeString(this.armed, point);
		}
		round.submit(this.service.client());
		Duration longest = jobs.stream().map((job) -> job.kind().time()).max(Duration::compareTo).orElseThrow();
		String what = kill(fault, point, moment, longest, random, round);
		if (!this.service.isAlive()) {
			nothingIsLeft();
			Files.deleteIfExists(this.armed);
			if (again) {
				Files.writeString(this.armed, recovery);
			}
			restart(recovery);
		}
		int before = count();
		settle(round, recovery);
		// What a later kill found running may be lost by that one.
		Fault last = (count() > before && fault == Fault.TERM) ? Fault.MOMENT : fault;
		this.invariants.check(this.service.client(), round, last);
		return what + (again ? ", then " + recovery : "") + ", jobs " + jobs.stream().map(FaultJob::kind).toList();
	}

	private String kill(Fault fault, String point, long moment, Duration longest, Random random, FaultRound round)
			throws IOException, InterruptedException {
		return switch (fault) {
			case POINT -> {
				boolean reached = Await.value(SETTLED, () -> !this.service.isAlive() ? Optional.of(true)
						: round.isOver(this.service) ? Optional.of(false) : Optional.empty());
				this.service.kill();
				yield killed(reached ? point.substring(0, point.lastIndexOf(' ')) : "service idle");
			}
			case MOMENT -> {
				LockSupport.parkNanos(moment);
				this.service.kill();
				yield killed("service at a moment");
			}
			case ANSWERED -> {
				this.service.kill();
				yield killed("service after the 201");
			}
			case TERM -> {
				LockSupport.parkNanos(moment);
				this.service.terminate();
				round.submitLate(this.service);
				OptionalInt code = this.service.exitCode(Duration.ofSeconds(40));
				if (code.isEmpty() || code.getAsInt() != 0) {
					throw new AssertionError("40 s after SIGTERM, the exit code of the service: " + code);
				}
				yield killed("SIGTERM");
			}
			case SUPERVISOR, JOB -> {
				Await.until(SETTLED,
						() -> Optional.of(victim(fault, random).isPresent() || round.isOver(this.service)));
				// From the first that is seen on, and no later than the longest of them
				// runs.
				long after = moment % longest.toNanos();
				LockSupport.parkNanos(after);
				if (!victim(fault, random).map(ProcessHandle::destroyForcibly).orElse(false)) {
					yield "nothing: the jobs had ended";
				}
				yield killed(fault.name().toLowerCase(java.util.Locale.ROOT));
			}
		};
	}

	private String killed(String what) {
		this.kills.merge(what, 1, Integer::sum);
		return what;
	}

	private Optional<ProcessHandle> victim(Fault fault, Random random) throws IOException {
		return ((fault == Fault.JOB) ? job(random) : supervisor()).flatMap(ProcessHandle::of);
	}

	private Optional<Long> job(Random random) throws IOException {
		List<Path> processes = MarkedProcesses.with(this.marker);
		return processes.isEmpty() ? Optional.empty()
				: Optional.of(Long.valueOf(processes.get(random.nextInt(processes.size())).getFileName().toString()));
	}

	private Optional<Long> supervisor() throws IOException {
		try (DirectoryStream<Path> attempts = Files.newDirectoryStream(this.data.resolve("attempts"))) {
			for (Path attempt : attempts) {
				Path pid = attempt.resolve("pid");
				if (Files.exists(pid) && !Files.exists(attempt.resolve("status"))) {
					String text = Files.readString(pid).strip();
					if (text.contains(" ")) {
						return Optional.of(Long.valueOf(text.substring(0, text.indexOf(' '))));
					}
				}
			}
		}
		catch (IOException ex) {
			// It was removed as it was looked at.
		}
		return Optional.empty();
	}

	/**
	 * The service is dead: nothing that it started outlives it by more than moments.
	 */
	private void nothingIsLeft() throws InterruptedException {
		long end = System.nanoTime() + DEATH.toNanos();
		List<Path> left = List.of();
		do {
			try {
				left = MarkedProcesses.with(this.marker);
			}
			catch (IOException ex) {
				throw new AssertionError(ex);
			}
			LockSupport.parkNanos(1_000_000);
		}
		while (!left.isEmpty() && System.nanoTime() < end);
		if (!left.isEmpty()) {
			throw new AssertionError("C: two seconds after the service died there were " + left);
		}
	}

	private void restart(String recovery) throws IOException, InterruptedException {
		try {
			this.service = start();
		}
		catch (IllegalStateException ex) {
			if (!Files.exists(this.armed)) {
				throw ex;
			}
			killed("recovery: " + recovery);
			nothingIsLeft();
			Files.delete(this.armed);
			this.service = start();
		}
	}

	/**
	 * Waits until all that was accepted has ended. A recovery that was to die may do so
	 * while it already answers.
	 */
	private void settle(FaultRound round, String recovery) throws IOException, InterruptedException {
		while (!over(round)) {
			if (!Files.exists(this.armed)) {
				throw new AssertionError("the service died by itself:\n" + this.service.log());
			}
			killed("recovery: " + recovery);
			nothingIsLeft();
			Files.delete(this.armed);
			this.service = start();
		}
		Files.deleteIfExists(this.armed);
		// Whoever had read that file just then has died by now.
		if (!round.isOver(this.service) || !this.service.isAlive()) {
			this.service.kill();
			killed("recovery: " + recovery);
			nothingIsLeft();
			this.service = start();
		}
	}

	private boolean over(FaultRound round) throws InterruptedException {
		return Await.value(SETTLED, () -> {
			if (!this.service.isAlive()) {
				return Optional.of(false);
			}
			round.submitAgain(this.service);
			return round.isOver(this.service) ? Optional.of(true) : Optional.empty();
		});
	}

	private @Nullable String succeeded() {
		return this.invariants.ends()
			.entrySet()
			.stream()
			.filter((end) -> end.getValue().path("state").asString().equals("SUCCEEDED"))
			.map(Map.Entry::getKey)
			.findFirst()
			.orElse(null);
	}

	String marker() {
		return this.marker;
	}

	void accept(String run, FaultJob job) {
		this.accepted.put(run, job);
	}

	void acceptReplay(JsonNode replay) {
		String run = replay.path("run").asString();
		FaultJob job = this.accepted.get(replay.path("original").asString());
		if (job == null) {
			throw new AssertionError("a replay of what was never accepted: " + replay);
		}
		this.accepted.put(run, job);
		this.replays.put(replay.path("id").asString(), run);
	}

	/**
	 * Stops the service, and looks into what it leaves: the database itself and the whole
	 * store.
	 */
	void end() throws Exception {
		this.service.stop();
		this.invariants.checkAtRest();
	}

	/**
	 * Leaves nothing running.
	 */
	void abort() throws InterruptedException {
		this.service.kill();
	}

}
