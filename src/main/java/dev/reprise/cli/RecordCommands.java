package dev.reprise.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import dev.reprise.artifact.Folders;
import dev.reprise.cli.Options.Syntax;
import dev.reprise.cli.Options.UsageException;
import dev.reprise.cli.local.LocalRun;
import dev.reprise.cli.local.LocalSettings;
import dev.reprise.cli.runs.CheckCommand;
import dev.reprise.cli.runs.DiffCommand;
import dev.reprise.cli.runs.ExportCommand;
import dev.reprise.cli.runs.RunSource;
import dev.reprise.cli.runs.UnreadableRunException;
import dev.reprise.cli.runs.VerifyCommand;
import dev.reprise.diff.engine.Comparison;
import dev.reprise.diff.engine.Verdict;
import dev.reprise.recipe.DeterminismMode;
import dev.reprise.recipe.OnDrift;
import dev.reprise.run.spec.TraceLibrary;
import dev.reprise.run.spec.TraceSpec;
import dev.reprise.run.spec.TraceTensors;
import org.jspecify.annotations.Nullable;

/**
 * The commands that work on record folders and need no service in this process. They
 * start in a moment, so nothing here may load any of Spring.
 */
final class RecordCommands {

	/**
	 * Exit code of all but {@code local} where a run or a file cannot be read.
	 */
	static final int UNREADABLE = 7;

	private static final Set<String> SERVER = Set.of("--server");

	private static final String DEFAULT_SERVER = "http://127.0.0.1:8080";

	private RecordCommands() {
	}

	static int local(List<String> args, PrintStream err) throws InterruptedException {
		try {
			Options options = Options.read(args,
					new Syntax(Set.of("--portable", "--hold-seed", "--digests-only"),
							Set.of("--seed", "--mode", "--threads", "--record", "--on-drift", "--trace"),
							Set.of("--env"), true, false));
			return new LocalRun(settings(options, err), Path.of(""), cache(), err)
				.run(System.getProperty("reprise.program", "./reprise"));
		}
		catch (UsageException | IllegalArgumentException ex) {
			err.println("reprise: " + ex.getMessage());
			err.println(
					"  usage: reprise local [OPTIONS] -- COMMAND, as in: reprise local --seed 1 -- python train.py");
		}
		catch (IOException ex) {
			err.println("reprise: " + Words.of(ex));
		}
		return LocalRun.FAILED;
	}

	private static LocalSettings settings(Options options, PrintStream err) throws UsageException {
		Map<String, String> values = options.values();
		Map<String, String> env = new TreeMap<>();
		for (String variable : options.all("--env")) {
			int equals = variable.indexOf('=');
			String value = (equals < 0) ? System.getenv(variable) : variable.substring(equals + 1);
			if (value == null) {
				throw new UsageException("--env " + variable + " has no value here; give --env NAME=VALUE");
			}
			env.put((equals < 0) ? variable : variable.substring(0, equals), value);
		}
		String record = values.get("--record");
		return new LocalSettings(options.words(), DeterminismMode.of(values.getOrDefault("--mode", "strict")),
				options.integer("--seed", new SecureRandom().nextInt() & Integer.MAX_VALUE, 0, Integer.MAX_VALUE),
				options.integer("--threads", 1, 1, 1024), options.flags().contains("--portable"),
				options.flags().contains("--hold-seed"), OnDrift.of(values.getOrDefault("--on-drift", "record")),
				trace(values.get("--trace"), err), env, (record != null) ? Path.of(record) : null,
				options.flags().contains("--digests-only"));
	}

	/**
	 * Where nothing is said, a machine that cannot trace is no reason not to run.
	 */
	private static @Nullable TraceSpec trace(@Nullable String word, PrintStream err) throws UsageException {
		TraceSpec all = TraceSpec.ofAll(Long.MAX_VALUE);
		String whyNot = "off".equals(word) ? null : TraceLibrary.whyNot();
		if (whyNot != null) {
			String problem = TraceLibrary.NAME + " is not on this machine, so nothing can be traced; " + whyNot;
			if (word != null) {
				throw new UsageException(problem);
			}
			err.println("reprise: this run has no trace: " + problem);
			return null;
		}
		return switch ((word != null) ? word : "all") {
			case "off" -> null;
			case "sum" -> new TraceSpec(all.every(), new TraceTensors.Sum(), all.budget());
			case "all" -> all;
			default -> throw new UsageException("--trace is " + word + "; give off, sum or all");
		};
	}

