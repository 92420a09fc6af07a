package dev.reprise.run;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Sends one client what is added to the logs of a run.
 */
final class LogFollower {

	private static final Logger log = LoggerFactory.getLogger(LogFollower.class);

	private static final int CHUNK_BYTES = 64 * 1024;

	/**
	 * A file tells nobody that it has grown.
	 */
	private static final Duration LOOK = Duration.ofMillis(200);

	/**
	 * A client that is gone is noticed when something is sent to it.
	 */
	private static final Duration HEARTBEAT = Duration.ofSeconds(10);

	private final Runs runs;

	private final RunFolders folders;

	private final String id;

	private final LogStreams streams;

	private final SseEmitter emitter;

	private final BooleanSupplier serving;

	private LogPosition position = LogPosition.START;

	private long sentAt = System.nanoTime();

	LogFollower(Runs runs, RunFolders folders, String id, LogStreams streams, SseEmitter emitter,
			BooleanSupplier serving) {
		this.runs = runs;
		this.folders = folders;
		this.id = id;
		this.streams = streams;
		this.emitter = emitter;
		this.serving = serving;
	}

	/**
	 * Follows until the run has ended, the service stops, or the client is gone.
	 */
	void follow(LogPosition from) {
		this.position = from;
		try {
			// At once, so that the client knows that it is connected.
			beat();
			while (this.serving.getAsBoolean() && !step()) {
				if (System.nanoTime() - this.sentAt > HEARTBEAT.toNanos()) {
					beat();
				}
				LockSupport.parkNanos(LOOK.toNanos());
			}
			this.emitter.complete();
		}
		catch (IOException | IllegalStateException ex) {
			log.debug("a client that followed run {} is gone", this.id, ex);
			this.emitter.completeWithError(ex);
		}
		catch (RuntimeException ex) {
			log.error("the log of run {} could not be followed", this.id, ex);
			this.emitter.completeWithError(ex);
		}
	}

	/**
	 * Sends all that is there now.
	 * @return whether that was the last of it
	 */
	private boolean step() throws IOException {
		// Before the logs are read: nothing is added to them after the run has ended.
		Run run = this.runs.get(this.id);
		boolean last = run.state().isFinal();
		if (run.attempt() != this.position.attempt()) {
			this.position = new LogPosition(run.attempt(), 0, 0, false);
			send("attempt", Map.of("attempt", run.attempt()));
		}
		for (String stream : this.streams.names()) {
			while (this.serving.getAsBoolean() && sendNext(run, stream, last)) {
				// until there is no more
			}
		}
		if (last && this.serving.getAsBoolean()) {
			this.position = this.position.end();
			send("end", Map.of("state", run.state()));
		}
		return last;
	}

	private boolean sendNext(Run run, String stream, boolean last) throws IOException {
		byte[] bytes;
		try (InputStream in = new LogResource(this.folders, run, stream + ".log").getInputStream()) {
			in.skipNBytes(this.position.of(stream));
			bytes = in.readNBytes(CHUNK_BYTES);
		}
		catch (java.io.EOFException ex) {
			// It is shorter than what the client says that it has.
			return false;
		}
		int length = last && bytes.length < CHUNK_BYTES ? bytes.length : whole(bytes);
		if (length == 0) {
			return false;
		}
		this.position = this.position.after(stream, length);
		send(stream, Map.of("text", new String(Arrays.copyOf(bytes, length), StandardCharsets.UTF_8)));
		return true;
	}

	/**
	 * How many of the bytes do not end within a character of UTF-8.
	 */
	private static int whole(byte[] bytes) {
		for (int back = 1; back <= Math.min(3, bytes.length); back++) {
			int unsigned = bytes[bytes.length - back] & 0xff;
			if (unsigned >= 0xc0) {
				int needs = (unsigned >= 0xf0) ? 4 : (unsigned >= 0xe0) ? 3 : 2;
				return (needs > back) ? bytes.length - back : bytes.length;
			}
			if (unsigned < 0x80) {
				return bytes.length;
			}
		}
		return bytes.length;
	}

	private void send(String event, Map<String, Object> data) throws IOException {
		this.emitter.send(SseEmitter.event().id(this.position.id()).name(event).data(data));
		this.sentAt = System.nanoTime();
	}

	private void beat() throws IOException {
		this.emitter.send(SseEmitter.event().comment("still here"));
		this.sentAt = System.nanoTime();
	}

}
