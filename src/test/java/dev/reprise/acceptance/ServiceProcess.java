package dev.reprise.acceptance;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The service as a process of its own, that can be killed.
 */
final class ServiceProcess {

	private static final Pattern ADDRESS = Pattern.compile("listens on (http://127\\.0\\.0\\.1:\\d+)");

	private final Process process;

	private final Path log;

	private final String address;

	private final Client client;

	private ServiceProcess(Process process, Path log, String address) {
		this.process = process;
		this.log = log;
		this.address = address;
		this.client = new Client(address);
	}

	/**
	 * The folder of the Python environment that jobs run in.
	 */
	static Path environment() {
		String python = System.getProperty("reprise.test.python");
		if (python == null) {
			throw new IllegalStateException("run the tests through ./reprise test, which prepares a Python environment;"
					+ " or give -Dreprise.test.python=ENVIRONMENT/bin/python");
		}
		return Path.of(python).resolveSibling("..").normalize();
	}

	/**
	 * The program that builds environments from lock files.
	 */
	static Path uv() {
		String uv = System.getProperty("reprise.test.uv");
		if (uv == null) {
			throw new IllegalStateException("run the tests through ./reprise test, which installs uv;"
					+ " or give -Dreprise.test.uv= and the path of one");
		}
		return Path.of(uv);
	}

	/**
	 * Starts the service on a data folder, and waits until it listens.
	 */
	static ServiceProcess start(Path data, String... options) throws IOException, InterruptedException {
		return start(Product.service(), data, options);
	}

	/**
	 * Starts a service that is given, as by {@link Product#service}.
	 */
	static ServiceProcess start(List<String> java, Path data, String... options)
			throws IOException, InterruptedException {
		List<String> command = new ArrayList<>(java);
		command.addAll(List.of("serve", "--port", "0", "--data", data.toString(),
				"--reprise.environments.default=" + environment()));
		String djl = System.getProperty("reprise.test.djl");
		if (djl != null) {
			command.add("--reprise.djl=" + djl);
		}
		command.addAll(List.of(options));
		Path log = Files.createTempFile(Files.createDirectories(Path.of("target", "services")), "service-", ".log");
		Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
		// A test that fails before it stops its service leaves none behind.
		Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
		String address = Await.value(Duration.ofSeconds(90), () -> {
			if (!process.isAlive()) {
				throw new IllegalStateException("the service did not start:\n" + Files.readString(log));
			}
			try (BufferedReader lines = Files.newBufferedReader(log)) {
				return lines.lines()
					.map(ADDRESS::matcher)
					.filter(Matcher::find)
					.map((match) -> match.group(1))
					.findFirst();
			}
		});
		return new ServiceProcess(process, log, address);
	}

	/**
	 * Where it listens.
	 */
	String address() {
		return this.address;
	}

	Client client() {
		return this.client;
	}

	/**
	 * The number of the port where it listens.
	 */
	String port() throws IOException {
		return ADDRESS.matcher(log()).results().findFirst().orElseThrow().group(1).replaceAll(".*:", "");
	}

	boolean isAlive() {
		return this.process.isAlive();
	}

	/**
	 * Tells it to stop, as an operator would, and does not wait.
	 */
	void terminate() {
		this.process.destroy();
	}

	/**
	 * Waits for its end.
	 * @return its exit code, empty where it lives on
	 */
	OptionalInt exitCode(Duration atMost) throws InterruptedException {
		return this.process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS) ? OptionalInt.of(this.process.exitValue())
				: OptionalInt.empty();
	}

	long pid() {
		return this.process.pid();
	}

	String log() throws IOException {
		return Files.readString(this.log);
	}

	/**
	 * Kills it as {@code kill -9} does, and waits until it is gone.
	 */
	void kill() throws InterruptedException {
		this.process.destroyForcibly();
		this.process.waitFor();
	}

	/**
	 * Stops it as an operator would.
	 */
	void stop() throws InterruptedException, IOException {
		this.process.destroy();
		this.process.waitFor();
		Files.deleteIfExists(this.log);
	}

}
