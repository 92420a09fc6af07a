package dev.reprise.agent;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * What was read back of each knob at the start and at the end, and what changed between.
 */
final class Readings {

	private final Map<String, Map<String, @Nullable Object>> knobs = new LinkedHashMap<>();

	private final Map<String, @Nullable Object> inForce = new LinkedHashMap<>();

	private final Tally drift = new Tally();

	private final Supplier<@Nullable Long> step;

	/**
	 * Makes one that has read nothing yet.
	 * @param step gives the step that is under way, null where none are counted
	 */
	Readings(Supplier<@Nullable Long> step) {
		this.step = step;
	}

	/**
	 * A knob was read before user code could change it.
	 */
	synchronized void start(String knob, @Nullable Object value) {
		put(knob, "read", value, null);
		this.inForce.put(knob, value);
	}

	/**
	 * A knob cannot be read.
	 * @param status not-applicable or not-available
	 * @param why a sentence
	 */
	synchronized void missing(String knob, String status, String why) {
		put(knob, status, null, why);
	}

	private void put(String knob, String status, @Nullable Object start, @Nullable String why) {
		Map<String, @Nullable Object> reading = new LinkedHashMap<>();
		reading.put("status", status);
		reading.put("start", start);
		reading.put("end", null);
		reading.put("why", why);
		this.knobs.put(knob, reading);
	}

	/**
	 * A knob was read again; one that is another now has drifted, or is back at its
	 * start.
	 * @return whether it has drifted
	 */
	synchronized boolean again(String knob, @Nullable Object value, @Nullable String place) {
		if (!this.inForce.containsKey(knob) || Objects.equals(this.inForce.get(knob), value)) {
			return false;
		}
		Map<String, @Nullable Object> change = new LinkedHashMap<>();
		change.put("knob", knob);
		change.put("from", this.inForce.put(knob, value));
		change.put("to", value);
		change.put("place", place);
		if (Objects.equals(this.knobs.getOrDefault(knob, Map.of()).get("start"), value)) {
			this.drift.with("knob", knob).forEach((earlier) -> earlier.put("undone", true));
			return false;
		}
		Map<String, @Nullable Object> entry = this.drift.add(change, this.step.get());
		if (entry != null) {
			entry.put("undone", false);
		}
		return true;
	}

	/**
	 * A seed was set: its knob follows, and has not drifted.
	 */
	synchronized void follow(String knob, @Nullable Object value) {
		this.inForce.put(knob, value);
	}

	/**
	 * A knob is not held, and nothing that the program changed is the reason.
	 * @param why in a sentence; the first stays
	 */
	synchronized void notHeld(String knob, Object value, String why) {
		if (!value.equals(this.inForce.put(knob, value))) {
			this.knobs.getOrDefault(knob, new LinkedHashMap<>()).put("why", why);
		}
	}

	/**
	 * A knob was read for the last time.
	 * @return whether it has drifted
	 */
	synchronized boolean end(String knob, @Nullable Object value) {
		Map<String, @Nullable Object> reading = this.knobs.get(knob);
		if (reading == null || !"read".equals(reading.get("status"))) {
			return false;
		}
		reading.put("end", value);
		return again(knob, value, null);
	}

	synchronized @Nullable Object inForce(String knob) {
		return this.inForce.get(knob);
	}

	synchronized boolean isRead(String knob) {
		Map<String, @Nullable Object> reading = this.knobs.get(knob);
		return reading != null && "read".equals(reading.get("status"));
	}

	synchronized Map<String, Object> knobs() {
		Map<String, Object> copy = new LinkedHashMap<>();
		this.knobs.forEach((knob, reading) -> copy.put(knob, new LinkedHashMap<>(reading)));
		return copy;
	}

	synchronized List<Map<String, @Nullable Object>> drift() {
		return this.drift.document();
	}

}
