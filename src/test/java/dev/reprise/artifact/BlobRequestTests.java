package dev.reprise.artifact;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;

import dev.reprise.service.Answer;
import dev.reprise.service.Api;
import dev.reprise.service.ServiceTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Files that are put and fetched by their digest.
 */
@ServiceTest
class BlobRequestTests {

	private static final byte[] BYTES = "0123456789".getBytes(StandardCharsets.UTF_8);

	private static final String DIGEST = Digest.of(BYTES).value();

	private final Api api;

	private final BlobStore store;

	private final DataFolder data;

	BlobRequestTests(Api api, BlobStore store, DataFolder data) {
		this.api = api;
		this.store = store;
		this.data = data;
	}

	@Test
	void bytesUnderAnotherDigestAreNotKept() throws Exception {
		String wrong = Digest.of("something else".getBytes(StandardCharsets.UTF_8)).value();
		Answer answer = put(wrong, "application/octet-stream", "not kept".getBytes(StandardCharsets.UTF_8))
			.isProblem(422);
		String actual = Digest.of("not kept".getBytes(StandardCharsets.UTF_8)).value();
		assertThat(answer.said("body")).contains(wrong, actual);
		get(wrong).isProblem(404);
		get(actual).isProblem(404);
		try (var incoming = Files.walk(this.data.root().resolve("blobs/incoming"))) {
			assertThat(incoming.filter(Files::isRegularFile).filter((file) -> file.toFile().length() > 0)).isEmpty();
		}
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "sha256:AB", "sha256:", "abc", "sha512:" + "0", "sha256:zz", "..", "%2e%2e", "sha256%3aab" })
	void whatIsNoDigestIsRefused(String digest) {
		put(digest, "text/plain", BYTES).isProblem(422);
	}

	@Test
	void upperCaseIsNoDigest() {
		String upper = "sha256:" + DIGEST.substring(7).toUpperCase(Locale.ROOT);
		assertThat(put(upper, "text/plain", BYTES).isProblem(422).said("digest")).contains("lower-case");
		get(upper).isProblem(422);
		get(DIGEST.substring(0, 70)).isProblem(422);
		get(DIGEST + "0").isProblem(422);
		get("sha256:" + "../".repeat(21) + "x").isProblem(400);
	}

	@ParameterizedTest
	@ValueSource(strings = { "application/octet-stream", "application/x-www-form-urlencoded", "multipart/form-data",
			"multipart/form-data; boundary=x", "application/json", "text/plain;charset=utf-16", "application/yaml",
			"nonsense" })
	void anyContentTypeIsTakenAndNoneIsLookedInto(String type) {
		byte[] bytes = ("a=1&b=%20&type=" + type + "\r\n--x\r\n").getBytes(StandardCharsets.UTF_8);
		String digest = Digest.of(bytes).value();
		put(digest, type, bytes).is(201);
		assertThat(get(digest).is(200).bytes()).isEqualTo(bytes);
	}

	@Test
	void noContentTypeIsTakenToo() {
		byte[] bytes = "no type".getBytes(StandardCharsets.UTF_8);
		Answer answer = this.api
			.send(this.api.to("/api/v1/blobs/" + Digest.of(bytes)).PUT(BodyPublishers.ofByteArray(bytes)))
			.is(201);
		assertThat(answer.header("Location")).isEqualTo("/api/v1/blobs/" + Digest.of(bytes));
	}

	@Test
	void twiceIsOnce() {
		byte[] bytes = "twice".getBytes(StandardCharsets.UTF_8);
		String digest = Digest.of(bytes).value();
		put(digest, "text/plain", bytes).is(201);
		put(digest, "text/plain", bytes).is(204);
		assertThat(get(digest).bytes()).isEqualTo(bytes);
	}

	@Test
	void theEmptyFileIsAFile() {
		String digest = Digest.of(new byte[0]).value();
		this.api.blob(new byte[0]);
		assertThat(get(digest).is(200).bytes()).isEmpty();
	}

	@Test
	void aBlobIsSentAsItIsAndNeverShownAsAPage() {
		String digest = this.api.blob("<script>alert(1)</script>".getBytes(StandardCharsets.UTF_8));
		Answer answer = get(digest).is(200);
		assertThat(answer.header("Content-Type")).isEqualTo("application/octet-stream");
		assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
		assertThat(answer.header("ETag")).isEqualTo("\"" + digest + "\"");
		assertThat(answer.header("Content-Length")).isEqualTo("25");
	}

	@Test
	void headHasTheHeadersAndNoBody() {
		this.api.blob(BYTES);
		Answer head = this.api.send(this.api.to("/api/v1/blobs/" + DIGEST).method("HEAD", BodyPublishers.noBody()))
			.is(200);
		assertThat(head.bytes()).isEmpty();
		assertThat(head.header("Content-Length")).isEqualTo("10");
		assertThat(head.header("ETag")).isEqualTo("\"" + DIGEST + "\"");
		this.api.send(this.api.to("/api/v1/blobs/sha256:" + "0".repeat(64)).method("HEAD", BodyPublishers.noBody()))
			.is(404);
	}

	@Test
	void rangesGiveWhatTheyName() {
		this.api.blob(BYTES);
		Answer some = range("bytes=2-4").is(206);
		assertThat(some.text()).isEqualTo("234");
		assertThat(some.header("Content-Range")).isEqualTo("bytes 2-4/10");
		assertThat(range("bytes=7-").is(206).text()).isEqualTo("789");
		assertThat(range("bytes=-3").is(206).text()).isEqualTo("789");
		assertThat(range("bytes=8-99").is(206).text()).isEqualTo("89");
		Answer several = range("bytes=0-1,8-9").is(206);
		assertThat(several.header("Content-Type")).startsWith("multipart/byteranges");
		assertThat(several.text()).contains("01", "89", "Content-Range: bytes 0-1/10", "Content-Range: bytes 8-9/10");
	}

	@ParameterizedTest
	@ValueSource(strings = { "bytes=10-", "bytes=5-2", "bytes=x-y", "bytes=99-100", "bytes=-0",
			"bytes=99999999999999999999-" })
	void rangesThatAreNotThereAre416(String range) {
		this.api.blob(BYTES);
		Answer answer = range(range).isProblem(416);
		assertThat(answer.header("Content-Range")).isEqualTo("bytes */10");
		assertThat(answer.header("ETag")).isEmpty();
		assertThat(answer.text()).doesNotContain(new String(BYTES, StandardCharsets.UTF_8));
	}

	@Test
	void aRangeOfOtherBytesThanTheClientHasIsTheWholeFile() {
		String path = "/api/v1/blobs/" + this.api.blob(BYTES);
		String etag = this.api.get(path).header("ETag");
		Answer other = this.api
			.send(this.api.to(path).header("Range", "bytes=2-4").header("If-Range", "\"sha256:00\"").GET())
			.is(200);
		assertThat(other.bytes()).isEqualTo(BYTES);
		Answer same = this.api.send(this.api.to(path).header("Range", "bytes=2-4").header("If-Range", etag).GET())
			.is(206);
		assertThat(same.text()).isEqualTo("234");
	}

	@Test
	void rangesWithoutEndAreNotServedManyTimesOver() {
		String digest = this.api.blob(new byte[100_000]);
		String ranges = "bytes=" + String.join(",", java.util.Collections.nCopies(700, "0-99999"));
		Answer answer = this.api.send(this.api.to("/api/v1/blobs/" + digest).header("Range", ranges).GET());
		assertThat(answer.bytes().length).isLessThan(1_000_000);
	}

	@Test
	void whoHasItAlreadyIsToldSo() {
		this.api.blob(BYTES);
		for (String tag : List.of("\"" + DIGEST + "\"", "\"x\", \"" + DIGEST + "\"", "W/\"" + DIGEST + "\"")) {
			Answer answer = this.api.send(this.api.to("/api/v1/blobs/" + DIGEST).header("If-None-Match", tag).GET())
				.is(304);
			assertThat(answer.bytes()).isEmpty();
		}
		this.api.send(this.api.to("/api/v1/blobs/" + DIGEST).header("If-None-Match", "\"x\"").GET()).is(200);
	}

	@Test
	void aBodyThatEndsTooEarlyIsNotKept() {
		byte[] bytes = "this body ends too early".getBytes(StandardCharsets.UTF_8);
		String digest = Digest.of(bytes).value();
		String answer = this.api.raw("PUT /api/v1/blobs/" + digest + " HTTP/1.1\r\nHost: localhost\r\n"
				+ "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\nthis \r\nzz\r\n");
		assertThat(answer).containsPattern("^HTTP/1.1 400");
		assertThat(this.store.has(new Digest(digest))).isFalse();
	}

	private Answer put(String digest, String type, byte[] bytes) {
		return this.api.send(this.api.to("/api/v1/blobs/" + digest)
			.header("Content-Type", type)
			.PUT(BodyPublishers.ofByteArray(bytes)));
	}

	private Answer get(String digest) {
		return this.api.get("/api/v1/blobs/" + digest);
	}

	private Answer range(String range) {
		return this.api.send(this.api.to("/api/v1/blobs/" + DIGEST).header("Range", range).GET());
	}

}
