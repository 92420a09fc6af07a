package dev.reprise.diff.engine.names;

import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * What a name can carry that is another in each run, each with the grammar by which it is
 * found and the check that it must pass; the table of {@code docs/verdicts.md}, in the
 * order in which they are looked for. What passes no check stays as it is: a step, an
 * epoch or a seed is part of a name.
 */
enum NameRule {

	/**
	 * The whole name of a TensorBoard event file: time, host, process and, which stays,
	 * the number of the writer.
	 */
	TENSORBOARD("events\\.out\\.tfevents\\.(?<x1>\\d{10})\\.(?<x2>.+?)\\.(?<x3>\\d{1,10})\\.\\d{1,9}(?:\\.\\D.*)?",
			true) {
		@Override
		@Nullable Long time(MatchResult found, String name, String folder, RunFacts run) {
			return Written.sinceEpoch(found.group("x1"), null, run);
		}
	},

	/**
	 * The whole name of a run's folder of Weights and Biases: time and a random id.
	 */
	WANDB_RUN("(?:offline-)?run-(?<x1>\\d{8}_\\d{6})-(?<x2>[a-z0-9]{8})", true) {
		@Override
		@Nullable Long time(MatchResult found, String name, String folder, RunFacts run) {
			return Written.dateTime(digits(found.group("x1")), run);
		}
	},

	/**
	 * The file in that folder, of which the name holds the folder's id.
	 */
	WANDB_FILE("run-(?<x1>[a-z0-9]{8})\\.wandb", true) {
		@Override
		@Nullable Long time(MatchResult found, String name, String folder, RunFacts run) {
			Matcher above = WANDB_RUN.pattern.matcher(folder);
			return (above.matches() && above.group("x2").equals(found.group("x1"))
					&& WANDB_RUN.time(above, folder, "", run) != null) ? NONE : null;
		}
	},

	/**
	 * A time of day that is the whole name of a folder in one named by its day, as Hydra
	 * makes them.
	 */
	TIME_IN_DATE("(?<x1>\\d{2}-\\d{2}-\\d{2})", true) {
		@Override
		@Nullable Long time(MatchResult found, String name, String folder, RunFacts run) {
			return DAY.matcher(folder).matches() ? Written.dateTime(digits(folder) + digits(found.group("x1")), run)
					: null;
		}
	},

	/**
	 * The month's name, day and time of day, as torch's SummaryWriter begins its folders'
	 * names.
	 */
	MONTH_DAY_TIME("(?<![A-Za-z])(?<x1>(?<month>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
			+ "(?<rest>\\d{2}_\\d{2}-\\d{2}-\\d{2}))(?!\\d)", false) {
		@Override
		@Nullable Long time(MatchResult found, String name, String folder, RunFacts run) {
			return Written.monthAndDay(found.group("month"), digits(found.group("rest")), run);
		}
	},

	/**
	 * Date and time of day; without seconds only where hour and minute are set apart.
	 */
	DATE_TIME("(?<![0-9])(?<x1>\\d{4}(?<d>[-_.]?)\\d{2}\\k<d>\\d{2}(?:[-_T., ]{1,2}|_at_)?"
			+ "(?:\\d{2}(?<t>[-_:.h]?)\\d{2}(?:\\k<t>|m)\\d{2}(?:\\.(?:\\d{6}|\\d{3})(?![0-9A-Za-z]))?|\\d{2}[-_:.h]\\d{2}))"
			+ "(?![0-9])", false) {
		@Override
		@Nullable Long time(MatchResult found, String name, String folder, RunFacts run) {
			return counted(name, found.start("x1")) ? null : Written.dateTime(digits(found.group("x1")), run);
		}
	},

