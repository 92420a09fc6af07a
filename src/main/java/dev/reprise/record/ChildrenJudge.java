package dev.reprise.record;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import dev.reprise.record.ItemJudge.Finding;
import dev.reprise.record.ProcessRecord.Child;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Judges whether the recipe reached every process that the job started.
 */
final class ChildrenJudge {

	private static final int NAMES = 5;

	private final RunRecord record;

	ChildrenJudge(RunRecord record) {
		this.record = record;
	}

	Finding judge() {
		if (this.record.main().isEmpty()) {
			return new Finding(Held.NOT_AVAILABLE, "The main process left no record.");
		}
		for (ProcessRecord process : this.record.processes()) {
			for (Child child : this.record.childrenWithoutRecord(process)) {
				String why = Shown.text(child.why());
				return new Finding(Held.NO,
						RunRecord.started(process, child) + ", which the recipe did not reach: it left no record"
								+ (why.isEmpty() ? ""
										: ", because " + (why.endsWith(".") ? why.substring(0, why.length() - 1) : why))
								+ ".");
			}
		}
		for (ProcessRecord process : this.record.processes()) {
			String unknown = unknown(process);
			if (unknown != null) {
				return new Finding(Held.NOT_AVAILABLE, unknown);
			}
		}
		if (this.record.unread()) {
			return new Finding(Held.NOT_AVAILABLE, "There are more processes than are read.");
		}
		Set<String> others = unreached();
		if (!others.isEmpty()) {
			return new Finding(Held.NOT_AVAILABLE,
					"Other programs were started, in which nothing can be read back: " + names(others) + ".");
		}
		int children = this.record.processes().size() - 1;
		return (children == 0) ? new Finding(Held.NOT_APPLICABLE, "The program started no other process.")
				: new Finding(Held.YES, (children == 1) ? "The one process that was started left its record."
						: "All " + children + " processes that were started left their records.");
	}

	private @Nullable String unknown(ProcessRecord process) {
		if (!process.observed()) {
			return "What " + process.name() + " wrote about itself cannot be read.";
		}
		if (process.damaged().contains("children")) {
			return "The list of processes that " + process.name() + " started cannot be read.";
		}
		if (this.record.isEndedFork(process)) {
			return process.name() + ", a forked process, was ended before it could write its record to the end.";
		}
		return process.complete() ? null : process.name() + " did not write its record to the end.";
	}

	/**
	 * Programs in which there is no harness to read anything back: others than Python,
	 * and Python where it was not expected to write a record.
	 */
	private Set<String> unreached() {
		Set<String> names = new LinkedHashSet<>();
		for (ProcessRecord process : this.record.processes()) {
			for (Child child : process.children()) {
				if (!child.expected() && !isLookup(child)
						&& (child.record() == null || this.record.process(child.record()).isEmpty())) {
					String name = name(child);
					names.add((child.place() != null) ? name + " (" + Shown.text(child.place()) + ")" : name);
				}
			}
		}
		return names;
	}

	/**
	 * Whether a program is the loader's list of libraries, which {@code import torch}
	 * asks for: it computes nothing of the job, and can start nothing that does.
	 */
	private static boolean isLookup(Child child) {
		return child.argv().size() == 2 && child.argv().getFirst().matches("(/usr)?/sbin/ldconfig")
				&& child.argv().get(1).equals("-p");
	}

	private static String name(Child child) {
		if (child.argv().isEmpty()) {
			return child.kind().equals("fork") ? "a forked process" : "a program without a name";
		}
		String program = child.argv().getFirst();
		return Shown.text(program.substring(program.lastIndexOf('/') + 1));
	}

	private static String names(Set<String> names) {
		List<String> shown = new ArrayList<>(names).subList(0, Math.min(names.size(), NAMES));
		int more = names.size() - shown.size();
		return String.join(", ", shown) + ((more > 0) ? " and " + more + " more" : "");
	}

	JsonNode observed() {
		ObjectNode observed = JsonNodeFactory.instance.objectNode();
		long python = 0;
		long other = 0;
		long withoutRecord = 0;
		for (ProcessRecord process : this.record.processes()) {
			for (Child child : process.children()) {
				python += child.kind().equals("other") ? 0 : child.count();
				other += child.kind().equals("other") ? child.count() : 0;
			}
			withoutRecord += this.record.childrenWithoutRecord(process).size();
		}
		observed.put("python", python);
		observed.put("other", other);
		observed.put("withoutRecord", withoutRecord);
		return observed;
	}

}