	static int diff(List<String> args, PrintStream out, PrintStream err) throws InterruptedException {
		return run(err, (scratch) -> {
			Options options = Options.read(args, new Syntax(Set.of("--json"),
					Set.of("--server", "--ulps", "--rtol", "--atol"), Set.of("--ignore", "--accept"), true, false));
			String[] names = words(options, 2, 2, "diff LEFT RIGHT");
			Comparison comparison = new Comparison(options.integer("--ulps", 0, 0, Integer.MAX_VALUE),
					options.amount("--rtol"), options.amount("--atol"), options.all("--ignore"));
			Set<Verdict> accepted = accepted(options);
			return new DiffCommand(source(names[0], options), source(names[1], options), comparison, accepted,
					options.flags().contains("--json"))
				.run(names, scratch, out);
		});
	}

	private static Set<Verdict> accepted(Options options) throws UsageException {
		Set<Verdict> accepted = EnumSet.noneOf(Verdict.class);
		for (String name : options.all("--accept")) {
			switch (name) {
				case "IDENTICAL_EXCEPT" -> accepted.add(Verdict.IDENTICAL_EXCEPT);
				case "WITHIN_TOLERANCE" -> accepted.add(Verdict.WITHIN_TOLERANCE);
				default -> throw new UsageException("--accept takes IDENTICAL_EXCEPT or WITHIN_TOLERANCE, not " + name
						+ ": no other is a kind of yes");
			}
		}
		return accepted;
	}

	static int verify(List<String> args, PrintStream out, PrintStream err) throws InterruptedException {
		return run(err, (scratch) -> {
			Options options = Options.read(args, new Syntax(Set.of(), SERVER, Set.of(), true, false));
			String[] words = words(options, 2, Integer.MAX_VALUE, "verify RUN FILE…");
			return new VerifyCommand(source(words[0], options),
					options.words().subList(1, words.length).stream().map(Path::of).toList())
				.run(scratch, out);
		});
	}

	static int export(List<String> args, PrintStream out, PrintStream err) throws InterruptedException {
		return run(err, (scratch) -> {
			Options options = Options.read(args,
					new Syntax(Set.of("--digests-only"), Set.of("--server", "-o"), Set.of(), true, false));
			String[] words = words(options, 1, 1, "export RUN [-o FILE]");
			String target = options.values().get("-o");
			return new ExportCommand(source(words[0], options), (target != null) ? Path.of(target) : null,
					options.flags().contains("--digests-only"))
				.run(scratch, out);
		});
	}

	static int check(List<String> args, PrintStream out, PrintStream err) throws InterruptedException {
		return run(err, (scratch) -> {
			Options options = Options.read(args, new Syntax(Set.of(), Set.of(), Set.of(), true, false));
			return new CheckCommand(Path.of(words(options, 1, 1, "check ARCHIVE")[0])).run(scratch, out);
		});
	}

	private static String[] words(Options options, int least, int most, String usage) throws UsageException {
		if (options.words().size() < least || options.words().size() > most) {
			throw new UsageException("the command is: reprise " + usage);
		}
		return options.words().toArray(String[]::new);
	}

	private static RunSource source(String word, Options options) throws UnreadableRunException {
		return RunSource.of(word, options.values().getOrDefault("--server", DEFAULT_SERVER));
	}

	private static int run(PrintStream err, Command command) throws InterruptedException {
		try {
			Path scratch = Files.createTempDirectory(Files.createDirectories(cache().resolve("tmp")), "command-");
			Thread hook = new Thread(() -> remove(scratch));
			Runtime.getRuntime().addShutdownHook(hook);
			return command.run(scratch);
		}
		catch (UsageException | IllegalArgumentException ex) {
			err.println("reprise: " + ex.getMessage() + "; reprise help lists commands and options");
			return Main.USAGE;
		}
		catch (UnreadableRunException ex) {
			err.println("reprise: " + ex.getMessage());
		}
		catch (IOException ex) {
			err.println("reprise: " + Words.of(ex));
		}
		return UNREADABLE;
	}

	/**
	 * Also where the command is interrupted: what it fetched may be large.
	 */
	private static void remove(Path scratch) {
		try {
			Folders.remove(scratch);
		}
		catch (IOException ex) {
			// it lies in a cache
		}
	}

	/**
	 * Reprise's folder below the cache: on a disk, where a temporary folder may be in
	 * memory.
	 */
	private static Path cache() {
		String cache = System.getenv("XDG_CACHE_HOME");
		try {
			return ((cache != null && cache.startsWith("/")) ? Path.of(cache)
					: Path.of(System.getProperty("user.home"), ".cache"))
				.resolve("reprise");
		}
		catch (InvalidPathException ex) {
			throw new IllegalArgumentException("XDG_CACHE_HOME is no path", ex);
		}
	}

	@FunctionalInterface
	private interface Command {

		int run(Path scratch) throws IOException, InterruptedException, UsageException, UnreadableRunException;

	}

}
