package dev.reprise.agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The folder that a process writes its record to.
 *
 * @param folder the folder
 * @param name of the process
 */
record RecordFolder(Path folder, String name) {

	/**
	 * Claims a folder: {@code main} for a first process, {@code pid-N} for others.
	 * @throws IOException if it cannot be made
	 */
	static RecordFolder claim(Path root) throws IOException {
		long pid = ProcessHandle.current().pid();
		String name = "main";
		for (int i = 1;; i++) {
			try {
				return new RecordFolder(Files.createDirectory(root.resolve(name)), name);
			}
			catch (FileAlreadyExistsException ex) {
				name = "pid-" + pid + ((i > 1) ? "-" + i : "");
			}
		}
	}

	/**
	 * Writes a file whole, by a temporary name.
	 * @throws IOException if it cannot be written
	 */
	void write(String file, Map<String, ?> document) throws IOException {
		Path temporary = this.folder.resolve(file + ".tmp");
		Files.write(temporary, Json.write(document).getBytes(StandardCharsets.UTF_8));
		Files.move(temporary, this.folder.resolve(file), StandardCopyOption.ATOMIC_MOVE,
				StandardCopyOption.REPLACE_EXISTING);
	}

	/**
	 * Appends one line in one write.
	 * @throws IOException if it cannot be written
	 */
	void append(String file, Map<String, ? extends @Nullable Object> line) throws IOException {
		Files.write(this.folder.resolve(file), (Json.write(line) + "\n").getBytes(StandardCharsets.UTF_8),
				StandardOpenOption.CREATE, StandardOpenOption.APPEND);
	}

}
