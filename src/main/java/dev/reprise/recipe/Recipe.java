package dev.reprise.recipe;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.annotation.JsonValue;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A seed and a mode resolved to every knob and its value: what the service requests of a
 * process.
 *
 * @param mode the determinism mode
 * @param seed the job's seed, 0 to 2147483647, the range that every library takes
 * @param threads the number of threads that each process computes with, from 1
 * @param portable whether equal bits are asked for across processors and GPUs
 * @param holdSeed whether the job's seed wins over the program's own
 * @param onDrift what happens when the program changes a knob
 * @param knobs each knob once, in the order in which they are set
 * @param otherwise names of knobs that are requested, or not requested, otherwise than
 * the mode says
 */
public record Recipe(DeterminismMode mode, int seed, int threads, boolean portable, boolean holdSeed, OnDrift onDrift,
		List<Knob> knobs, List<String> otherwise) {

	/**
	 * Largest seed.
	 */
	public static final int MAX_SEED = Integer.MAX_VALUE;

	/**
	 * Most threads that one process may compute with.
	 */
	public static final int MAX_THREADS = 1024;

	/**
	 * Checks the ranges, and that no knob is requested twice.
	 * @throws IllegalArgumentException naming the field and the mend
	 */
	public Recipe {
		checkSeed(seed);
		if (threads < 1 || threads > MAX_THREADS) {
			throw new IllegalArgumentException("threads is " + threads + "; give 1 to " + MAX_THREADS);
		}
		knobs = List.copyOf(knobs);
		otherwise = List.copyOf(otherwise);
		if (knobs.stream().map(Knob::name).distinct().count() != knobs.size()) {
			throw new IllegalArgumentException("a knob is listed twice");
		}
	}

	/**
	 * Resolves what a spec asks for.
	 * @throws IllegalArgumentException naming the field and the mend, where the seed or
	 * the number of threads is out of range
	 */
	public static Recipe resolve(DeterminismMode mode, long seed, int threads, boolean portable, boolean holdSeed,
			OnDrift onDrift) {
		checkSeed(seed);
		List<Knob> knobs = RecipeBook.resolve(RecipeBook.allKnobs(),
				new RecipeBook.Ask(mode, (int) seed, threads, portable));
		return new Recipe(mode, (int) seed, threads, portable, holdSeed, onDrift, knobs, List.of());
	}

	/**
	 * Resolves what a spec of a program on the JVM asks for, as {@link #resolve}.
	 */
	public static Recipe resolveForJvm(DeterminismMode mode, long seed, int threads, boolean portable, boolean holdSeed,
			OnDrift onDrift) {
		checkSeed(seed);
		List<Knob> knobs = RecipeBook.resolve(JvmKnobs.ALL, new RecipeBook.Ask(mode, (int) seed, threads, portable));
		return new Recipe(mode, (int) seed, threads, portable, holdSeed, onDrift, knobs, List.of());
	}

	/**
	 * The same but for some knobs.
	 * @param book every knob of the runtime, {@link RecipeBook#allKnobs} or
	 * {@link RecipeBook#jvmKnobs}; one that it has not is passed over
	 * @param values by name what is requested in place of what the mode says, JSON's null
	 * where nothing is
	 */
	public Recipe with(List<RecipeBook.Row> book, Map<String, JsonNode> values) {
		List<Knob> changed = new ArrayList<>();
		List<String> names = new ArrayList<>();
		for (RecipeBook.Row row : book) {
			JsonNode value = values.get(row.name());
			if (value == null) {
				knob(row.name()).ifPresent(changed::add);
				continue;
			}
			names.add(row.name());
			if (!value.isNull()) {
				changed.add(row.knob(value));
			}
		}
		return new Recipe(this.mode, this.seed, this.threads, this.portable, this.holdSeed, this.onDrift, changed,
				names);
	}

	private static void checkSeed(long seed) {
		if (seed < 0 || seed > MAX_SEED) {
			throw new IllegalArgumentException(
					"seed is " + seed + "; give 0 to " + MAX_SEED + ", the range that every library takes");
		}
	}

	/**
	 * The variables that must be in the environment before the process starts, in order.
	 */
	public Map<String, String> processEnvironment() {
		Map<String, String> variables = new LinkedHashMap<>();
		for (Knob knob : this.knobs) {
			if (knob.isVariable()) {
				variables.put(knob.name(), knob.value().asString());
			}
		}
		return Collections.unmodifiableMap(variables);
	}

	/**
	 * Whether the process is to be started without randomised addresses
	 * ({@code setarch -R}), where the host allows it.
	 */
	public boolean fixedAddressLayout() {
		return knob(Knob.ADDRESS_LAYOUT).isPresent();
	}

	/**
	 * The knob of that name, if it is requested.
	 */
	public Optional<Knob> knob(String name) {
		return this.knobs.stream().filter((knob) -> knob.name().equals(name)).findFirst();
	}

	/**
	 * The requested knobs of an item, in order.
	 */
	public List<Knob> knobs(Item item) {
		return this.knobs.stream().filter((knob) -> knob.item() == item).toList();
	}

	/**
	 * Names of environment variables that a spec's {@code env} must not set, each with
	 * the reason a user is told; a name that ends in {@code *} stands for all that begin
	 * so.
	 */
	public static Map<String, String> reservedVariables() {
		return ReservedVariables.all();
	}

	/**
	 * Why a spec's {@code env} must not set a variable, or null where it may.
	 */
	public static @Nullable String whyReserved(String variable) {
		return ReservedVariables.why(variable);
	}

	/**
	 * The {@code recipe} part of {@code job.json}, and the form in all JSON.
	 */
	@JsonValue
	public ObjectNode toJson() {
		ObjectNode json = JsonNodeFactory.instance.objectNode();
		json.put("mode", this.mode.wire());
		json.put("seed", this.seed);
		json.put("threads", this.threads);
		json.put("portable", this.portable);
		json.put("holdSeed", this.holdSeed);
		json.put("onDrift", this.onDrift.wire());
		ArrayNode list = json.putArray("knobs");
		for (Knob knob : this.knobs) {
			ObjectNode entry = list.addObject();
			entry.put("name", knob.name());
			entry.set("value", knob.value());
			entry.put("when", knob.when().wire());
			entry.put("level", knob.level().wire());
			entry.put("item", knob.item().wire());
		}
		if (!this.otherwise.isEmpty()) {
			this.otherwise.forEach(json.putArray("otherwise")::add);
		}
		return json;
	}

	/**
	 * Reads what {@link #toJson()} wrote, also by an earlier version: the knobs are those
	 * that were requested then, not those of today's book.
	 * @throws IllegalArgumentException if it is no such JSON
	 */
	public static Recipe fromJson(JsonNode json) {
		List<Knob> knobs = new ArrayList<>();
		for (JsonNode entry : part(json, "knobs")) {
			String name = text(entry, "name");
			Optional<RecipeBook.Row> row = RecipeBook.row(name);
			knobs.add(new Knob(name, part(entry, "value"), Knob.When.of(text(entry, "when")),
					Knob.Level.of(text(entry, "level")), Item.of(text(entry, "item")),
					row.map(RecipeBook.Row::reason).orElse("Requested by an earlier version of Reprise."),
					row.map(RecipeBook.Row::source).orElse("Reprise")));
		}
		List<String> otherwise = json.path("otherwise").valueStream().map((name) -> name.asString("")).toList();
		return new Recipe(DeterminismMode.of(text(json, "mode")), number(json, "seed"), number(json, "threads"),
				flag(json, "portable"), flag(json, "holdSeed"), OnDrift.of(text(json, "onDrift")), knobs, otherwise);
	}

	private static JsonNode part(JsonNode json, String name) {
		JsonNode part = json.get(name);
		if (part == null) {
			throw new IllegalArgumentException("a recipe without " + name);
		}
		return part;
	}

	private static String text(JsonNode json, String name) {
		JsonNode part = part(json, name);
		if (!part.isString()) {
			throw new IllegalArgumentException(name + " of a recipe is no text");
		}
		return part.stringValue();
	}

	private static int number(JsonNode json, String name) {
		JsonNode part = part(json, name);
		if (!part.isInt()) {
			throw new IllegalArgumentException(name + " of a recipe is no number of its range");
		}
		return part.intValue();
	}

	private static boolean flag(JsonNode json, String name) {
		JsonNode part = part(json, name);
		if (!part.isBoolean()) {
			throw new IllegalArgumentException(name + " of a recipe is neither true nor false");
		}
		return part.booleanValue();
	}

}
