package dev.reprise.executor.gpu;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;

/**
 * Asks the driver through its command. It may hang, and then nothing can end it: it is
 * not asked again while it does.
 */
final class NvidiaSmi {

	/**
	 * What is asked of each GPU, in this order. The temperature is there because it has
	 * to come from the GPU: name and UUID are still told of one that is lost.
	 */
	static final String FIELDS = "uuid,name,pci.bus_id,driver_version,memory.total,mig.mode.current,temperature.gpu";

	private static final int MAX_BYTES = 1 << 20;

	private final List<Path> folders;

	private final Duration timeout;

	private @Nullable Process hanging;

	NvidiaSmi(List<Path> folders, Duration timeout) {
		this.folders = List.copyOf(folders);
		this.timeout = timeout;
	}

	/**
	 * Whether there is such a command.
	 */
	boolean present() {
		return program() != null;
	}

	private @Nullable Path program() {
		return this.folders.stream()
			.map((folder) -> folder.resolve("nvidia-smi"))
			.filter(Files::isExecutable)
			.findFirst()
			.orElse(null);
	}

	/**
	 * A line for each GPU with {@link #FIELDS}.
	 */
	Answer query() throws InterruptedException {
		return ask("--query-gpu=" + FIELDS, "--format=csv,noheader,nounits");
	}

	/**
	 * A line for each GPU, and below it one for each part that it is divided into.
	 */
	Answer list() throws InterruptedException {
		return ask("-L");
	}

	private Answer ask(String... arguments) throws InterruptedException {
		Process earlier = this.hanging;
		if (earlier != null && earlier.isAlive()) {
			return Answer.none("nvidia-smi still does not answer: the driver hangs. See the kernel's log; "
					+ "restarting the machine helps");
		}
		this.hanging = null;
		Path program = program();
		if (program == null) {
			return Answer.none("nvidia-smi is gone");
		}
		List<String> command = new ArrayList<>(List.of(program.toString()));
		command.addAll(List.of(arguments));
		ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
		builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
		builder.environment().clear();
		builder.environment().put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
		builder.environment().put("LC_ALL", "C");
		try {
			return answer(builder.start());
		}
		catch (IOException ex) {
			return Answer.none("nvidia-smi cannot be started: " + ex.getMessage());
		}
	}

	private Answer answer(Process process) throws InterruptedException {
		CompletableFuture<byte[]> output = new CompletableFuture<>();
		// A thread of its own: what hangs in the driver closes its pipe for nobody.
		Thread.ofPlatform().daemon().name("nvidia-smi").start(() -> {
			try (InputStream in = process.getInputStream()) {
				output.complete(in.readNBytes(MAX_BYTES + 1));
			}
			catch (IOException ex) {
				output.completeExceptionally(ex);
			}
		});
		long deadline = System.nanoTime() + this.timeout.toNanos();
		try {
			byte[] bytes = output.get(this.timeout.toNanos(), TimeUnit.NANOSECONDS);
			if (bytes.length > MAX_BYTES) {
				process.destroyForcibly();
				return Answer.none("nvidia-smi wrote more than " + MAX_BYTES + " bytes");
			}
			if (!process.waitFor(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)) {
				return gaveUp(process);
			}
			return new Answer(process.exitValue(), new String(bytes, StandardCharsets.UTF_8).lines().toList(), null);
		}
		catch (TimeoutException ex) {
			return gaveUp(process);
		}
		catch (ExecutionException ex) {
			process.destroyForcibly();
			return Answer.none("the answer of nvidia-smi cannot be read: " + ex.getCause());
		}
	}

	private Answer gaveUp(Process process) {
		process.destroyForcibly();
		this.hanging = process;
		return Answer.none("nvidia-smi did not answer within " + this.timeout.toMillis() + " ms: the driver hangs. "
				+ "See the kernel's log; restarting the machine helps");
	}

	/**
	 * What it said.
	 *
	 * @param exitCode 0 if all is well
	 * @param lines of its output
	 * @param failure why there is no answer at all, or null
	 */
	record Answer(int exitCode, List<String> lines, @Nullable String failure) {

		static Answer none(String failure) {
			return new Answer(-1, List.of(), failure);
		}

	}

}
