package dev.reprise.run.spec;

import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

import dev.reprise.http.FieldErrors;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The resolved spec as JSON, in the shape that a client may send again.
 */
public final class JobSpecJson {

	private static final JsonMapper MAPPER = JsonMapper.shared();

	private JobSpecJson() {
	}

	/**
	 * Writes every field, defaults included.
	 */
	public static ObjectNode write(JobSpec spec) {
		ObjectNode node = MAPPER.createObjectNode();
		node.put("name", spec.name());
		node.put("seed", spec.seed());
		node.put("determinism", lower(spec.determinism()));
		node.set("runtime", runtime(spec.runtime()));
		node.put("code", spec.code().value());
		ObjectNode environment = node.putObject("environment");
		switch (spec.environment()) {
			case EnvironmentSpec.Named named -> environment.put("name", named.name());
			case EnvironmentSpec.LockPath lock -> environment.put("lock", lock.path());
			case EnvironmentSpec.Locked lock -> environment.put("lock", lock.digest().value());
		}
		ObjectNode inputs = node.putObject("inputs");
		spec.inputs()
			.forEach((name,
					input) -> inputs.putObject(name).put("digest", input.digest().value()).put("path", input.path()));
		texts(node, "outputs", spec.outputs());
		ObjectNode env = node.putObject("env");
		spec.env().forEach(env::put);
		node.putObject("resources")
			.put("gpus", spec.resources().gpus())
			.put("gpuModel", spec.resources().gpuModel())
			.put("cpus", spec.resources().cpus())
			.put("threads", spec.resources().threads())
			.put("memory", spec.resources().memory())
			.put("disk", spec.resources().disk());
		node.put("timeout", spec.timeout().toString());
		node.put("maxAttempts", spec.maxAttempts());
		node.put("priority", spec.priority());
		node.put("project", spec.project());
		node.put("network", lower(spec.network()));
		node.put("portable", spec.portable());
		node.put("holdSeed", spec.holdSeed());
		node.put("onDrift", lower(spec.onDrift()));
		node.put("audit", spec.audit());
		TraceSpec trace = spec.trace();
		node.set("trace", (trace != null) ? trace.toJson() : node.stringNode(TraceFields.OFF));
		ObjectNode labels = node.putObject("labels");
		spec.labels().forEach(labels::put);
		return node;
	}

	/**
	 * Reads what {@link #write} wrote, also that of a version which knew of no traces:
	 * such a run has none, nor has a replay of it.
	 */
	public static JobSpec read(String json) {
		return read((ObjectNode) MAPPER.readTree(json));
	}

	/**
	 * The same spec but for what is changed in its JSON, for a run that the service makes
	 * from another.
	 * @param change changes fields, each to what a resolved spec may have there
	 * @throws dev.reprise.http.RequestException naming every field that is wrong then
	 */
	public static JobSpec changed(JobSpec spec, Consumer<ObjectNode> change) {
		ObjectNode node = write(spec);
		change.accept(node);
		return read(node);
	}

	private static JobSpec read(ObjectNode node) {
		if (node.path("trace").isNull() || node.path("trace").isMissingNode()) {
			node.put("trace", TraceFields.OFF);
		}
		FieldErrors errors = new FieldErrors();
		JobSpec spec = new JobSpecReader(new Capacity(Integer.MAX_VALUE, Long.MAX_VALUE, null),
				java.util.Set.of(node.path("environment").path("name").asString("default")), null, null)
			.read(node, null, errors);
		errors.throwIfAny();
		return spec;
	}

	private static ObjectNode runtime(RuntimeSpec runtime) {
		ObjectNode node = MAPPER.createObjectNode().put("type", "python");
		switch (runtime) {
			case RuntimeSpec.Entrypoint entrypoint -> {
				node.put("entrypoint", entrypoint.file());
				texts(node, "args", entrypoint.args());
			}
			case RuntimeSpec.Module module -> {
				node.put("module", module.name());
				texts(node, "args", module.args());
			}
			case RuntimeSpec.Command command -> texts(node, "command", command.words());
			case RuntimeSpec.Main main -> {
				node.put("type", "djl").put("main", main.name());
				texts(node, "args", main.args());
			}
			case RuntimeSpec.Trainer trainer -> {
				node.put("type", "djl").put("trainer", trainer.name());
				trainer.parameters()
					.forEach((name, value) -> node.withObject("parameters").set(name, MAPPER.valueToTree(value)));
			}
		}
		return node;
	}

	private static void texts(ObjectNode node, String field, List<String> texts) {
		texts.forEach(node.putArray(field)::add);
	}

	private static String lower(Enum<?> constant) {
		return constant.name().toLowerCase(Locale.ROOT);
	}

}
