package dev.reprise.queue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

import dev.reprise.executor.Ending;
import tools.jackson.databind.json.JsonMapper;

/**
 * How an attempt ended, kept beside its workspace while its outputs are collected: if the
 * service dies meanwhile, the next one goes on from here instead of losing the run.
 */
final class EndingFile {

	private static final JsonMapper JSON = JsonMapper.shared();

	private EndingFile() {
	}

	static void write(Path attempt, Ending ending) throws IOException {
		Path temp = attempt.resolve("ending.json.new");
		Files.write(temp, JSON.writeValueAsBytes(ending));
		try (FileChannel channel = FileChannel.open(temp, StandardOpenOption.WRITE)) {
			channel.force(true);
		}
		Files.move(temp, attempt.resolve("ending.json"), StandardCopyOption.ATOMIC_MOVE);
	}

	static Optional<Ending> read(Path attempt) throws IOException {
		Path file = attempt.resolve("ending.json");
		return Files.exists(file) ? Optional.of(JSON.readValue(Files.readAllBytes(file), Ending.class))
				: Optional.empty();
	}

}
