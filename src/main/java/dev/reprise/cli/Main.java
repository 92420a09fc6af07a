package dev.reprise.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

import org.springframework.boot.SpringApplication;

/**
 * Where {@code ./reprise} comes in.
 */
public final class Main {

	static final int USAGE = 2;

	private Main() {
	}

	/**
	 * Runs one command.
	 * @param args the command's name, its options, and properties of the service as
	 * {@code --name=value}
	 */
	public static void main(String[] args) throws Exception {
		String command = (args.length > 0) ? args[0] : "serve";
		List<String> rest = List.of(args).subList(Math.min(1, args.length), args.length);
		try {
			switch (command) {
				case "serve" -> serve(Options.read(rest, Set.of()));
				case "demo" -> demo(Options.read(rest, Set.of("--keep", "--python")));
				case "rebuild" -> rebuild(Options.read(rest, Set.of()));
				case "bench" -> bench(Options.read(rest, Set.of("--quick", "--jvm"),
						Set.of("--markdown", "--checkpoints", "--queue", "--traces")));
				case "selftest" -> selfTest(Options.read(rest, Set.of("--gpu"), Set.of("--environment")));
				case "local" -> System.exit(RecordCommands.local(rest, System.err));
				case "diff" -> System.exit(RecordCommands.diff(rest, System.out, System.err));
				case "verify" -> System.exit(RecordCommands.verify(rest, System.out, System.err));
				case "export" -> System.exit(RecordCommands.export(rest, System.out, System.err));
				case "check" -> System.exit(RecordCommands.check(rest, System.out, System.err));
				case "rehearse" -> System.exit(Rehearsal.run(Path.of(rest.getFirst())));
				case "scrub" -> scrub(Options.read(rest, Set.of()));
				default -> usage("there is no command " + command);
			}
		}
		catch (Options.UsageException ex) {
			usage(String.valueOf(ex.getMessage()));
		}
	}

	private static void serve(Options options) {
		// Not to be closed here: the service lives until it is stopped.
		@SuppressWarnings("resource")
		Service service = Service.start(options.properties());
		// Java's own exit code for SIGTERM is 143, which a supervisor takes for a
		// failure.
		SpringApplication.getShutdownHandlers().add(() -> Runtime.getRuntime().halt(0));
		System.out.println("Reprise listens on " + service.address());
		System.out.println("  API under /api/v1, described at /v3/api-docs");
	}

	private static void demo(Options options) throws Exception {
		Service service = Service.start(Demo.properties(options));
		int status = new Demo(new Client(service.address()), System.out, options.flags().contains("--python")).run();
		if (options.flags().contains("--keep")) {
			System.out.println();
			System.out.println("The service stays up at " + service.address() + " until you stop it with Ctrl-C.");
			return;
		}
		service.close();
		System.exit(status);
	}

	private static void bench(Options options) throws Exception {
		int status = Benching.run(options, System.out);
		System.exit(status);
	}

	private static void selfTest(Options options) throws Exception {
		if (!options.flags().contains("--gpu")) {
			usage("selftest wants --gpu: GPUs are what it tests");
			return;
		}
		System.exit(SelfTest.run(options, System.out));
	}

	private static void rebuild(Options options) throws Exception {
		System.exit(Rebuilding.run(options, System.out));
	}

	private static void scrub(Options options) throws Exception {
		int status = Scrubbing.run(Scrubbing.data(options), System.out, System.err);
		System.exit(status);
	}

	private static void usage(String problem) {
		System.err.println("reprise: " + problem + "; ./reprise help lists commands and options");
		System.exit(USAGE);
	}

}
