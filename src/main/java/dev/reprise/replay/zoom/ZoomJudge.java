package dev.reprise.replay.zoom;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

import dev.reprise.diff.Diffs;
import dev.reprise.diff.engine.Comparison;
import dev.reprise.diff.engine.zoom.Finding;
import dev.reprise.diff.engine.zoom.OperatorComparison;
import dev.reprise.http.RequestException;
import dev.reprise.record.BoundedJson;
import dev.reprise.record.UnreadableRecordException;
import dev.reprise.record.zoom.ZoomFile;
import dev.reprise.run.RunFolders;
import tools.jackson.databind.JsonNode;

import org.springframework.stereotype.Component;

/**
 * Says what two runs that were looked at closely have shown: first whether each has gone
 * the way of the run that it repeats, then where their operators part.
 */
@Component
class ZoomJudge {

	private static final String MAIN = "main";

	private static final int MAX_PROCESSES = 257;

	private final Diffs diffs;

	private final RunFolders folders;

	ZoomJudge(Diffs diffs, RunFolders folders) {
		this.diffs = diffs;
		this.folders = folders;
	}

	ZoomResult judge(JsonNode diff, ZoomView zoom, Duration patience) {
		String strayed = strayed("left", diff.path("left").asString(), zoom.left(), zoom.step(), patience)
			.or(() -> strayed("right", diff.path("right").asString(), zoom.right(), zoom.step(), patience))
			.orElse(null);
		if (strayed != null) {
			return ZoomResult.notReproduced(strayed);
		}
		try {
			return compare(zoom, rank(diff.path("left").asString(), zoom.process()));
		}
		catch (UnreadableRecordException ex) {
			return ZoomResult.notSeen("What was recorded of the step cannot be compared: " + ex.getMessage() + ".");
		}
		catch (IOException ex) {
			return ZoomResult.notSeen("What was recorded of the step cannot be read.");
		}
	}

	/**
	 * Why a repetition says nothing of the run that it repeats, empty where it does. It
	 * may part from it behind the step that is looked at.
	 */
	private Optional<String> strayed(String side, String original, String repeated, long step, Duration patience) {
		String who = "The " + side + " run did not go the same way again: ";
		JsonNode diff;
		try {
			diff = this.diffs.diff(original, repeated, Comparison.EXACT, patience).json();
		}
		catch (RequestException ex) {
			return Optional.of(who + ex.getMessage());
		}
		String trace = diff.path("coverage").path("trace").asString("missing");
		JsonNode divergence = diff.path("divergence");
		if (divergence.isObject()) {
			long at = divergence.path("step").asLong();
			return (at > step) ? Optional.empty()
					: Optional.of(who + "its trace parts from its own at step " + at + ", "
							+ divergence.path("reading").asString("") + ". What differs in step " + step
							+ " can then be chance.");
		}
		return trace.equals("present") ? Optional.empty()
				: Optional.of(who + "its trace is " + trace + " (" + diff.path("missing").path(0).asString("") + ").");
	}

	private ZoomResult compare(ZoomView zoom, int rank) throws UnreadableRecordException, IOException {
		Path left = this.folders.recordFolder(zoom.left());
		Path right = this.folders.recordFolder(zoom.right());
		try (ZoomFile one = ZoomFile.open(left, process(left, zoom.process(), rank));
				ZoomFile other = ZoomFile.open(right, process(right, zoom.process(), rank))) {
			Finding finding = OperatorComparison.compare(one, other);
			return new ZoomResult((finding.kind() != Finding.Kind.NONE) ? ZoomOutcome.FOUND : ZoomOutcome.NOT_SEEN,
					finding, finding.statement());
		}
	}

	/**
	 * The rank of a process of a run, -1 where it has none.
	 */
	private int rank(String run, String process) {
		return rank(this.folders.recordFolder(run).resolve("record").resolve(process));
	}

	private static int rank(Path process) {
		try {
			return BoundedJson.read(process.resolve("observed.json")).path("trace").path("rank").asInt(-1);
		}
		catch (UnreadableRecordException ex) {
			return -1;
		}
	}

	/**
	 * The process of a repetition that does what one of the left run did. Numbers of
	 * processes are others each time; the main one keeps its name, others their rank.
	 */
	private static String process(Path run, String name, int rank) throws UnreadableRecordException, IOException {
		Path record = run.resolve("record");
		if (name.equals(MAIN) || rank < 0) {
			return name;
		}
		int seen = 0;
		try (DirectoryStream<Path> processes = Files.newDirectoryStream(record)) {
			for (Path process : processes) {
				if (seen++ < MAX_PROCESSES && rank(process) == rank && Files.exists(process.resolve(ZoomFile.NAME))) {
					return String.valueOf(process.getFileName());
				}
			}
		}
		throw new UnreadableRecordException("no process of rank " + rank + " recorded the step");
	}

}
