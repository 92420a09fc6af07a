package dev.reprise.run;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.reprise.run.spec.JobSpec;
import dev.reprise.run.spec.TraceSpec;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the service asks of a run's process beyond the spec, in runs that it makes itself
 * to find something out. No author of a job can ask for it.
 *
 * @param zoom the step at which every operator is to be looked at, null for none
 * @param flip the bit that is to be flipped, null for none
 * @param timing whether the time of its steps is taken
 * @param busy whether its cores are kept busy beside it, by what it sees nothing of
 * @param knobs of its recipe those that are requested otherwise than its mode says: the
 * value, or JSON's null where nothing is requested
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "Watch")
public record Watch(@Nullable Zoom zoom, @Nullable Flip flip,
		@JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean timing,
		@JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean busy,
		@JsonInclude(JsonInclude.Include.NON_EMPTY) @Schema(implementation = Map.class) Map<String, JsonNode> knobs) {

	/**
	 * Nothing: what every run has that somebody submitted.
	 */
	public static final Watch PLAIN = new Watch(null, null, false, false, Map.of());

	private static final JsonMapper JSON = JsonMapper.shared();

	/**
	 * Copies.
	 */
	public Watch {
		knobs = Collections.unmodifiableMap(new TreeMap<>(knobs));
	}

	/**
	 * Looks at the operators of one step.
	 */
	public static Watch zoom(long step) {
		return new Watch(new Zoom(step), null, false, false, Map.of());
	}

	/**
	 * Flips one bit of one parameter, at a step that the seed draws.
	 */
	public static Watch flip(int seed, long steps) {
		return new Watch(null, new Flip(seed, steps), false, false, Map.of());
	}

	/**
	 * Takes the time of the steps.
	 */
	public static Watch ofTiming() {
		return new Watch(null, null, true, false, Map.of());
	}

	/**
	 * The same, with its cores kept busy beside it or not.
	 */
	public Watch besideBusy(boolean asked) {
		return new Watch(this.zoom, this.flip, this.timing, asked, this.knobs);
	}

	/**
	 * The same, with these knobs: a run that repeats another has those of that one, or
	 * its recipe is not the same.
	 */
	public Watch withKnobs(Map<String, JsonNode> others) {
		return new Watch(this.zoom, this.flip, this.timing, this.busy, others);
	}

	/**
	 * Whether the process does what any would.
	 */
	public boolean plain() {
		return this.zoom == null && this.flip == null && !this.timing && !this.busy && this.knobs.isEmpty();
	}

	/**
	 * The {@code watch} of {@code job.json}: this, and what the spec asks for. The knobs
	 * are in the recipe there.
	 */
	public ObjectNode forJob(JobSpec spec) {
		ObjectNode node = JSON.createObjectNode();
		TraceSpec trace = spec.trace();
		node.set("trace", (trace != null) ? trace.toJson() : node.nullNode());
		node.put("audit", spec.audit());
		node.set("zoom", JSON.valueToTree(this.zoom));
		node.set("flip", JSON.valueToTree(this.flip));
		node.put("timing", this.timing);
		return node;
	}

	/**
	 * As the database and {@code end.json} keep it; null where it is plain.
	 */
	public @Nullable ObjectNode toJson() {
		return plain() ? null : JSON.valueToTree(this);
	}

	/**
	 * Reads what {@link #toJson} wrote.
	 */
	static Watch read(@Nullable String json) {
		if (json == null) {
			return PLAIN;
		}
		JsonNode node = JSON.readTree(json);
		JsonNode zoom = node.path("zoom");
		JsonNode flip = node.path("flip");
		Map<String, JsonNode> knobs = new TreeMap<>();
		node.path("knobs").properties().forEach((knob) -> knobs.put(knob.getKey(), knob.getValue()));
		return new Watch(zoom.isObject() ? new Zoom(zoom.required("step").asLong()) : null,
				flip.isObject() ? new Flip(flip.required("seed").asInt(), flip.required("steps").asLong()) : null,
				node.path("timing").asBoolean(false), node.path("busy").asBoolean(false), knobs);
	}

	/**
	 * A step whose operators are recorded, each with the fingerprints of what it got and
	 * gave.
	 *
	 * @param step from 0
	 */
	public record Zoom(long step) {

		/**
		 * Checks.
		 */
		public Zoom {
			if (step < 0) {
				throw new IllegalArgumentException("step is " + step + "; steps count from 0");
			}
		}

	}

	/**
	 * One bit of one parameter that is flipped after a step.
	 *
	 * @param seed what step, parameter and bit are drawn with, 0 to 2147483647
	 * @param steps how many steps there are to draw from, from 1
	 */
	public record Flip(int seed, long steps) {

		/**
		 * Checks.
		 */
		public Flip {
			if (seed < 0 || steps < 1) {
				throw new IllegalArgumentException(
						"seed is " + seed + " and steps are " + steps + "; give a seed from 0, and 1 step or more");
			}
		}

	}

}
