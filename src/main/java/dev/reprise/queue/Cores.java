package dev.reprise.queue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The cores that runs are given, each to one at a time.
 *
 * @param siblings each core's number, with the numbers of those that share its
 * calculating units
 */
record Cores(Map<Integer, Set<Integer>> siblings) {

	/**
	 * The first cores of those that the service itself may use.
	 * @param count how many
	 * @throws IllegalArgumentException if there are fewer
	 */
	static Cores first(int count) {
		List<Integer> allowed = numbers(allowedList());
		if (count > allowed.size()) {
			throw new IllegalArgumentException("reprise.capacity.cpus is " + count + ", and the service may use "
					+ allowed.size() + " cores: give a number from 1 to " + allowed.size() + ", or leave it out");
		}
		Map<Integer, Set<Integer>> siblings = new LinkedHashMap<>();
		for (int core : allowed.subList(0, count)) {
			siblings.put(core,
					Set.copyOf(numbers(read("/sys/devices/system/cpu/cpu" + core + "/topology/thread_siblings_list",
							String.valueOf(core)))));
		}
		return new Cores(siblings);
	}

	/**
	 * Their numbers.
	 */
	SortedSet<Integer> numbers() {
		return new TreeSet<>(this.siblings.keySet());
	}

	/**
	 * Chooses cores: those first whose units nobody else uses, so that two runs share
	 * none while there are enough; all that one run takes lie together.
	 */
	SortedSet<Integer> choose(int count, Set<Integer> taken) {
		SortedSet<Integer> chosen = new TreeSet<>();
		Set<Integer> now = new HashSet<>(taken);
		while (chosen.size() < count) {
			int next = this.siblings.keySet()
				.stream()
				.filter((core) -> !now.contains(core))
				.min(Comparator.<Integer>comparingLong((core) -> strangers(core, taken))
					.thenComparing((core) -> !mates(core, chosen))
					.thenComparing(Comparator.naturalOrder()))
				.orElseThrow(() -> new IllegalStateException("there are not " + count + " cores free"));
			chosen.add(next);
			now.add(next);
		}
		return chosen;
	}

	private long strangers(int core, Set<Integer> taken) {
		return this.siblings.getOrDefault(core, Set.of()).stream().filter(taken::contains).count();
	}

	private boolean mates(int core, Set<Integer> chosen) {
		return this.siblings.getOrDefault(core, Set.of()).stream().anyMatch(chosen::contains);
	}

	private static String allowedList() {
		return read("/proc/self/status", "").lines()
			.filter((line) -> line.startsWith("Cpus_allowed_list:"))
			.map((line) -> line.substring(line.indexOf(':') + 1))
			.findFirst()
			.orElse("0-" + (Runtime.getRuntime().availableProcessors() - 1));
	}

	/**
	 * Reads a list such as {@code 0-3,8}.
	 */
	static List<Integer> numbers(String list) {
		List<Integer> numbers = new ArrayList<>();
		for (String range : list.strip().split(",", -1)) {
			String[] ends = range.split("-", -1);
			for (int core = Integer.parseInt(ends[0]); core <= Integer.parseInt(ends[ends.length - 1]); core++) {
				numbers.add(core);
			}
		}
		return numbers;
	}

	private static String read(String file, String otherwise) {
		try {
			return Files.readString(Path.of(file));
		}
		catch (IOException ex) {
			return otherwise;
		}
	}

}
