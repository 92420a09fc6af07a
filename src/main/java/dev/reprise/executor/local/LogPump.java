package dev.reprise.executor.local;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.BiConsumer;

import dev.reprise.executor.Cause;

/**
 * Copies one stream of a job into its log until the stream ends. It is read on past the
 * limit, so that the job never waits for a full pipe.
 */
final class LogPump {

	private static final int HEAD_BYTES = 4096;

	private final InputStream in;

	private final Path file;

	private final LogBudget budget;

	private final BiConsumer<Cause, String> end;

	private final Thread thread;

	private final byte[] head = new byte[HEAD_BYTES];

	private int headLength;

	private volatile boolean truncated;

	/**
	 * @param budget shared by the streams of one job
	 * @param end told when it is used up, and when the file cannot be written
	 */
	LogPump(String name, InputStream in, Path file, LogBudget budget, BiConsumer<Cause, String> end) {
		this.in = in;
		this.file = file;
		this.budget = budget;
		this.end = end;
		this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
	}

	void start() {
		this.thread.start();
	}

	private void run() {
		try (LogFile out = new LogFile(this.file, this.budget)) {
			pump(out);
		}
		catch (IOException ex) {
			this.truncated = true;
			this.end.accept(Cause.OUT_OF_DISK, "the log cannot be written: " + ex.getMessage());
			drain();
		}
	}

	private void pump(LogFile out) throws IOException {
		byte[] buffer = new byte[64 * 1024];
		for (int length = read(buffer); length >= 0; length = read(buffer)) {
			if (this.headLength < HEAD_BYTES) {
				int take = Math.min(length, HEAD_BYTES - this.headLength);
				System.arraycopy(buffer, 0, this.head, this.headLength, take);
				this.headLength += take;
			}
			out.write(buffer, length);
			this.truncated = out.hasGap();
			if (!this.budget.spend(length)) {
				this.end.accept(Cause.LOG_LIMIT, "the job wrote more log than it may");
			}
		}
	}

	private int read(byte[] buffer) {
		try {
			return this.in.read(buffer);
		}
		catch (IOException ex) {
			// the stream was closed when the process ended
			return -1;
		}
	}

	private void drain() {
		byte[] buffer = new byte[64 * 1024];
		while (read(buffer) >= 0) {
			this.truncated = true;
		}
	}

	/**
	 * Waits for the end of the stream, for something outside the job's reach may hold it
	 * open.
	 */
	void await(Duration atMost) throws InterruptedException {
		if (!this.thread.join(atMost)) {
			this.truncated = true;
		}
	}

	boolean truncated() {
		return this.truncated;
	}

	/**
	 * The first bytes of the stream as text.
	 */
	String head() {
		return new String(Arrays.copyOf(this.head, this.headLength), StandardCharsets.UTF_8).strip();
	}

}
