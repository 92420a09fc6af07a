package dev.reprise.cli.runs;

import java.io.PrintStream;
import java.util.Locale;

import tools.jackson.databind.JsonNode;

import dev.reprise.diff.reader.bytes.PlainText;

/**
 * A diff as people read it.
 */
public final class DiffText {

	private static final int MOST = 10;

	private static final int LINES = 40;

	private final PrintStream out;

	/**
	 * Makes a writer.
	 * @param out where people read
	 */
	public DiffText(PrintStream out) {
		this.out = out;
	}

	/**
	 * Prints the whole of it.
	 * @param diff as the API has it, its head may be missing
	 */
	public void print(JsonNode diff, String left, String right) {
		this.out.println("verdict: " + text(diff.path("verdict")));
		this.out.println(text(diff.path("summary")));
		this.out.println("  left:  " + PlainText.of(left));
		this.out.println("  right: " + PlainText.of(right));
		this.out.println();
		this.out.println("what went in");
		diff.path("premises").forEach(this::premise);
		for (JsonNode cause : diff.path("causes")) {
			this.out.println("  " + text(cause.path("confidence")) + " cause: " + text(cause.path("key")) + ": "
					+ text(cause.path("why")));
		}
		for (JsonNode result : diff.path("results")) {
			result(result);
		}
		this.out.println();
		coverage(diff.path("coverage"));
		list("missing or not read", diff.path("missing"));
	}

	private void premise(JsonNode premise) {
		JsonNode same = premise.path("same");
		String words = same.isNull() ? "not known: " + text(premise.path("unknown"))
				: same.asBoolean() ? "the same" : "different";
		this.out.printf(Locale.ROOT, "  %-12s %s%n", text(premise.path("layer")), words);
		int shown = 0;
		for (JsonNode difference : premise.path("differences")) {
			if (shown++ < MOST) {
				this.out.println("    " + text(difference.path("key")) + ": " + value(difference.path("left")) + " -> "
						+ value(difference.path("right")));
			}
		}
		more("    ", shown + premise.path("leftOut").asInt(0));
	}

	private void result(JsonNode result) {
		String layer = text(result.path("layer"));
		if (layer.equals("end")) {
			this.out.println();
			JsonNode ended = result.path("ended");
			this.out.println(ended.isString() ? "both ended " + text(ended)
					: "ended: " + value(result.path("left")) + " -> " + value(result.path("right")));
			return;
		}
		if (layer.equals("trace")) {
			trace(result);
			return;
		}
		int shown = 0;
		for (JsonNode file : result.path("differences")) {
			if (shown++ == 0) {
				this.out.println();
				this.out.println("outputs that differ");
			}
			if (shown <= MOST) {
				file(file);
			}
		}
		more("  ", shown + result.path("leftOut").asInt(0));
		shown = 0;
		for (JsonNode excepted : result.path("excepted")) {
			if (shown++ < MOST) {
				this.out.println("  not judged: " + text(excepted.path("path")) + ": " + text(excepted.path("detail")));
			}
		}
		more("  ", shown + result.path("exceptedLeftOut").asInt(0));
	}

	/**
	 * Where each process parts, and what else was seen of the traces.
	 */
	private void trace(JsonNode result) {
		int shown = 0;
		for (JsonNode process : result.path("processes")) {
			if (shown++ == 0) {
				this.out.println();
				this.out.println("traces");
			}
			if (shown <= MOST) {
				process(process);
			}
		}
		more("  ", shown + result.path("leftOut").asInt(0));
		if (result.path("evidence").isObject()) {
			this.out.println("  first of all, generators too: " + text(result.path("evidence").path("reading")));
		}
		for (JsonNode found : result.path("ranks")) {
			this.out.println("  " + text(found.path("side")) + ": " + text(found.path("what")));
		}
		for (JsonNode note : result.path("notes")) {
			this.out.println("  " + text(note));
		}
	}

