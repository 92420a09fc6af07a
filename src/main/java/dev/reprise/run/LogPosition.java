package dev.reprise.run;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.reprise.http.RequestException;
import org.jspecify.annotations.Nullable;

/**
 * How far someone has read the logs of a run: the id of an event, after which the next
 * goes on.
 *
 * @param attempt whose logs, 0 before there was one: another attempt begins anew
 * @param stdout bytes of standard output that have been read
 * @param stderr bytes of standard error that have been read
 * @param ended whether all was read, and the run has ended
 */
record LogPosition(int attempt, long stdout, long stderr, boolean ended) {

	static final LogPosition START = new LogPosition(0, 0, 0, false);

	private static final Pattern FORM = Pattern.compile("(\\d{1,9})-(\\d{1,18})-(\\d{1,18})(-end)?");

	/**
	 * Reads the id of the last event that a client has.
	 * @param id as it was sent, or null for the beginning
	 * @throws RequestException if it is none of ours
	 */
	static LogPosition read(@Nullable String id) {
		if (id == null || id.isEmpty()) {
			return START;
		}
		Matcher matcher = FORM.matcher(id);
		if (!matcher.matches()) {
			throw RequestException.invalid("Last-Event-ID", "is no id of an event of this stream",
					"send the id of the last event that you have, or none to begin at the beginning");
		}
		return new LogPosition(Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(2)),
				Long.parseLong(matcher.group(3)), matcher.group(4) != null);
	}

	long of(String stream) {
		return stream.equals("stdout") ? this.stdout : this.stderr;
	}

	LogPosition after(String stream, int bytes) {
		return stream.equals("stdout") ? new LogPosition(this.attempt, this.stdout + bytes, this.stderr, false)
				: new LogPosition(this.attempt, this.stdout, this.stderr + bytes, false);
	}

	LogPosition end() {
		return new LogPosition(this.attempt, this.stdout, this.stderr, true);
	}

	/**
	 * The id of the event that leads here.
	 */
	String id() {
		return this.attempt + "-" + this.stdout + "-" + this.stderr + (this.ended ? "-end" : "");
	}

}
