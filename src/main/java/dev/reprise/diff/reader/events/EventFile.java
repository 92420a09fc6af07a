package dev.reprise.diff.reader.events;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.reprise.diff.reader.bytes.JobFile;
import dev.reprise.diff.reader.bytes.NotReadException;
import dev.reprise.diff.reader.part.Findings;
import dev.reprise.diff.reader.part.PartReader;

import org.jspecify.annotations.Nullable;

/**
 * Reads TensorBoard's event files: by tag, step and value, wall times apart. Records are
 * read in step while they are about the same; from the first that are not on they are
 * paired by tag and step.
 */
public final class EventFile implements PartReader {

	/**
	 * Largest file that is read, in bytes.
	 */
	static final long MAX_BYTES = 1L << 30;

	/**
	 * Most values that are held of one file, once records are no longer in step.
	 */
	static final int MAX_HELD = 100_000;

	private static final String SCALARS = "scalars/";

	@Override
	public boolean reads(String name, byte[] head) {
		return name.substring(name.lastIndexOf('/') + 1).contains(".tfevents.");
	}

	@Override
	public void compare(JobFile left, JobFile right, Findings findings) throws IOException {
		if (Math.max(left.size(), right.size()) > MAX_BYTES) {
			throw new NotReadException("it is an event file of more than " + MAX_BYTES + " bytes");
		}
		new Pairing(findings).compare(new Records(left), new Records(right));
	}

	private static final class Pairing {

		private final Findings findings;

		private final Map<Entry.Key, Entry> heldLeft = new LinkedHashMap<>();

		private final Map<Entry.Key, Entry> heldRight = new LinkedHashMap<>();

		private final Map<Entry.Key, Integer> seenLeft = new HashMap<>();

		private final Map<Entry.Key, Integer> seenRight = new HashMap<>();

		private final TrainerDurations durations = new TrainerDurations();

		private boolean inStep = true;

		Pairing(Findings findings) {
			this.findings = findings;
		}

		void compare(Records left, Records right) throws IOException {
			byte[] a = left.next();
			byte[] b = right.next();
			while (a != null || b != null) {
				this.durations.see(a, b);
				if (!this.inStep || !Arrays.equals(a, b)) {
					pair((a != null) ? Event.read(a) : null, (b != null) ? Event.read(b) : null);
				}
				a = left.next();
				b = right.next();
			}
			rest();
		}

		private void pair(@Nullable Event a, @Nullable Event b) throws NotReadException {
			if (this.inStep && a != null && a.isLike(b) && b != null) {
				inStep(a, b);
				return;
			}
			this.inStep = false;
			hold(a, this.heldLeft, this.seenLeft);
			hold(b, this.heldRight, this.seenRight);
			if (a != null && b != null) {
				times(a, b);
			}
		}

		private void inStep(Event a, Event b) {
			long parts = this.findings.parts();
			for (int i = 0; i < a.entries().size(); i++) {
				entries(a.entries().get(i), b.entries().get(i));
			}
			if (parts == this.findings.parts() && !a.sameAround(b)) {
				this.findings.otherLayout();
			}
			times(a, b);
		}

		private void times(Event a, Event b) {
			for (int i = 0; i < Math.min(a.times().size(), b.times().size()); i++) {
				Event.Time x = a.times().get(i);
				Event.Time y = b.times().get(i);
				if (Double.compare(x.seconds(), y.seconds()) != 0) {
					this.findings.setApart(x.what(), x.inWords(), y.inWords());
				}
			}
		}

		private void entries(Entry a, Entry b) {
			String name = a.key().inWords();
			if (!a.rest().equals(b.rest())) {
				this.findings.differs(name, a.shown(), b.shown());
			}
			else if (a.number() instanceof Float x && b.number() instanceof Float y) {
				if (Float.floatToRawIntBits(x) != Float.floatToRawIntBits(y)) {
					scalar(a.key(), x, y);
				}
			}
			else if (a.number() instanceof Double x && b.number() instanceof Double y
					&& Double.doubleToRawLongBits(x) != Double.doubleToRawLongBits(y)) {
				this.findings.doubles(name, x, y);
			}
		}

		private void scalar(Entry.Key key, float a, float b) {
			String tag = key.name().startsWith(SCALARS) ? key.name().substring(SCALARS.length()) : "";
			if (this.durations.include(tag) && Float.isFinite(a) && Float.isFinite(b)) {
				this.findings.setApart(tag, Float.toString(a), Float.toString(b));
			}
			else {
				this.findings.floats(key.inWords(), a, b);
			}
		}

		private static void hold(@Nullable Event event, Map<Entry.Key, Entry> held, Map<Entry.Key, Integer> seen)
				throws NotReadException {
			if (event == null) {
				return;
			}
			Event counted = event.counted((key) -> seen.merge(key, 1, Integer::sum) - 1);
			counted.entries().forEach((entry) -> held.put(entry.key(), entry));
			if (held.size() > MAX_HELD) {
				throw new NotReadException("its records come in another order on the other side, and are more than "
						+ MAX_HELD + " values");
			}
		}

		private void rest() {
			if (this.inStep) {
				return;
			}
			long parts = this.findings.parts();
			this.heldLeft.forEach((key, entry) -> {
				Entry other = this.heldRight.remove(key);
				if (other == null) {
					this.findings.differs(key.inWords(), entry.shown(), null);
				}
				else {
					entries(entry, other);
				}
			});
			this.heldRight.forEach((key, entry) -> this.findings.differs(key.inWords(), null, entry.shown()));
			if (parts == this.findings.parts()) {
				this.findings.otherLayout();
			}
		}

	}

}
