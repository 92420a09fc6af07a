package dev.reprise.executor.gpu;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * A machine's GPUs as far as the service looks at them without one: the driver's command,
 * a script; its files; and device nodes, which are links to {@code /dev/null}. What a job
 * computes on them this cannot show.
 */
public final class FakeDriver {

	private final Path folder;

	private FakeDriver(Path folder) {
		this.folder = folder;
	}

	/**
	 * Installs it in a new folder that all may read.
	 */
	public static FakeDriver install(String mode) throws IOException {
		Path folder = Files.createTempDirectory("reprise-gpus-");
		Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
		FakeDriver driver = new FakeDriver(folder);
		Path program = Files.createDirectories(folder.resolve("bin")).resolve("nvidia-smi");
		try (InputStream script = FakeDriver.class.getResourceAsStream("/nvidia/nvidia-smi")) {
			Files.copy(Objects.requireNonNull(script), program);
		}
		Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
		Files.createDirectories(driver.dev().resolve("nvidia-caps"));
		for (String node : List.of("nvidiactl", "nvidia-uvm", "nvidia-uvm-tools", "nvidia-caps/nvidia-cap3",
				"nvidia-caps/nvidia-cap4", "nvidia-caps/nvidia-cap9")) {
			Files.createSymbolicLink(driver.dev().resolve(node), Path.of("/dev/null"));
		}
		for (int i = 0; i < 8; i++) {
			Files.createSymbolicLink(driver.dev().resolve("nvidia" + i), Path.of("/dev/null"));
			Path bus = Files
				.createDirectories(driver.proc().resolve("nvidia/gpus/0000:" + Integer.toHexString(16 + i) + ":00.0"));
			// The driver numbers nodes as it found the GPUs, not by their place.
			Files.writeString(bus.resolve("information"), "Model: \t\t NVIDIA H200\nIRQ:   \t\t 44\nGPU UUID: \t "
					+ uuid(i) + "\nBus Location: \t 0000:" + (10 + i) + ":00.0\nDevice Minor: \t " + (7 - i) + "\n");
		}
		Files.writeString(Files.createDirectories(driver.proc().resolve("nvidia-caps")).resolve("mig-minors"),
				"config 1\nmonitor 2\ngpu7/gi1/access 3\ngpu7/gi1/ci0/access 4\ngpu6/gi1/access 9\n");
		driver.mode(mode);
		return driver;
	}

	/**
	 * What the driver says from now on.
	 */
	public void mode(String mode) throws IOException {
		Path temp = this.folder.resolve("bin/mode.new");
		Files.writeString(temp, mode);
		Files.move(temp, this.folder.resolve("bin/mode"), StandardCopyOption.ATOMIC_MOVE);
	}

	/**
	 * The UUID of a GPU.
	 */
	public static String uuid(int number) {
		return String.format("GPU-%08d-aaaa-bbbb-cccc-%012d", number, number);
	}

	public Path dev() {
		return this.folder.resolve("dev");
	}

	Path proc() {
		return this.folder.resolve("proc");
	}

	/**
	 * Properties of a service on this machine.
	 */
	public List<String> properties() {
		return List.of("reprise.gpus.path=" + this.folder.resolve("bin"), "reprise.gpus.dev=" + dev(),
				"reprise.gpus.proc=" + proc(), "reprise.gpus.timeout=1s", "reprise.gpus.every=200ms");
	}

	GpuSettings settings(Set<String> only) {
		return new GpuSettings(List.of(this.folder.resolve("bin")), only, dev(), proc(), null, Duration.ofSeconds(1),
				Duration.ofDays(1));
	}

}
