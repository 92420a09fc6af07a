package dev.reprise.queue;

import java.util.ArrayList;
import java.util.List;

import dev.reprise.service.Api;
import dev.reprise.service.ServiceTest;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs that are cancelled, and what the workers say meanwhile.
 */
@ServiceTest
class CancelTests {

	private final Api api;

	CancelTests(Api api) {
		this.api = api;
	}

	@Test
	void runsAreCancelledWhereverTheyStand() {
		List<String> running = new ArrayList<>();
		for (int i = 0; i < 2; i++) {
			running.add(this.api.submit(this.api.spec(Api.SLEEP).put("priority", 100)));
		}
		for (String run : running) {
			this.api.await("/api/v1/runs/" + run, (now) -> now.path("state").asString().equals("RUNNING"));
		}
		String queued = this.api.submit(this.api.spec(Api.TRUE));
		JsonNode worker = this.api.get("/api/v1/workers").is(200).json().path("items").get(0);
		assertThat(worker.path("cpus").path("free").asInt()).isZero();
		assertThat(worker.path("held").size()).isEqualTo(2);
		assertThat(worker.path("waiting").toString()).contains(queued);

		JsonNode answer = this.api.post("/api/v1/runs/" + queued + "/cancel", "").is(202).json();
		assertThat(answer.path("state").asString()).isEqualTo("CANCELLED");
		JsonNode never = this.api.get("/api/v1/runs/" + queued).json();
		assertThat(never.path("state").asString()).isEqualTo("CANCELLED");
		assertThat(never.path("attempts")).isEmpty();
		assertThat(never.path("startedAt").isNull()).isTrue();
		this.api.get("/api/v1/runs/" + queued + "/artifacts").isProblem(404);

		for (String run : running) {
			this.api.post("/api/v1/runs/" + run + "/cancel", "").is(202);
			JsonNode ended = this.api.ended(run);
			assertThat(ended.path("state").asString()).isEqualTo("CANCELLED");
			assertThat(ended.path("failure").isNull()).isTrue();
			this.api.get("/api/v1/runs/" + run + "/artifacts").is(200);
		}
		for (String run : List.of(running.getFirst(), queued)) {
			assertThat(this.api.post("/api/v1/runs/" + run + "/cancel", "")
				.isProblem(409)
				.json()
				.path("detail")
				.asString()).contains("CANCELLED");
		}
		this.api.await("/api/v1/workers", (now) -> now.path("items").get(0).path("held").isEmpty());
	}

	@Test
	void whatHasSucceededIsNotCancelled() {
		String run = this.api.submit(this.api.spec(Api.TRUE));
		this.api.ended(run);
		this.api.post("/api/v1/runs/" + run + "/cancel", "").isProblem(409);
		assertThat(this.api.get("/api/v1/runs/" + run).json().path("state").asString()).isEqualTo("SUCCEEDED");
	}

	@Test
	void aCancelAtAnyMomentLeadsToOneFinalState() {
		for (int i = 0; i < 12; i++) {
			String run = this.api.submit(this.api.spec(Api.TRUE));
			for (int polls = 0; polls < i * 3; polls++) {
				this.api.get("/api/v1/runs/" + run);
			}
			int status = this.api.post("/api/v1/runs/" + run + "/cancel", "").status();
			assertThat(status).isIn(202, 409);
			String state = this.api.ended(run).path("state").asString();
			assertThat(state).isIn((status == 409) ? List.of("SUCCEEDED") : List.of("SUCCEEDED", "CANCELLED"));
		}
	}

}
