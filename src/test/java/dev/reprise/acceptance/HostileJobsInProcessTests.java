package dev.reprise.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import dev.reprise.artifact.Folders;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * In isolation {@code process} they come to what anyone of this machine comes to, and to
 * system calls that work on themselves alone: their own tracing, namespaces without
 * rights. The service's folders, other runs and the service itself stay closed to them.
 */
@EnabledIf(value = "isRoot", disabledReason = "only root may hold jobs in isolation process")
class HostileJobsInProcessTests extends HostileJobs {

	private Path own = Path.of("");

	HostileJobsInProcessTests() {
		super("process");
	}

	static boolean isRoot() throws IOException {
		return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
	}

	@Override
	String mayReach(String name) {
		return switch (name) {
			case "others" -> "/var|/run|/sys|/mnt";
			case "proc_one" -> "/proc/1/root/";
			case "debugger" -> "process|memory of|being traced";
			case "become_root" -> "a namespace";
			case "connect_out" -> "a socket of family (16|40)";
			default -> "";
		};
	}

	/**
	 * A debugger that holds the first process of its own namespace is waited for.
	 */
	@Override
	String end(String name, String otherwise) {
		return name.equals("debugger") ? "TIMEOUT" : otherwise;
	}

	/**
	 * The job's own {@code /tmp} would hide it.
	 */
	@Override
	Path folder(Path temp) throws IOException {
		this.own = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "hostile-").toAbsolutePath();
		Files.setPosixFilePermissions(this.own, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
		return this.own.resolve("data");
	}

	@AfterAll
	void remove() throws IOException {
		Folders.remove(this.own);
	}

}
