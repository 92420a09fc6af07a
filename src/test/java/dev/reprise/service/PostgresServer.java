package dev.reprise.service;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A PostgreSQL that is really started, once for all tests of a process, and ends with it
 * however it ends: its shell stops it when the pipe from here is closed. Nothing here
 * cuts its power, so it forces nothing to the disk.
 */
final class PostgresServer {

	static final String USER = "reprise";

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final String SUPERVISE = """
			folder=$1; shift
			"$@" >"$folder/log" 2>&1 &
			server=$!
			cat >/dev/null
			kill -QUIT $server
			wait $server
			rm -rf "$folder"
			""";

	private static final PostgresServer SERVER = start();

	private final AtomicInteger databases = new AtomicInteger();

	private final int port;

	private final String password;

	/**
	 * Held for as long as this process lives.
	 */
	@SuppressWarnings("unused")
	private final Process process;

	private PostgresServer(int port, String password, Process process) {
		this.port = port;
		this.password = password;
		this.process = process;
	}

	/**
	 * The address of a new database that is empty.
	 */
	static String newDatabase() {
		String name = "test" + SERVER.databases.incrementAndGet();
		try (Connection connection = DriverManager.getConnection(SERVER.url("postgres"), USER, SERVER.password);
				var statement = connection.createStatement()) {
			statement.execute("create database " + name);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
		return SERVER.url(name);
	}

	static String password() {
		return SERVER.password;
	}

	private String url(String database) {
		return "jdbc:postgresql://127.0.0.1:" + this.port + "/" + database;
	}

	private static PostgresServer start() {
		try {
			Path folder = Files.createTempDirectory("reprise-postgres-");
			String password = UUID.randomUUID().toString();
			Path secret = Files.writeString(folder.resolve("password"), password);
			List<String> as = ownerOf(folder, secret);
			Path programs = programs();
			Path data = folder.resolve("data");
			List<String> init = new ArrayList<>(as);
			init.addAll(List.of(programs.resolve("initdb").toString(), "-D", data.toString(), "-U", USER, "-A",
					"scram-sha-256", "--pwfile=" + secret, "-E", "UTF8", "--no-locale", "--no-sync"));
			Process made = new ProcessBuilder(init).directory(folder.toFile()).redirectErrorStream(true).start();
			String said = new String(made.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			if (made.waitFor() != 0) {
				throw new IllegalStateException("initdb failed: " + said);
			}
			int port;
			try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
				port = free.getLocalPort();
			}
			List<String> serve = new ArrayList<>(List.of("/bin/sh", "-c", SUPERVISE, "sh", folder.toString()));
			serve.addAll(as);
			serve.addAll(List.of(programs.resolve("postgres").toString(), "-D", data.toString(), "-p",
					String.valueOf(port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c",
					"shared_buffers=32MB", "-c", "fsync=off"));
			Process process = new ProcessBuilder(serve).directory(folder.toFile()).start();
			PostgresServer server = new PostgresServer(port, password, process);
			server.await(folder.resolve("log"));
			return server;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * PostgreSQL refuses to run as root, and so gets a user of its own there.
	 */
	private static List<String> ownerOf(Path... paths) throws IOException {
		if (!System.getProperty("user.name").equals("root")) {
			return List.of();
		}
		for (Path path : paths) {
			UserPrincipal owner = path.getFileSystem()
				.getUserPrincipalLookupService()
				.lookupPrincipalByName("postgres");
			Files.setOwner(path, owner);
		}
		return List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups");
	}

	private static Path programs() throws IOException {
		List<Path> found = new ArrayList<>();
		for (String pattern : List.of("/usr/lib/postgresql", "/usr/pgsql", "/opt/postgresql")) {
			if (Files.isDirectory(Path.of(pattern))) {
				try (DirectoryStream<Path> versions = Files.newDirectoryStream(Path.of(pattern))) {
					versions.forEach((version) -> found.add(version.resolve("bin")));
				}
			}
		}
		for (String folder : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
			found.add(Path.of(folder));
		}
		return found.stream()
			.filter((folder) -> Files.isExecutable(folder.resolve("initdb")))
			.findFirst()
			.orElseThrow(
					() -> new IllegalStateException("there is no PostgreSQL here, against which this is tested too;"
							+ " ./reprise test installs it where it may, on Debian: apt-get install postgresql"));
	}

	private void await(Path log) throws IOException {
		long deadline = System.nanoTime() + PATIENCE.toNanos();
		while (true) {
			try {
				DriverManager.getConnection(url("postgres"), USER, this.password).close();
				return;
			}
			catch (SQLException ex) {
				if (System.nanoTime() > deadline || !this.process.isAlive()) {
					throw new IllegalStateException("PostgreSQL did not start: " + Files.readString(log), ex);
				}
				LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
			}
		}
	}

}
