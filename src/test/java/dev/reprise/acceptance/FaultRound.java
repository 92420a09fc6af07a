package dev.reprise.acceptance;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What one round asks of the service. A request that got no answer is sent again with its
 * key, until it gets one.
 */
final class FaultRound {

	private static final Set<String> FINAL = Set.of("SUCCEEDED", "FAILED", "CANCELLED");

	private final FaultCampaign campaign;

	private final List<FaultJob> jobs;

	private final @Nullable String original;

	private final boolean cancel;

	private final String key;

	private final Deque<FaultJob> unanswered = new ArrayDeque<>();

	private boolean replayUnanswered;

	private final List<String> runs = new ArrayList<>();

	private final List<String> replays = new ArrayList<>();

	private final Set<String> cancelled = new HashSet<>();

	FaultRound(FaultCampaign campaign, List<FaultJob> jobs, @Nullable String original, boolean cancel, String key) {
		this.campaign = campaign;
		this.jobs = jobs;
		this.original = original;
		this.cancel = cancel;
		this.key = key;
	}

	void submit(Client client) throws InterruptedException {
		this.unanswered.addAll(this.jobs);
		this.replayUnanswered = this.original != null;
		try {
			send(client);
			if (this.cancel) {
				this.cancelled.add(this.runs.getFirst());
				client.post("/runs/" + this.runs.getFirst() + "/cancel", "", 202);
			}
		}
		catch (IOException ex) {
			// It died meanwhile, as it may have been told to.
		}
		catch (AssertionError ex) {
			if (!String.valueOf(ex.getMessage()).startsWith("409 instead of 202")) {
				throw ex;
			}
			// The run had ended before it could be cancelled.
		}
	}

	private void send(Client client) throws IOException, InterruptedException {
		while (!this.unanswered.isEmpty()) {
			FaultJob job = this.unanswered.getFirst();
			accepted(client.submit(job.spec(this.campaign.marker()), job.code(), job.key()), job);
			this.unanswered.removeFirst();
		}
		if (this.replayUnanswered) {
			JsonNode answer = client.postOnce("/runs/" + this.original + "/replays", "{\"count\": 1}", this.key, 201);
			for (JsonNode replay : answer.path("items")) {
				this.campaign.acceptReplay(replay);
				this.replays.add(replay.path("id").asString());
				this.runs.add(replay.path("run").asString());
			}
			this.replayUnanswered = false;
		}
	}

	private void accepted(String run, FaultJob job) {
		this.campaign.accept(run, job);
		this.runs.add(run);
	}

	void submitAgain(ServiceProcess service) throws InterruptedException {
		try {
			send(service.client());
		}
		catch (IOException ex) {
			// Whoever waits sees that it is dead.
		}
	}

	/**
	 * Submits one more job to a service that was told to stop: it is stored, or refused
	 * with what the client is to do.
	 */
	void submitLate(ServiceProcess service) throws InterruptedException {
		FaultJob job = new FaultJob(FaultJob.Kind.QUICK, "late", 1, this.key + "-late");
		try {
			accepted(service.client().submit(job.spec(this.campaign.marker()), job.code(), job.key()), job);
		}
		catch (IOException ex) {
			this.unanswered.add(job);
		}
		catch (AssertionError ex) {
			if (!String.valueOf(ex.getMessage()).startsWith("503 instead of 201")) {
				throw ex;
			}
		}
	}

	/**
	 * Whether all that was accepted has ended, and each replay has its verdict.
	 */
	boolean isOver(ServiceProcess service) throws InterruptedException {
		try {
			for (String run : this.runs) {
				if (!FINAL.contains(service.client().get("/runs/" + run).path("state").asString())) {
					return false;
				}
			}
			for (String replay : this.replays) {
				if (!service.client().get("/replays/" + replay).path("state").asString().equals("DONE")) {
					return false;
				}
			}
			return this.unanswered.isEmpty() && !this.replayUnanswered;
		}
		catch (IOException ex) {
			return false;
		}
	}

	List<String> runs() {
		return this.runs;
	}

	List<String> replays() {
		return this.replays;
	}

	boolean wantedCancelled(String run) {
		return this.cancelled.contains(run);
	}

}
