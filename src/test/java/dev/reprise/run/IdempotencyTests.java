package dev.reprise.run;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.reprise.service.Answer;
import dev.reprise.service.Api;
import dev.reprise.service.ServiceTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Requests that are sent again with one Idempotency-Key take effect once.
 */
@ServiceTest
class IdempotencyTests {

	private final Api api;

	IdempotencyTests(Api api) {
		this.api = api;
	}

	@Test
	void theSameRequestAgainGivesTheSameRunAndStatus() {
		String spec = this.api.spec(Api.TRUE).put("name", "again").toString();
		Answer first = send("/api/v1/runs", "again", spec).is(201);
		Answer second = send("/api/v1/runs", "again", spec).is(201);
		assertThat(second.id()).isEqualTo(first.id());
		assertThat(second.header("Location")).isEqualTo(first.header("Location"));
		assertThat(named("again")).isEqualTo(1);
		this.api.ended(first.id());
		assertThat(send("/api/v1/runs", "again", spec).is(201).id()).isEqualTo(first.id());
	}

	@Test
	void aHundredIdenticalSubmissionsAtOnceAreOneRun() throws Exception {
		String spec = this.api.spec(Api.TRUE).put("name", "hundred").toString();
		Set<String> ids = new HashSet<>();
		for (Answer answer : atOnce(100, () -> send("/api/v1/runs", "hundred", spec))) {
			ids.add(answer.is(201).id());
		}
		assertThat(ids).hasSize(1);
		assertThat(named("hundred")).isEqualTo(1);
	}

	@Test
	void anotherRequestUnderAKeyIsRefused() {
		String spec = this.api.spec(Api.TRUE).put("name", "other").toString();
		String run = send("/api/v1/runs", "other", spec).is(201).id();
		send("/api/v1/runs", "other", spec.replace("\"seed\":1", "\"seed\":2")).isProblem(409);
		this.api.ended(run);
		send("/api/v1/runs/" + run + "/replays", "other", "{}").isProblem(409);
		assertThat(named("other")).isEqualTo(1);
	}

	@Test
	void aRequestThatWasRefusedDoesNotUseUpItsKey() {
		send("/api/v1/runs", "refused", "{}").isProblem(422);
		send("/api/v1/runs", "refused", this.api.spec(Api.TRUE).toString()).is(201);
	}

	@Test
	void submissionsWithCodeTakeAKeyToo() {
		String spec = "{\"seed\": 1, \"determinism\": \"off\", \"runtime\": " + Api.TRUE + "}";
		String first = multipart(spec, "x = 1\n").is(201).id();
		assertThat(multipart(spec, "x = 1\n").is(201).id()).isEqualTo(first);
		multipart(spec, "x = 2\n").isProblem(409);
	}

	private Answer multipart(String spec, String code) {
		return this.api.send(this.api.multipart()
			.spec(spec)
			.code("train.py", code)
			.request()
			.header("Idempotency-Key", "multipart"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "a b", "ü", "a\tb" })
	void aKeyOfNoGoodFormIsRefused(String key) {
		String spec = this.api.spec(Api.TRUE).put("name", "bad key").toString();
		String answer = this.api
			.raw("POST /api/v1/runs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
					+ "Idempotency-Key: " + key + "\r\nContent-Length: " + spec.length()
					+ "\r\nConnection: close\r\n\r\n" + spec);
		assertThat(answer).startsWith("HTTP/1.1 422").contains("Idempotency-Key");
		assertThat(named("bad%20key")).isZero();
	}

	@Test
	void keysHaveABoundedLength() {
		String spec = this.api.spec(Api.TRUE).toString();
		send("/api/v1/runs", "k".repeat(128), spec).is(201);
		assertThat(send("/api/v1/runs", "k".repeat(129), spec).isProblem(422).fields())
			.containsExactly("Idempotency-Key");
		int status = send("/api/v1/runs", "k".repeat(100_000), spec).status();
		assertThat(status).isIn(400, 431);
	}

	@Test
	void replaysTakeAKeyToo() throws Exception {
		String run = this.api.submit(this.api.spec(Api.TRUE));
		this.api.ended(run);
		String path = "/api/v1/runs/" + run + "/replays";
		List<String> first = items(send(path, "replays", "{\"count\": 2}").is(201));
		assertThat(first).hasSize(2);
		assertThat(items(send(path, "replays", "{\"count\": 2}").is(201))).isEqualTo(first);
		send(path, "replays", "{\"count\": 1}").isProblem(409);
		assertThat(items(this.api.get(path))).isEqualTo(first);
		Set<List<String>> made = new HashSet<>();
		for (Answer answer : atOnce(20, () -> send(path, "replays-at-once", "{\"count\": 2}"))) {
			made.add(items(answer.is(201)));
		}
		assertThat(made).hasSize(1);
		assertThat(items(this.api.get(path))).hasSize(4);
	}

	private static List<String> items(Answer answer) {
		List<String> ids = new ArrayList<>();
		for (JsonNode item : answer.json().path("items")) {
			ids.add(item.path("id").asString());
		}
		return ids;
	}

	private int named(String name) {
		return this.api.get("/api/v1/runs?name=" + name).is(200).json().path("items").size();
	}

	private Answer send(String path, String key, String body) {
		HttpRequest.Builder request = this.api.to(path)
			.header("Content-Type", "application/json")
			.header("Idempotency-Key", key)
			.POST(BodyPublishers.ofString(body));
		return this.api.send(request);
	}

	private static List<Answer> atOnce(int count, Callable<Answer> request) throws Exception {
		CountDownLatch start = new CountDownLatch(1);
		List<Answer> answers = new ArrayList<>();
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			List<Future<Answer>> all = new ArrayList<>();
			for (int i = 0; i < count; i++) {
				all.add(threads.submit(() -> {
					start.await();
					return request.call();
				}));
			}
			start.countDown();
			for (Future<Answer> one : all) {
				answers.add(one.get());
			}
		}
		return answers;
	}

}
