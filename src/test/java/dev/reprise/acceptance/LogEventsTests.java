package dev.reprise.acceptance;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Logs as an event stream: whoever comes back misses nothing and gets nothing twice.
 */
class LogEventsTests {

	private static final String TALKS = """
			i=0; while [ $i -lt 150 ]; do
			echo "line $i: ü 語 😀"; [ $((i % 10)) = 0 ] && echo "err $i" >&2
			sleep 0.02; i=$((i + 1)); done
			THEN""";

	@TempDir
	Path data;

	@Test
	void whoComesBackAgainAndAgainHasTheWholeLogOnce() throws IOException, InterruptedException {
		ServiceProcess service = ServiceProcess.start(this.data, "--reprise.followers=2");
		try {
			String run = submit(service, "");
			Followed followed = new Followed();
			while (!followed.ended) {
				followed.read(service, run, 7);
			}
			assertThat(followed.stdout.toString()).isEqualTo(service.client().text(log(run, "stdout")));
			assertThat(followed.stdout.toString()).hasLineCount(150).contains("line 149: ü 語 😀");
			assertThat(followed.stderr.toString()).isEqualTo(service.client().text(log(run, "stderr")))
				.hasLineCount(15);
			assertThat(followed.state).isEqualTo("SUCCEEDED");
			assertThat(followed.connections).isGreaterThan(1);

			try (EventStream over = open(service, run, followed.last)) {
				assertThat(over.status()).as("a browser is not to come again").isEqualTo(204);
			}
			try (EventStream one = new EventStream(service.address() + "/api/v1" + log(run, "stderr"), null)) {
				List<String> names = new ArrayList<>();
				for (EventStream.Event event = one.next(); event != null; event = one.next()) {
					names.add(event.name());
				}
				assertThat(names).containsOnly("attempt", "stderr", "end");
			}
			for (String wrong : List.of("x", "1-2", "1-2-3-4", "1-99999999999999999999-0")) {
				try (EventStream refused = open(service, run, wrong)) {
					assertThat(refused.status()).as(wrong).isEqualTo(422);
				}
			}
		}
		finally {
			service.stop();
		}
	}

	@Test
	void whoComesBackAfterARestartMissesNothing() throws IOException, InterruptedException {
		ServiceProcess first = ServiceProcess.start(this.data);
		String run = submit(first, "exec sleep 1000");
		Followed followed = new Followed();
		followed.read(first, run, 5);
		first.kill();
		ServiceProcess second = ServiceProcess.start(this.data);
		try {
			while (!followed.ended) {
				followed.read(second, run, 5);
			}
			assertThat(followed.stdout.toString()).isEqualTo(second.client().text(log(run, "stdout")))
				.startsWith("line 0: ü 語 😀\nline 1:");
			assertThat(followed.state).isEqualTo("FAILED");
		}
		finally {
			second.stop();
		}
	}

	@Test
	void anotherAttemptBeginsItsLogAnew() throws IOException, InterruptedException {
		ServiceProcess first = ServiceProcess.start(this.data);
		String run = first.client()
			.submit("{\"maxAttempts\": 2, \"runtime\": {\"type\": \"python\", \"command\": [\"sh\", \"job.sh\"]}}",
					Map.of("job.sh", "echo begins; grep -q '\"attempt\" : 2' /workspace/job.json || exec sleep 1000"));
		Followed followed = new Followed();
		followed.read(first, run, 2);
		assertThat(followed.stdout.toString()).isEqualTo("begins\n");
		first.kill();
		ServiceProcess second = ServiceProcess.start(this.data);
		try {
			while (!followed.ended) {
				followed.read(second, run, 5);
			}
			assertThat(followed.attempts).containsExactly(1, 2);
			assertThat(followed.stdout.toString()).isEqualTo("begins\n");
			assertThat(followed.state).isEqualTo("SUCCEEDED");
		}
		finally {
			second.stop();
		}
	}

	@Test
	void thereIsABoundOnThoseWhoFollow() throws IOException, InterruptedException {
		ServiceProcess service = ServiceProcess.start(this.data, "--reprise.followers=1");
		try {
			String run = submit(service, "");
			try (EventStream one = open(service, run, null); EventStream two = open(service, run, null)) {
				assertThat(two.status()).isEqualTo(429);
				assertThat(two.header("Retry-After")).isNotNull();
				assertThat(service.client().text("/runs/" + run + "/logs")).isNotNull();
				while (one.next() != null) {
					// to its end
				}
			}
			Await.until(java.time.Duration.ofSeconds(5), () -> {
				try (EventStream three = open(service, run, null)) {
					return java.util.Optional.of(three.status() == 200);
				}
			});
		}
		finally {
			service.stop();
		}
	}

	private static String submit(ServiceProcess service, String then) throws IOException, InterruptedException {
		return service.client()
			.submit("{\"runtime\": {\"type\": \"python\", \"command\": [\"sh\", \"job.sh\"]}}",
					Map.of("job.sh", TALKS.replace("THEN", then)));
	}

	private static String log(String run, String stream) {
		return "/runs/" + run + "/logs?stream=" + stream;
	}

	private static EventStream open(ServiceProcess service, String run, @Nullable String last)
			throws IOException, InterruptedException {
		return new EventStream(service.address() + "/api/v1/runs/" + run + "/logs", last);
	}

	/**
	 * What a client has so far.
	 */
	private static final class Followed {

		private final List<Integer> attempts = new ArrayList<>();

		private StringBuilder stdout = new StringBuilder();

		private StringBuilder stderr = new StringBuilder();

		private @Nullable String last;

		private String state = "";

		private boolean ended;

		private int connections;

		/**
		 * Connects, reads some events and goes away.
		 */
		void read(ServiceProcess service, String run, int events) throws IOException, InterruptedException {
			this.connections++;
			try (EventStream stream = open(service, run, this.last)) {
				assertThat(stream.status()).isIn(200, 429);
				for (int i = 0; i < events && stream.status() == 200; i++) {
					EventStream.Event event = stream.next();
					if (event == null) {
						return;
					}
					this.last = event.id();
					switch (event.name()) {
						case "attempt" -> {
							if (event.data().path("attempt").asInt() > 0) {
								this.attempts.add(event.data().path("attempt").asInt());
							}
							this.stdout = new StringBuilder();
							this.stderr = new StringBuilder();
						}
						case "stdout" -> this.stdout.append(event.data().path("text").asString());
						case "stderr" -> this.stderr.append(event.data().path("text").asString());
						default -> {
							this.state = event.data().path("state").asString();
							this.ended = true;
						}
					}
				}
			}
		}

	}

}
