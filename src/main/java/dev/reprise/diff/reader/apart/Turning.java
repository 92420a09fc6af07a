package dev.reprise.diff.reader.apart;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

import dev.reprise.artifact.Folders;
import dev.reprise.diff.reader.bytes.JobFile;
import dev.reprise.diff.reader.bytes.NotReadException;
import dev.reprise.diff.reader.bytes.PlainText;

import org.slf4j.helpers.NOP_FallbackServiceProvider;

/**
 * Turns a file of a format that a library reads into one of a plain format, which the
 * readers here read with their own bounds. The library runs in a process of its own: what
 * a hostile file makes of its memory, its time and its threads ends with that process.
 */
public final class Turning {

	/**
	 * Largest file that is turned, in bytes.
	 */
	public static final long MAX_BYTES = 512L << 20;

	/**
	 * Longest time that turning one file may take, and turning all files of a comparison.
	 */
	static final Duration MAX_TIME = Duration.ofSeconds(60);

	static final Duration MAX_TIME_OF_ALL = Duration.ofMinutes(10);

	/** Heap of the process, in MiB. */
	static final int HEAP = 512;

	/**
	 * What may be unpacked of any file, however small, in bytes, and of others for each
	 * of theirs.
	 */
	private static final long MIN_UNPACKED = 16L << 20;

	private static final long UNPACKED_TO_PACKED = 200;

	/** What HotSpot exits with under ExitOnOutOfMemoryError. */
	static final int OUT_OF_MEMORY = 3;

	private final Duration time;

	private final int heap;

	private Duration left;

	/**
	 * For all files of one comparison.
	 */
	public Turning() {
		this(MAX_TIME, MAX_TIME_OF_ALL, HEAP);
	}

	Turning(Duration time, Duration timeOfAll, int heap) {
		this.time = time;
		this.left = timeOfAll;
		this.heap = heap;
	}

	/**
	 * Most bytes that a file may become.
	 * @param max however large it is
	 */
	static long mostUnpacked(long size, long max) {
		return Math.clamp(size * UNPACKED_TO_PACKED, MIN_UNPACKED, max);
	}

	/**
	 * What is turned into what.
	 */
	enum Into {

		/**
		 * HDF5 into safetensors.
		 */
		TENSORS,

		/**
		 * Parquet into JSON lines.
		 */
		LINES

	}

	/**
	 * The datasets of an HDF5 file as a safetensors file, its attributes and all else as
	 * metadata of that. It is closed with the file.
	 * @throws NotReadException if it cannot be turned within the bounds
	 */
	public JobFile hdf5(JobFile file) throws NotReadException {
		return turn(file, Into.TENSORS);
	}

	/**
	 * The schema of a Parquet file and then its rows, a line each. It is closed with the
	 * file.
	 * @throws NotReadException if it cannot be turned within the bounds
	 */
	JobFile parquet(JobFile file) throws NotReadException {
		return turn(file, Into.LINES);
	}

	private JobFile turn(JobFile file, Into into) throws NotReadException {
		if (!this.left.isPositive()) {
			throw new NotReadException("the files of its kind took too long to read before it was reached");
		}
		if (file.size() > MAX_BYTES) {
			throw new NotReadException("it is larger than " + MAX_BYTES + " bytes");
		}
		try {
			Path folder = Files.createTempDirectory("reprise-turning-" + ProcessHandle.current().pid() + "-");
			try {
				Workplace place = new Workplace(folder);
				try (InputStream in = file.stream(0, file.size())) {
					Files.copy(in, place.original());
				}
				run(place, into);
				return file.closing(JobFile.unlisted(place.turned(), file.path()));
			}
			finally {
				Folders.remove(folder);
			}
		}
		catch (NotReadException ex) {
			throw ex;
		}
		catch (IOException ex) {
			throw new NotReadException("there was no room to unpack it, or no process could be started");
		}
	}

	private void run(Workplace place, Into into) throws IOException {
		ProcessBuilder builder = new ProcessBuilder(command(place, into))
			.redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.redirectError(ProcessBuilder.Redirect.DISCARD);
		builder.environment().clear();
		long start = System.nanoTime();
		Process process = builder.start();
		try {
			if (!process.waitFor(this.time.toMillis(), TimeUnit.MILLISECONDS)) {
				throw new NotReadException("it takes longer than " + this.time.toSeconds() + " seconds to read");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new NotReadException("reading it was interrupted");
		}
		finally {
			process.destroyForcibly().onExit().join();
			this.left = this.left.minusNanos(System.nanoTime() - start);
		}
		switch (process.exitValue()) {
			case 0 -> {
			}
			case OUT_OF_MEMORY ->
				throw new NotReadException("it takes more than " + this.heap + " MiB of memory to read");
			case TurningProcess.NOT_READ -> throw new NotReadException(place.why());
			default -> throw new NotReadException("it is damaged");
		}
	}

	private List<String> command(Workplace place, Into into) {
		String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
		String folder = place.folder().toString();
		// Standard input is a pipe that nobody writes: its end tells the process that
		// this one is gone.
		return List.of(java, "-Xmx" + this.heap + "m", "-XX:MaxDirectMemorySize=64m", "-XX:+UseSerialGC",
				"-XX:TieredStopAtLevel=1", "-XX:+ExitOnOutOfMemoryError", "-XX:-UsePerfData", "-Xlog:all=off",
				"--enable-native-access=ALL-UNNAMED", "-Djava.io.tmpdir=" + folder,
				"-Dslf4j.provider=" + NOP_FallbackServiceProvider.class.getName(), "-Dhardwood.uselibdeflate=false",
				"-cp", System.getProperty("java.class.path"), TurningProcess.class.getName(),
				into.name().toLowerCase(Locale.ROOT), folder);
	}

	/**
	 * The folder of one process.
	 *
	 * @param folder its path
	 */
	record Workplace(Path folder) {

		private static final int MAX_WHY = 1000;

		Path original() {
			return this.folder.resolve("original");
		}

		Path turned() {
			return this.folder.resolve("turned");
		}

		Path reason() {
			return this.folder.resolve("reason");
		}

		String why() throws IOException {
			try (InputStream in = Files.newInputStream(reason())) {
				return PlainText.of(new String(in.readNBytes(MAX_WHY), StandardCharsets.UTF_8), MAX_WHY);
			}
		}

	}

}