	/**
	 * A day of the run.
	 */
	DATE("(?<![0-9])(?<x1>\\d{4}(?<d>[-_.]?)\\d{2}\\k<d>\\d{2})(?![0-9])", false) {
		@Override
		@Nullable Long time(MatchResult found, String name, String folder, RunFacts run) {
			return counted(name, found.start("x1")) ? null : Written.date(digits(found.group("x1")), run);
		}
	},

	/**
	 * Seconds or finer since 1970, within the time of the run.
	 */
	EPOCH("(?<![0-9A-Za-z])(?<x1>(?<whole>\\d{19}|\\d{16}|\\d{13}|\\d{10})(?:\\.(?<fraction>\\d{4,9}))?)(?![0-9A-Za-z])",
			false) {
		@Override
		@Nullable Long time(MatchResult found, String name, String folder, RunFacts run) {
			return counted(name, found.start("x1")) ? null
					: Written.sinceEpoch(found.group("whole"), found.group("fraction"), run);
		}
	},

	/**
	 * The number of a process of the run, behind the word pid, or of a core dump.
	 */
	PID("(?<![A-Za-z0-9])pid[-_.=]?(?<x1>\\d{1,10})(?![0-9A-Za-z])|^core\\.(?<x2>\\d{1,10})$", false) {
		@Override
		@Nullable Long time(MatchResult found, String name, String folder, RunFacts run) {
			String pid = (found.group("x1") != null) ? found.group("x1") : found.group("x2");
			return run.pids().contains(Long.valueOf(pid)) ? NONE : null;
		}
	},

	/**
	 * The name of the host that the run's record names.
	 */
	HOST("", false) {
		@Override
		Matcher matcher(String name, RunFacts run) {
			String host = (run.host() != null) ? Pattern.quote(run.host()) : "(?!)";
			return Pattern.compile("(?<![A-Za-z0-9])(?<x1>" + host + ")(?![A-Za-z0-9])").matcher(name);
		}

		@Override
		@Nullable Long time(MatchResult found, String name, String folder, RunFacts run) {
			return NONE;
		}
	};

	/**
	 * Stands for what varies and is no time.
	 */
	static final long NONE = Long.MIN_VALUE;

	/**
	 * Names of the groups that vary.
	 */
	static final Set<String> VARYING = Set.of("x1", "x2", "x3");

	/** More than the longest word that counts. */
	private static final int LONGEST_WORD = 24;

	private static final Pattern DAY = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");

	/**
	 * What counts or chooses, so that the number behind it is no time.
	 */
	private static final Pattern COUNTED = Pattern
		.compile("(?:^|[^a-z])(?:(?:global[-_]?)?steps?|seeds?|epochs?|iter(?:s|ation|ations)?"
				+ "|batch(?:es)?|v|ver|version|rank|fold|trial|id|n|no|num|number|idx|index|shard|part|chunk|episode|samples?|tokens?|size)"
				+ "[-_.=: ]{0,2}$|(?<!(?:time|date|timestamp|ts|started|created))=$");

	private final Pattern pattern;

	private final boolean whole;

	NameRule(String pattern, boolean whole) {
		this.pattern = Pattern.compile(whole ? "^" + pattern + "$" : pattern);
		this.whole = whole;
	}

	/**
	 * Whether it takes a whole name or parts of one.
	 */
	boolean whole() {
		return this.whole;
	}

	Matcher matcher(String name, RunFacts run) {
		return this.pattern.matcher(name);
	}

	/**
	 * The time that was found, {@link #NONE} where what was found is no time, null where
	 * it is not what it looks like.
	 * @param folder the name of the folder that holds it, empty where there is none
	 */
	abstract @Nullable Long time(MatchResult found, String name, String folder, RunFacts run);

	/**
	 * As it is written in an answer.
	 */
	String word() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	private static String digits(String text) {
		return text.replaceAll("\\D", "");
	}

	private static boolean counted(String name, int at) {
		return COUNTED.matcher(name.substring(Math.max(0, at - LONGEST_WORD), at).toLowerCase(Locale.ROOT)).find();
	}

}
