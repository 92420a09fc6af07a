package dev.reprise.artifact;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * The steps of a durable write, one method each, so that a test can record their order or
 * let one of them fail.
 */
interface Disk {

	Disk REAL = new Disk() {
	};

	default void write(FileChannel file, ByteBuffer bytes) throws IOException {
		while (bytes.hasRemaining()) {
			file.write(bytes);
		}
	}

	default void force(FileChannel file) throws IOException {
		file.force(true);
	}

	default void rename(Path from, Path to) throws IOException {
		Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
	}

	default void forceFolder(Path folder) throws IOException {
		try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
			channel.force(true);
		}
	}

}
