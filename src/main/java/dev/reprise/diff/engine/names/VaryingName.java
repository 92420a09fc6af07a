package dev.reprise.diff.engine.names;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;

import org.jspecify.annotations.Nullable;

/**
 * One name of a path, and what it is without what varies from run to run.
 *
 * @param form the name with each varying part replaced by its rule and its shape between
 * slashes, which no name can hold
 * @param times the times in it, in the order of the name
 * @param rules the rules that took a part
 */
record VaryingName(String form, List<Long> times, SortedSet<String> rules) {

	/**
	 * By their times, the first that differs.
	 */
	static final Comparator<VaryingName> BY_TIME = (a, b) -> {
		for (int i = 0; i < Math.min(a.times.size(), b.times.size()); i++) {
			int order = Long.compare(a.times.get(i), b.times.get(i));
			if (order != 0) {
				return order;
			}
		}
		return 0;
	};

	VaryingName {
		times = List.copyOf(times);
	}

	/**
	 * Reads a name; null where nothing in it varies.
	 * @param folder the name of the folder that holds it
	 */
	static @Nullable VaryingName of(String name, String folder, RunFacts run) {
		List<Part> parts = new ArrayList<>();
		for (NameRule rule : NameRule.values()) {
			if (rule.whole() && !parts.isEmpty()) {
				break;
			}
			Matcher matcher = rule.matcher(name, run);
			while (matcher.find()) {
				Long time = rule.time(matcher, name, folder, run);
				if (time != null) {
					add(parts, matcher, rule, time);
				}
			}
			if (rule.whole() && !parts.isEmpty()) {
				break;
			}
		}
		return parts.isEmpty() ? null : of(name, parts);
	}

	private static void add(List<Part> parts, Matcher matcher, NameRule rule, long time) {
		List<Part> found = new ArrayList<>();
		matcher.namedGroups().forEach((group, number) -> {
			if (NameRule.VARYING.contains(group) && matcher.start(number) >= 0) {
				boolean carriesTime = group.equals("x1") && time != NameRule.NONE;
				found.add(new Part(matcher.start(number), matcher.end(number), rule, carriesTime ? time : null));
			}
		});
		if (found.stream().noneMatch((part) -> parts.stream().anyMatch(part::meets))) {
			parts.addAll(found);
		}
	}

	private static VaryingName of(String name, List<Part> parts) {
		parts.sort(Comparator.comparingInt(Part::from));
		StringBuilder form = new StringBuilder();
		List<Long> times = new ArrayList<>();
		SortedSet<String> rules = new TreeSet<>();
		int at = 0;
		for (Part part : parts) {
			form.append(name, at, part.from()).append('/').append(part.rule().word()).append(' ');
			if (part.time() != null) {
				form.append(shape(name.substring(part.from(), part.to())));
				times.add(part.time());
			}
			form.append('/');
			rules.add(part.rule().word());
			at = part.to();
		}
		return new VaryingName(form.append(name, at, name.length()).toString(), times, rules);
	}

	/**
	 * How a time is written: a file whose name has it otherwise was written by something
	 * else. A fraction of a second may end in zeros that are not written.
	 */
	private static String shape(String time) {
		return time.replaceAll("[A-Za-z]{3}", "@").replaceAll("\\.\\d{4,}", ".#").replaceAll("\\d", "#");
	}

	private record Part(int from, int to, NameRule rule, @Nullable Long time) {

		boolean meets(Part other) {
			return this.from < other.to && other.from < this.to;
		}

	}

}
