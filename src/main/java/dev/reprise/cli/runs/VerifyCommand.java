package dev.reprise.cli.runs;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import dev.reprise.artifact.Digest;
import dev.reprise.artifact.FileHasher;
import dev.reprise.artifact.ListedFile;
import dev.reprise.diff.engine.folder.Listings;
import dev.reprise.diff.reader.bytes.PlainText;

/**
 * {@code ./reprise verify}: whether files are a run's outputs. Their bytes decide; a name
 * only helps to say which output a file ought to have been.
 *
 * @param run the run
 * @param files the files
 */
public record VerifyCommand(RunSource run, List<Path> files) {

	/**
	 * Exit code where a file has the name of an output and other bytes.
	 */
	public static final int DIFFERENT = 1;

	/**
	 * Exit code where no file is different, but one is no output by its bytes and by its
	 * name.
	 */
	public static final int UNKNOWN = 4;

	/**
	 * Copies.
	 */
	public VerifyCommand {
		files = List.copyOf(files);
	}

	/**
	 * Verifies.
	 * @param scratch an empty folder
	 * @return the exit code
	 */
	public int run(Path scratch, PrintStream out) throws IOException, InterruptedException, UnreadableRunException {
		OpenRun open = this.run.open(scratch);
		List<ListedFile> outputs = outputs(open.listings());
		int worst = 0;
		for (Path file : this.files) {
			int found = verify(file, outputs, out);
			worst = (found == DIFFERENT || worst == 0) ? found : worst;
		}
		return worst;
	}

	private static List<ListedFile> outputs(Listings listings) {
		List<ListedFile> outputs = new ArrayList<>(listings.outputs().files());
		outputs.addAll(listings.unmatched());
		return outputs;
	}

	private static int verify(Path file, List<ListedFile> outputs, PrintStream out)
			throws IOException, UnreadableRunException {
		if (!Files.isRegularFile(file)) {
			throw new UnreadableRunException(file + " is no file" + (Files.isDirectory(file) ? " but a folder" : "")
					+ "; name each file, as in: out/*.safetensors");
		}
		long size = Files.size(file);
		// By links if need be: it is the caller's own file.
		Digest digest = FileHasher.hash(file.toRealPath());
		String name = file.toAbsolutePath().normalize().toString();
		List<ListedFile> equal = outputs.stream().filter((output) -> output.digest().equals(digest)).toList();
		if (!equal.isEmpty()) {
			ListedFile best = equal.stream().filter((output) -> isCalled(name, output)).findFirst().orElse(null);
			out.println("output     " + file + ((best != null) ? "" : " is " + shown(equal.getFirst().path())) + "  "
					+ digest);
			return 0;
		}
		List<ListedFile> called = outputs.stream().filter((output) -> isCalled(name, output)).toList();
		if (called.isEmpty()) {
			out.println("unknown    " + file + ": no output of the run has its bytes or its name");
			return UNKNOWN;
		}
		ListedFile expected = called.stream()
			.max(Comparator.comparingInt((output) -> output.path().length()))
			.orElseThrow();
		out.println("different  " + file + ": it has " + size + " bytes, " + digest + "; the output "
				+ shown(expected.path()) + " has " + expected.size() + " bytes, " + expected.digest());
		return DIFFERENT;
	}

	/**
	 * Whether a file's path ends as the output's, or has the same last name.
	 */
	private static boolean isCalled(String file, ListedFile output) {
		String path = output.path();
		return file.endsWith("/" + path) || file.endsWith("/" + path.substring(path.lastIndexOf('/') + 1));
	}

	private static String shown(String path) {
		return PlainText.of(path);
	}

}
