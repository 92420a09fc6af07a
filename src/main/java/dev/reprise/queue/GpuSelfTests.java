package dev.reprise.queue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import dev.reprise.artifact.DataFolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.stereotype.Component;

/**
 * What {@code ./reprise selftest --gpu} found, kept in the data folder: one result for
 * each model of GPU, driver and version of torch, the last one.
 */
@Component
public class GpuSelfTests {

	private static final Logger log = LoggerFactory.getLogger(GpuSelfTests.class);

	private static final JsonMapper JSON = JsonMapper.shared();

	private static final int SCHEMA = 1;

	private final Path file;

	GpuSelfTests(DataFolder data) {
		this.file = data.root().resolve("gpu-selftests.json");
	}

	/**
	 * Whether the last self-test of this kind passed.
	 */
	public boolean passed(Kind kind) {
		return results().stream().anyMatch((result) -> result.kind().equals(kind) && result.passed());
	}

	/**
	 * All results. A file that cannot be read counts as none, and is logged: then nothing
	 * is verified.
	 */
	public synchronized List<Result> results() {
		if (!Files.exists(this.file)) {
			return List.of();
		}
		try {
			Stored stored = JSON.readValue(Files.readAllBytes(this.file), Stored.class);
			if (stored.schema() == SCHEMA) {
				return stored.results();
			}
			log.warn("{} has schema {}, which this version does not read; nothing counts as verified", this.file,
					stored.schema());
		}
		catch (IOException | JacksonException ex) {
			log.warn("{} cannot be read; nothing counts as verified", this.file, ex);
		}
		return List.of();
	}

	/**
	 * Keeps a result in place of the last of its kind.
	 */
	public synchronized void store(Result result) throws IOException {
		List<Result> results = new ArrayList<>(results());
		results.removeIf((other) -> other.kind().equals(result.kind()));
		results.add(result);
		Path temp = this.file.resolveSibling(this.file.getFileName() + ".new");
		Files.write(temp, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(new Stored(SCHEMA, results)));
		try (FileChannel channel = FileChannel.open(temp, StandardOpenOption.WRITE)) {
			channel.force(true);
		}
		Files.move(temp, this.file, StandardCopyOption.ATOMIC_MOVE);
		try (FileChannel folder = FileChannel.open(this.file.resolveSibling("."), StandardOpenOption.READ)) {
			folder.force(true);
		}
	}

	/**
	 * What a result holds for.
	 *
	 * @param model of the GPU
	 * @param driver its version
	 * @param torch its version
	 */
	public record Kind(String model, String driver, String torch) {
	}

	/**
	 * One thing that was tried.
	 *
	 * @param gpu UUID of the GPU that it was tried on
	 * @param name what was tried
	 * @param passed whether it was as it should be
	 * @param said what was found
	 * @param runs ids of the runs that show it
	 */
	public record Check(String gpu, String name, boolean passed, String said, List<String> runs) {

		/**
		 * Copies.
		 */
		public Check {
			runs = List.copyOf(runs);
		}

	}

	/**
	 * A self-test.
	 *
	 * @param kind what it holds for
	 * @param at when it ended
	 * @param passed whether each check did, on each GPU of the kind
	 * @param checks what was tried
	 */
	public record Result(Kind kind, Instant at, boolean passed, List<Check> checks) {

		/**
		 * Copies.
		 */
		public Result {
			checks = List.copyOf(checks);
		}

	}

	/**
	 * The file.
	 *
	 * @param schema its version
	 * @param results one of each kind
	 */
	record Stored(int schema, List<Result> results) {
	}

}
