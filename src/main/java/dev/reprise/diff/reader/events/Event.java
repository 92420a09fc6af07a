package dev.reprise.diff.reader.events;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.reprise.diff.reader.bytes.NotReadException;
import dev.reprise.diff.reader.part.Spans;

import org.jspecify.annotations.Nullable;

/**
 * One record of an event file.
 *
 * @see <a href=
 * "https://github.com/tensorflow/tensorboard/blob/master/tensorboard/compat/proto/event.proto">
 * event.proto</a>
 */
final class Event {

	private static final int WALL_TIME = 1;

	private static final int STEP = 2;

	private static final int SUMMARY = 5;

	private static final Map<Integer, String> OTHERS = Map.of(3, "file version", 4, "graph", 6, "log message", 7,
			"session log", 8, "run metadata", 9, "meta graph", 10, "writer");

	private final byte[] bytes;

	private final List<Time> times;

	private final Spans setApart;

	private final List<Entry> entries;

	private Event(byte[] bytes, List<Time> times, Spans setApart, List<Entry> entries) {
		this.bytes = bytes;
		this.times = List.copyOf(times);
		this.setApart = setApart;
		this.entries = List.copyOf(entries);
	}

	/** What is set apart: when it was written, when a session began or ended. */
	List<Time> times() {
		return this.times;
	}

	/** Everything else that it says. */
	List<Entry> entries() {
		return this.entries;
	}

	/** Whether both are equal but for the bytes of what is set apart. */
	boolean sameAround(Event other) {
		return Spans.sameAround(this.bytes, this.setApart, other.bytes, other.setApart);
	}

	/**
	 * A time that is set apart.
	 *
	 * @param what it is
	 * @param seconds since 1970
	 */
	record Time(String what, double seconds) {

		String inWords() {
			return new BigDecimal(this.seconds).setScale(3, java.math.RoundingMode.HALF_EVEN).toPlainString();
		}

	}

	/**
	 * Reads one record.
	 * @throws NotReadException if it is no event
	 */
	static Event read(byte[] bytes) throws NotReadException {
		List<Time> times = new ArrayList<>();
		Spans setApart = new Spans();
		List<Entry> entries = new ArrayList<>();
		long step = step(bytes);
		Wire event = new Wire(bytes, 0, bytes.length);
		while (event.next()) {
			if (event.is(WALL_TIME, Wire.FIXED64)) {
				time("wall time", event, times, setApart);
			}
			else if (event.is(SUMMARY, Wire.BYTES)) {
				Wire summary = event.message();
				while (summary.next()) {
					entries
						.add(summary.is(1, Wire.BYTES) ? new SummaryValue(bytes, summary, step, times, setApart).entry()
								: other(bytes, "summary field " + summary.field(), summary, step));
				}
			}
			else if (!event.is(STEP, Wire.VARINT)) {
				entries.add(other(bytes, OTHERS.getOrDefault(event.field(), "field " + event.field()), event, step));
			}
		}
		return new Event(bytes, times, setApart, entries);
	}

	private static long step(byte[] bytes) throws NotReadException {
		Wire event = new Wire(bytes, 0, bytes.length);
		long step = 0;
		while (event.next()) {
			step = event.is(STEP, Wire.VARINT) ? event.number() : step;
		}
		return step;
	}

	/**
	 * Sets the field's number apart as a time.
	 * @throws NotReadException if it is none
	 */
	static void time(String what, Wire field, List<Time> times, Spans setApart) throws NotReadException {
		double seconds = field.float64();
		if (!Double.isFinite(seconds)) {
			throw new NotReadException("a " + what + " in it is no time");
		}
		if (times.stream().anyMatch((time) -> time.what().equals("wall time")) && what.equals("wall time")) {
			throw new NotReadException("a record of it has two wall times");
		}
		times.add(new Time(what, seconds));
		setApart.add(field.from(), field.to());
	}

	private static Entry other(byte[] bytes, String name, Wire field, long step) {
		return new Entry(new Entry.Key(name, step, 0), null, Digests.shown(bytes, field.from(), field.to()),
				Digests.of(bytes, field.from(), field.to()));
	}

	/**
	 * The same with each entry's occurrence counted.
	 */
	Event counted(java.util.function.ToIntFunction<Entry.Key> counter) {
		return new Event(this.bytes, this.times, this.setApart,
				this.entries.stream()
					.map((entry) -> new Entry(
							new Entry.Key(entry.key().name(), entry.key().step(), counter.applyAsInt(entry.key())),
							entry.number(), entry.shown(), entry.rest()))
					.toList());
	}

	/** Whether both are about the same things in the same order. */
	boolean isLike(@Nullable Event other) {
		return other != null && this.entries.stream()
			.map(Entry::key)
			.toList()
			.equals(other.entries.stream().map(Entry::key).toList());
	}

}
