package dev.reprise.cli.runs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;

import dev.reprise.http.TimeSortedId;

/**
 * A run as a person names it: a record folder, an archive, or a run of a service.
 */
public sealed interface RunSource permits RunSource.Folder, RunSource.Archive, ServiceRun {

	/**
	 * Opens it.
	 * @param scratch an empty folder, for what has to be unpacked or fetched
	 * @throws UnreadableRunException saying what is wrong with it and the mend
	 * @throws IOException if the scratch folder cannot be written
	 */
	OpenRun open(Path scratch) throws IOException, InterruptedException, UnreadableRunException;

	/**
	 * Finds out what a word names.
	 * @param server where runs that are named by their id are, such as
	 * {@code http://127.0.0.1:8080}
	 * @throws UnreadableRunException if it names nothing
	 */
	static RunSource of(String word, String server) throws UnreadableRunException {
		Matcher address = ServiceRun.ADDRESS.matcher(word);
		if (address.matches()) {
			return new ServiceRun(address.group(1), address.group(2));
		}
		Path path = Path.of(word);
		if (Files.isDirectory(path)) {
			return new Folder(word, path);
		}
		if (Files.exists(path)) {
			return new Archive(word, path);
		}
		if (TimeSortedId.isId(word)) {
			return new ServiceRun(server.replaceFirst("/+$", ""), word);
		}
		throw new UnreadableRunException(word + " is no file or folder, and no id of a run; give a record folder, an"
				+ " archive of ./reprise export, an id, or the address of a run such as"
				+ " http://127.0.0.1:8080/api/v1/runs/ID");
	}

	/**
	 * A record folder on this machine.
	 *
	 * @param word as it was named
	 * @param path where it is
	 */
	record Folder(String word, Path path) implements RunSource {

		@Override
		public OpenRun open(Path scratch) throws UnreadableRunException {
			return OpenRun.of(this.word, this.path);
		}

	}

	/**
	 * An archive that {@code ./reprise export} wrote.
	 *
	 * @param word as it was named
	 * @param path where it is
	 */
	record Archive(String word, Path path) implements RunSource {

		@Override
		public OpenRun open(Path scratch) throws IOException, UnreadableRunException {
			RunArchive.Contents contents = RunArchive.read(this.path, scratch, true);
			if (!contents.problems().isEmpty()) {
				throw new UnreadableRunException(this.word + " is damaged, or no archive of ./reprise export: "
						+ contents.problems().getFirst() + "; ./reprise check says all");
			}
			return OpenRun.of(this.word, scratch);
		}

	}

}
