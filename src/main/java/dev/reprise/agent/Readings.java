package dev.reprise.agent;

import java.util.ArrayList;
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

	private final List<Map<String, @Nullable Object>> drift = new ArrayList<>();

	private final Supplier<@Nullable Long> step;

	/**
	 * Makes them.
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
	 * A knob was read again; one that is another now has drifted.
	 * @return whether it has
	 */
	synchronized boolean again(String knob, @Nullable Object value, @Nullable String place) {
		if (!this.inForce.containsKey(knob) || Objects.equals(this.inForce.get(knob), value)) {
			return false;
		}
		Map<String, @Nullable Object> change = new LinkedHashMap<>();
		change.put("knob", knob);
		change.put("from", this.inForce.get(knob));
		change.put("to", value);
		change.put("place", place);
		change.put("undone", false);
		change.put("step", this.step.get());
		change.put("count", 1);
		this.drift.stream()
			.filter((earlier) -> knob.equals(earlier.get("knob")) && Objects.equals(earlier.get("from"), value))
			.forEach((earlier) -> earlier.put("undone", true));
		this.inForce.put(knob, value);
		if (this.drift.size() < Sources.MOST) {
			this.drift.add(change);
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

	synchronized List<Object> drift() {
		List<Object> copy = new ArrayList<>();
		this.drift.forEach((change) -> copy.add(new LinkedHashMap<>(change)));
		return copy;
	}

}
