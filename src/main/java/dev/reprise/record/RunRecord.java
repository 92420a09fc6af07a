package dev.reprise.record;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import dev.reprise.record.ProcessRecord.Child;
import org.jspecify.annotations.Nullable;

/**
 * What all processes of one run wrote about themselves, as far as it could be read.
 *
 * @param processes the main process first, then by number
 * @param environment what the main process wrote about packages and machine
 * @param problems what of the record as a whole could not be read, as sentences; those of
 * one process are with that process
 * @param unread whether there were more processes than are read
 */
public record RunRecord(List<ProcessRecord> processes, @Nullable EnvironmentRecord environment, List<String> problems,
		boolean unread) {

	/**
	 * Most processes of one run that are read.
	 */
	public static final int MAX_PROCESSES = 256;

	private static final int MAX_NAMES = 65_536;

	private static final int MAX_PROBLEMS = 50;

	private static final Comparator<String> BY_NUMBER = Comparator
		.comparingInt((String name) -> name.equals(ProcessRecord.MAIN) ? 0 : name.length())
		.thenComparing(Comparator.naturalOrder());

	/**
	 * Copies what it is given.
	 */
	public RunRecord {
		processes = List.copyOf(processes);
		problems = List.copyOf(problems);
	}

	/**
	 * Reads {@code record/} of a record folder or of a workspace. Read it when the
	 * processes are gone. Nothing that a job can have put there makes this throw.
	 * @param recordFolder the folder that {@code record/} lies in, which only the service
	 * or a person can have named
	 */
	public static RunRecord read(Path recordFolder) {
		List<ProcessRecord> processes = new ArrayList<>();
		List<String> problems = new ArrayList<>();
		EnvironmentRecord environment = null;
		boolean unread = false;
		try (RecordFolder outer = RecordFolder.open(recordFolder); RecordFolder folder = outer.folder("record")) {
			TreeSet<String> names = new TreeSet<>(BY_NUMBER);
			unread = !names(folder, names, problems);
			ReadBudget budget = new ReadBudget();
			for (String name : names) {
				try (RecordFolder process = folder.folder(name)) {
					processes.add(new ProcessReader(name, budget).read(process));
					if (name.equals(ProcessRecord.MAIN)) {
						environment = ProcessReader.environment(process, budget, problems);
					}
				}
				catch (UnreadableRecordException ex) {
					processes.add(ProcessReader.unread(name, String.valueOf(ex.getMessage())));
				}
			}
		}
		catch (UnreadableRecordException ex) {
			problems.add(String.valueOf(ex.getMessage()));
		}
		return new RunRecord(processes, environment, problems, unread);
	}

	/**
	 * Gathers the names of processes, false if there are more than are read.
	 */
	private static boolean names(RecordFolder folder, TreeSet<String> names, List<String> problems)
			throws UnreadableRecordException {
		int[] left = new int[2];
		boolean all = folder.forEachName(MAX_NAMES, (name) -> {
			if (!ProcessReader.PROCESS_NAME.matcher(name).matches()) {
				left[0]++;
				return;
			}
			names.add(name);
			if (names.size() > MAX_PROCESSES) {
				names.removeLast();
				left[1]++;
			}
		});
		if (left[0] > 0) {
			problems.add("record has " + left[0] + " entries that are no process");
		}
		if (left[1] > 0 || !all) {
			problems.add("record has more than " + MAX_PROCESSES + " processes; the rest was not read");
			return false;
		}
		return true;
	}

	/**
	 * The first process, if there is anything of it.
	 */
	public Optional<ProcessRecord> main() {
		return process(ProcessRecord.MAIN);
	}

	/**
	 * The process of that name.
	 */
	public Optional<ProcessRecord> process(String name) {
		return this.processes.stream().filter((process) -> process.name().equals(name)).findFirst();
	}

	/**
	 * Everything that could not be read, of the whole and of each process.
	 */
	public List<String> allProblems() {
		List<String> all = new ArrayList<>(this.problems);
		this.processes.forEach((process) -> all.addAll(process.problems()));
		return List.copyOf(all.subList(0, Math.min(all.size(), MAX_PROBLEMS)));
	}

	/**
	 * Whether a verdict may rest on this record: the main process and every Python
	 * process that it led to wrote theirs to the end, but for {@link #endedForks()}.
	 */
	public boolean complete() {
		return gaps().isEmpty();
	}

	/**
	 * Why the record is not complete, as sentences; empty where it is.
	 */
	public List<String> gaps() {
		List<String> gaps = new ArrayList<>();
		if (main().isEmpty()) {
			gaps.add("The main process left no record.");
		}
		if (this.unread) {
			gaps.add("There are more processes than are read.");
		}
		for (ProcessRecord process : this.processes) {
			if (!process.observed()) {
				gaps.add("What " + process.name() + " wrote about itself cannot be read.");
			}
			else if (!process.complete() && !isEndedFork(process)) {
				gaps.add(process.name() + " did not write its record to the end.");
			}
			else if (process.damaged().contains("children")) {
				gaps.add("The list of processes that " + process.name() + " started cannot be read.");
			}
			for (Child child : childrenWithoutRecord(process)) {
				gaps.add(started(process, child) + ", which left no record"
						+ ((child.why() != null) ? ": " + Shown.text(child.why()) : "") + ".");
			}
		}
		return gaps;
	}

	/**
	 * Names of forked processes whose record is not written to the end although that of
	 * the process that started them is. A program that ends while its loader's workers
	 * wait for work ends them by a signal, so this is how a healthy run looks, and
	 * {@link #complete()} does not count it; but what was read back of such a process is
	 * its start alone, so no item of a checklist rests on it.
	 */
	public List<String> endedForks() {
		return this.processes.stream().filter(this::isEndedFork).map(ProcessRecord::name).toList();
	}

	boolean isEndedFork(ProcessRecord process) {
		String parent = process.parent();
		return process.observed() && !process.complete() && process.started().equals("fork") && !process.isMain()
				&& parent != null && process(parent).map(ProcessRecord::complete).orElse(false);
	}

	/**
	 * The Python processes that one started and that left no record. The names of records
	 * are filled in when a process ends, so for one that did not come so far only the
	 * number can be compared.
	 */
	List<Child> childrenWithoutRecord(ProcessRecord process) {
		Set<String> records = this.processes.stream()
			.filter((other) -> process.name().equals(other.parent()))
			.map(ProcessRecord::name)
			.collect(Collectors.toSet());
		List<Child> expected = process.children().stream().filter(Child::expected).toList();
		Set<String> named = expected.stream().map(Child::record).filter(Objects::nonNull).collect(Collectors.toSet());
		long others = records.stream().filter((name) -> !named.contains(name)).count();
		List<Child> missing = new ArrayList<>();
		for (Child child : expected) {
			boolean found = child.record() != null && records.contains(child.record());
			boolean mayBeFound = found || !process.complete();
			long needed = found ? child.count() - 1 : child.count();
			if (mayBeFound && needed <= others) {
				others -= needed;
			}
			else {
				missing.add(child);
			}
		}
		return missing;
	}

	/**
	 * Who started whom, and where.
	 */
	static String started(ProcessRecord process, Child child) {
		String place = (child.place() != null) ? Shown.text(child.place()) : process.name();
		String what = child.kind().equals("fork") ? "forked a process"
				: "started " + Shown.text(String.join(" ", child.argv()));
		return place + " " + what;
	}

}
