package dev.reprise.service;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import dev.reprise.artifact.Digest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Talks to the service as any client does.
 */
public final class Api {

	/**
	 * Ends at once and loads nothing.
	 */
	public static final String TRUE = "{\"type\": \"python\", \"command\": [\"true\"]}";

	/**
	 * Ends when it is cancelled.
	 */
	public static final String SLEEP = "{\"type\": \"python\", \"command\": [\"sleep\", \"600\"]}";

	private static final JsonMapper JSON = JsonMapper.shared();

	private static final Set<String> FINAL = Set.of("SUCCEEDED", "FAILED", "CANCELLED");

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final int port;

	public Api(int port) {
		this.port = port;
	}

	public int port() {
		return this.port;
	}

	/**
	 * A request to a path, which is sent as it is written.
	 */
	public HttpRequest.Builder to(String path) {
		return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + this.port + path)).timeout(PATIENCE);
	}

	public Answer send(HttpRequest.Builder request) {
		try {
			return new Answer(this.http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray()));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	public Answer get(String path) {
		return send(to(path).GET());
	}

	public Answer post(String path, String json) {
		return send(to(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(json)));
	}

	public Answer post(String path, String contentType, byte[] body) {
		return send(to(path).header("Content-Type", contentType).POST(BodyPublishers.ofByteArray(body)));
	}

	/**
	 * What the service answers to bytes that no HTTP client would send.
	 * @return all of the answer, headers included
	 */
	public String raw(String request) {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			socket.setSoTimeout((int) PATIENCE.toMillis());
			socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
			socket.getOutputStream().flush();
			return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * The first line of what the service answers to a path that no HTTP client would
	 * send.
	 */
	public String rawGet(String path) {
		return raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
	}

	/**
	 * Keeps bytes in the store.
	 * @return their digest
	 */
	public String blob(byte[] bytes) {
		String digest = Digest.of(bytes).value();
		Answer answer = send(to("/api/v1/blobs/" + digest).PUT(BodyPublishers.ofByteArray(bytes)));
		if (answer.status() != 204) {
			answer.is(201);
		}
		return digest;
	}

	/**
	 * The digest of code that is one small program.
	 */
	public String code() {
		return blob(zip("train.py", "print('hello')\n"));
	}

	/**
	 * A spec of a job that imports nothing.
	 * @param runtime {@link #TRUE}, {@link #SLEEP} or another
	 */
	public ObjectNode spec(String runtime) {
		ObjectNode spec = JSON.createObjectNode();
		spec.put("seed", 1).put("determinism", "off").put("code", code());
		spec.set("runtime", JSON.readTree(runtime));
		spec.putObject("resources").put("memory", "128MiB");
		return spec;
	}

	/**
	 * The id of a run that was accepted.
	 */
	public String submit(ObjectNode spec) {
		return post("/api/v1/runs", spec.toString()).is(201).id();
	}

	/**
	 * A run that has ended.
	 */
	public JsonNode ended(String id) {
		return await("/api/v1/runs/" + id, (run) -> FINAL.contains(run.path("state").asString()));
	}

	/**
	 * What is at a path, once it is as it should be.
	 */
	public JsonNode await(String path, Predicate<JsonNode> good) {
		long deadline = System.nanoTime() + PATIENCE.toNanos();
		while (true) {
			JsonNode now = get(path).is(200).json();
			if (good.test(now)) {
				return now;
			}
			if (System.nanoTime() > deadline) {
				throw new AssertionError("after " + PATIENCE + " it still is " + now);
			}
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(25));
		}
	}

	/**
	 * A multipart request under way.
	 */
	public Multipart multipart() {
		return new Multipart();
	}

	public static byte[] zip(String name, String content) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
			// A fixed time, so that equal content is one blob.
			ZipEntry entry = new ZipEntry(name);
			entry.setTime(0);
			zip.putNextEntry(entry);
			zip.write(content.getBytes(StandardCharsets.UTF_8));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return bytes.toByteArray();
	}

	/**
	 * A body of parts, each as it is given.
	 */
	public final class Multipart {

		private static final String BOUNDARY = "a-boundary-of-tests";

		private final ByteArrayOutputStream body = new ByteArrayOutputStream();

		private Multipart() {
		}

		public Multipart spec(String json) {
			return part("name=\"spec\"", "application/json", json.getBytes(StandardCharsets.UTF_8));
		}

		public Multipart code(String fileName, String content) {
			return code(fileName, content.getBytes(StandardCharsets.UTF_8));
		}

		public Multipart code(String fileName, byte[] content) {
			return part("name=\"code\"; filename=\"" + fileName + "\"", "application/octet-stream", content);
		}

		public Multipart part(String disposition, String type, byte[] content) {
			this.body.writeBytes(("--" + BOUNDARY + "\r\nContent-Disposition: form-data; " + disposition
					+ "\r\nContent-Type: " + type + "\r\n\r\n")
				.getBytes(StandardCharsets.UTF_8));
			this.body.writeBytes(content);
			this.body.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
			return this;
		}

		public HttpRequest.Builder request() {
			this.body.writeBytes(("--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
			return to("/api/v1/runs").header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
				.POST(BodyPublishers.ofByteArray(this.body.toByteArray()));
		}

		public Answer send() {
			return Api.this.send(request());
		}

	}

}
