package dev.reprise.executor.local;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.reprise.run.LogParts;
import org.jspecify.annotations.Nullable;

/**
 * The log of one stream: its beginning, and of what comes after that the last two parts.
 * Both are on the disk at any moment, so that a service that is killed leaves them.
 */
final class LogFile implements Closeable {

	private final Path file;

	private final LogBudget budget;

	private final OutputStream head;

	private long headLength;

	private boolean headFull;

	private long length;

	private @Nullable OutputStream part;

	private @Nullable Path current;

	private @Nullable Path last;

	private long partLength;

	private volatile boolean gap;

	LogFile(Path file, LogBudget budget) throws IOException {
		this.file = file;
		this.budget = budget;
		this.head = Files.newOutputStream(file);
	}

	void write(byte[] bytes, int count) throws IOException {
		int from = this.headFull ? 0 : this.budget.head(count);
		this.head.write(bytes, 0, from);
		this.headLength += from;
		this.length += from;
		while (from < count) {
			this.headFull = true;
			OutputStream to = this.part;
			if (to == null || this.partLength == this.budget.part()) {
				to = nextPart();
			}
			int some = (int) Math.min(count - from, this.budget.part() - this.partLength);
			to.write(bytes, from, some);
			this.partLength += some;
			this.length += some;
			from += some;
		}
	}

	private OutputStream nextPart() throws IOException {
		OutputStream before = this.part;
		if (before != null) {
			before.close();
		}
		if (this.last != null) {
			Files.delete(this.last);
			this.gap = true;
		}
		this.last = this.current;
		this.current = LogParts.tail(this.file, this.headLength, this.length);
		OutputStream next = Files.newOutputStream(this.current);
		this.part = next;
		this.partLength = 0;
		return next;
	}

	/**
	 * Whether something was left out.
	 */
	boolean hasGap() {
		return this.gap;
	}

	@Override
	public void close() throws IOException {
		this.head.close();
		OutputStream open = this.part;
		if (open != null) {
			open.close();
		}
		LogParts.join(this.file);
	}

}
