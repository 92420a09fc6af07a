package dev.reprise.diff.engine.folder;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import dev.reprise.diff.reader.bytes.PlainText;
import dev.reprise.record.BoundedJson;
import dev.reprise.record.UnreadableRecordException;
import tools.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

/**
 * What the processes of a run wrote about themselves.
 *
 * @param processes those whose record could be read, the main one first
 * @param environment the main one's environment.json
 * @param warned operations that were reported to have no deterministic implementation
 * @param operations how often those that were warned of or refused were used, by place
 * @param traces processes that left a trace, or something in its place
 * @param gaps what is missing or cut short, in sentences' second halves; a record with
 * gaps proves nothing
 */
public record JobRecord(List<ObservedProcess> processes, @Nullable JsonNode environment, List<String> warned,
		SortedMap<String, Long> operations, List<String> traces, List<String> gaps) {

	/**
	 * Most processes that are read.
	 */
	public static final int MAX_PROCESSES = 256;

	/**
	 * Most bytes that are read of all processes' observed.json together.
	 */
	public static final int MAX_BYTES = 32 * 1024 * 1024;

	private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");

	private static final String MAIN = "main";

	public JobRecord {
		processes = List.copyOf(processes);
		warned = List.copyOf(warned);
		operations = Collections.unmodifiableSortedMap(new TreeMap<>(operations));
		traces = List.copyOf(traces);
		gaps = List.copyOf(gaps);
	}

	/**
	 * The main process, if its record could be read.
	 */
	public @Nullable ObservedProcess main() {
		return this.processes.stream().filter((process) -> process.name().equals(MAIN)).findFirst().orElse(null);
	}

	/**
	 * The processes in an order in which two runs of one program have them alike: the
	 * main one first, then by command lines, since their numbers vary from run to run.
	 */
	public List<ObservedProcess> inOrder() {
		return this.processes.stream()
			.sorted(Comparator.comparingInt((ObservedProcess process) -> process.name().equals(MAIN) ? 0 : 1)
				.thenComparing(ObservedProcess::argv)
				.thenComparingInt((process) -> process.name().length())
				.thenComparing(ObservedProcess::name))
			.toList();
	}

	/**
	 * Whether a process was ended by the one that forked it, as a healthy program ends
	 * workers that wait for work.
	 */
	public boolean endedByItsParent(ObservedProcess process) {
		return !process.complete() && this.processes.stream().anyMatch((parent) -> parent.ended(process));
	}

	/**
	 * Reads the folder.
	 * @param pythonExpected whether the run must have a record at all
	 */
	static JobRecord read(Path folder, boolean pythonExpected) {
		List<String> gaps = new ArrayList<>();
		List<ObservedProcess> processes = new ArrayList<>();
		List<String> warned = new ArrayList<>();
		SortedMap<String, Long> operations = new TreeMap<>();
		List<String> traces = new ArrayList<>();
		List<String> names = names(folder, gaps);
		long bytes = 0;
		for (String name : names) {
			Path process = folder.resolve(name);
			bytes += size(process.resolve("observed.json"));
			if (bytes > MAX_BYTES) {
				gaps.add("the record is larger than " + MAX_BYTES + " bytes; the rest was not read");
				break;
			}
			if (Files.exists(process.resolve("trace"), LinkOption.NOFOLLOW_LINKS)) {
				traces.add(name);
			}
			try {
				ObservedProcess observed = ObservedProcess.read(name,
						BoundedJson.read(process.resolve("observed.json")));
				processes.add(observed);
				Operations.add(process.resolve("operations.jsonl"), warned, operations);
			}
			catch (UnreadableRecordException ex) {
				gaps.add("the record of process " + name + ": " + PlainText.of(String.valueOf(ex.getMessage())));
			}
		}
		JsonNode environment = null;
		if (pythonExpected || !names.isEmpty()) {
			environment = environment(folder, names, gaps);
		}
		cutShort(processes, gaps);
		childrenWithoutRecord(processes, gaps);
		return new JobRecord(processes, environment, warned, operations, traces, gaps);
	}

	private static @Nullable JsonNode environment(Path folder, List<String> names, List<String> gaps) {
		if (!names.contains(MAIN)) {
			gaps.add("there is no observed record of the main process");
			return null;
		}
		try {
			JsonNode environment = BoundedJson.read(folder.resolve(MAIN).resolve("environment.json"));
			if (isNamed(environment.path("environment")) && isNamed(environment.path("machine"))) {
				return environment;
			}
			gaps.add("environment.json names no environment or no machine");
		}
		catch (UnreadableRecordException ex) {
			gaps.add(PlainText.of(String.valueOf(ex.getMessage())));
		}
		return null;
	}

	private static boolean isNamed(JsonNode part) {
		return part.isObject() && !part.isEmpty();
	}

	private static List<String> names(Path folder, List<String> gaps) {
		List<String> names = new ArrayList<>();
		if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
			return names;
		}
		try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
			for (Path entry : entries) {
				String name = String.valueOf(entry.getFileName());
				if (!NAME.matcher(name).matches() || !Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
					gaps.add("the record holds something other than processes");
					break;
				}
				if (names.size() == MAX_PROCESSES) {
					gaps.add("the record has more than " + MAX_PROCESSES + " processes; the rest was not read");
					break;
				}
				names.add(name);
			}
		}
		catch (IOException ex) {
			gaps.add("the record cannot be read");
		}
		names.sort(Comparator.comparingInt((String name) -> name.equals(MAIN) ? 0 : 1)
			.thenComparing(Comparator.naturalOrder()));
		return names;
	}

	private static long size(Path file) {
		try {
			return Files.size(file);
		}
		catch (IOException ex) {
			return 0;
		}
	}

	/**
	 * A pool's or a loader's worker that waits for work is ended by the process that
	 * forked it: that is how a healthy program ends, and no gap where that one says so.
	 */
	private static void cutShort(List<ObservedProcess> processes, List<String> gaps) {
		for (ObservedProcess process : processes) {
			if (!process.complete() && processes.stream().noneMatch((parent) -> parent.ended(process))) {
				gaps.add("the record of process " + process.name() + " was cut short");
			}
		}
	}

	private static void childrenWithoutRecord(List<ObservedProcess> processes, List<String> gaps) {
		Set<String> known = processes.stream().map(ObservedProcess::name).collect(Collectors.toSet());
		int others = 0;
		for (ObservedProcess process : processes) {
			for (ObservedProcess.Child child : process.children()) {
				if ((child.record() != null) ? known.contains(child.record()) : !child.recordDue()) {
					continue;
				}
				if (gaps.size() < 100) {
					gaps.add("process " + process.name() + " started " + child.argv() + ", which left no record"
							+ ((child.why() != null) ? ": " + child.why() : ""));
				}
				else {
					others++;
				}
			}
		}
		if (others > 0) {
			gaps.add(others + " more processes left no record");
		}
	}

}
