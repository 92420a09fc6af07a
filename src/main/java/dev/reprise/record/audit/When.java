package dev.reprise.record.audit;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A condition under which a documented operation is what it is said to be.
 *
 * @param argument whose value decides, null where the types do
 * @param values of it
 * @param wanted whether it must be one of the values, or must not
 * @param dtypes kinds of types of which one must be there: {@code floating},
 * {@code complex}, {@code quantized}
 */
record When(@Nullable String argument, List<JsonNode> values, boolean wanted, List<String> dtypes) {

	static When of(JsonNode node) {
		boolean wanted = node.has("in");
		List<JsonNode> values = new ArrayList<>();
		node.path(wanted ? "in" : "notIn").forEach(values::add);
		List<String> dtypes = new ArrayList<>();
		node.path("dtypes").forEach((dtype) -> dtypes.add(dtype.stringValue()));
		return new When(node.has("argument") ? node.required("argument").stringValue() : null, values, wanted, dtypes);
	}

	/**
	 * Whether an operator was used under this condition. What was not recorded counts as
	 * if it was.
	 */
	boolean holds(Audit.Operator operator) {
		if (this.argument == null) {
			return operator.dtypes().isEmpty() || operator.dtypes().stream().anyMatch(this::isOfKind);
		}
		List<JsonNode> seen = operator.arguments().get(this.argument);
		return seen == null || seen.isEmpty()
				|| seen.stream().anyMatch((value) -> this.values.contains(value) == this.wanted);
	}

	private boolean isOfKind(String dtype) {
		return this.dtypes.stream().anyMatch((kind) -> switch (kind) {
			case "floating" -> dtype.startsWith("float") || dtype.startsWith("bfloat") || dtype.equals("half");
			case "complex" -> dtype.startsWith("complex");
			case "quantized" -> dtype.startsWith("q");
			default -> true;
		});
	}

}