	private void process(JsonNode process) {
		JsonNode name = process.path("left").isString() ? process.path("left") : process.path("right");
		JsonNode first = process.path("first");
		String compared = number(process.path("steps").asLong()) + " steps, " + number(process.path("columns").asLong())
				+ " columns";
		this.out.println("  " + text(name) + ": " + compared + (first.isObject() ? "" : ", equal"));
		if (first.isObject()) {
			this.out.println("    " + text(first.path("reading")));
			this.out.println("    columns that differ in it: " + number(first.path("differingColumns").asLong())
					+ "; steps that differ: " + number(process.path("differingSteps").asLong())
					+ (process.path("healedAt").isNumber()
							? "; equal again from step " + number(process.path("healedAt").asLong()) : ""));
		}
		for (JsonNode loss : process.path("loss")) {
			if (loss.path("step").isNumber()) {
				String tensor = text(loss.path("tensor"));
				this.out.printf(Locale.ROOT, "    loss%s: largest difference %.2g of it, at step %s%n",
						tensor.isEmpty() ? "" : " " + tensor, loss.path("largestRelative").asDouble(),
						number(loss.path("step").asLong()));
			}
		}
	}

	private void file(JsonNode file) {
		StringBuilder line = new StringBuilder("  " + text(file.path("path")) + "  " + text(file.path("kind")));
		if (file.has("left") || file.has("right")) {
			line.append("  ").append(value(file.path("left"))).append(" -> ").append(value(file.path("right")));
		}
		if (file.has("firstByte")) {
			line.append(", first at byte ").append(number(file.path("firstByte").asLong()));
		}
		if (file.path("within").asBoolean(false)) {
			line.append(", within the tolerance");
		}
		if (file.has("notRead")) {
			line.append("; not read: ").append(text(file.path("notRead")));
		}
		this.out.println(line);
		tensors(file);
		int shown = 0;
		for (JsonNode text : file.path("text").path("diff")) {
			if (shown++ < LINES) {
				this.out.println("    " + text(text));
			}
		}
		if (shown > LINES) {
			this.out.println("    and " + (shown - LINES) + " more lines");
		}
	}

	/**
	 * The tensors of one file that differ.
	 */
	private void tensors(JsonNode file) {
		int shown = 0;
		for (JsonNode tensor : file.path("tensors")) {
			if (shown++ == 0) {
				this.out.printf(Locale.ROOT, "    %-32s %22s %12s %14s%n", "tensor", "elements differ", "largest",
						"in ULPs");
			}
			if (shown > MOST) {
				continue;
			}
			String name = text(tensor.path("name"));
			if (tensor.has("of")) {
				this.out.printf(Locale.ROOT, "    %-32s %22s %12s %14s%n", name,
						number(tensor.path("different").asLong()) + " of " + number(tensor.path("of").asLong()),
						tensor.path("maxAbs").isNumber()
								? String.format(Locale.ROOT, "%.3g", tensor.path("maxAbs").asDouble()) : "-",
						tensor.path("maxUlp").isNumber() ? number(tensor.path("maxUlp").asLong()) : "-");
			}
			else {
				this.out.println("    " + name + "  " + (tensor.has("only") ? "only on the " + text(tensor.path("only"))
						: form(tensor.path("left")) + " -> " + form(tensor.path("right"))));
			}
		}
		more("    ", shown + file.path("tensorsLeftOut").asInt(0));
	}

	private static String form(JsonNode form) {
		return text(form.path("dtype")) + form.path("shape");
	}

	private void coverage(JsonNode coverage) {
		this.out.println("rests on " + number(coverage.path("outputs").asLong()) + " outputs, "
				+ number(coverage.path("bytes").asLong()) + " bytes, " + number(coverage.path("tensors").asLong())
				+ " tensors; trace " + text(coverage.path("trace"))
				+ (coverage.path("steps").asLong() > 0 ? ", " + coverage.path("steps").asLong() + " steps" : ""));
		list("ignored", coverage.path("ignored"));
	}

	private void list(String title, JsonNode list) {
		int shown = 0;
		for (JsonNode each : list) {
			if (shown++ < MOST) {
				this.out.println(title + ": " + text(each));
			}
		}
		more("", shown);
	}

	private void more(String indent, int all) {
		if (all > MOST) {
			this.out.println(indent + "and " + (all - MOST) + " more; --json has them");
		}
	}

	private static String value(JsonNode value) {
		return (value.isNull() || value.isMissingNode()) ? "(none)"
				: value.isIntegralNumber() ? number(value.asLong()) : PlainText.of(text(value), 200);
	}

	/**
	 * What a service sent is no more trusted than what a job wrote.
	 */
	private static String text(JsonNode node) {
		return PlainText.of(node.isString() ? node.stringValue() : node.isMissingNode() ? "" : node.toString());
	}

	private static String number(long value) {
		return String.format(Locale.ROOT, "%,d", value);
	}

}
