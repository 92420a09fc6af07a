package dev.reprise.cli.local;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

import dev.reprise.artifact.FolderBefore;
import dev.reprise.artifact.ListedFile;
import dev.reprise.artifact.OutputListing;
import dev.reprise.diff.reader.bytes.PlainText;
import dev.reprise.executor.Ending;
import dev.reprise.executor.local.BareJob;
import dev.reprise.queue.AttemptEnd;
import dev.reprise.recipe.Recipe;
import dev.reprise.record.Checklist;
import dev.reprise.record.ChecklistItem;
import dev.reprise.record.Held;
import dev.reprise.record.ProcessRecord;
import dev.reprise.record.RunRecord;
import dev.reprise.run.Failure;
import org.jspecify.annotations.Nullable;

/**
 * What a person is told when a run here has ended, in a few lines.
 *
 * @param folder the record folder
 */
record LocalReport(LocalSettings settings, Recipe recipe, Path folder, PrintStream err) {

	private static final int SHOWN = 3;

	private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:@%+=,~-]+");

	/**
	 * Prints it.
	 * @param earlier the record folder of the run before in this working folder, if there
	 * is one
	 * @param program how this command is called
	 */
	void print(AttemptEnd end, Ending ending, RunRecord record, OutputListing outputs, FolderBefore before,
			@Nullable Path earlier, String program) {
		say(state(end, ending));
		Failure failure = end.failure();
		if (failure != null) {
			say(failure.kind() + ": " + PlainText.of(failure.message())
					+ ((failure.location() != null) ? " (" + PlainText.of(failure.location()) + ")" : ""));
		}
		record.main().ifPresent((main) -> {
			seedings(main);
			drift(main);
		});
		checklist(record, end.noPython() ? Checklist.Program.COMMAND : Checklist.Program.PYTHON);
		say(outputs(outputs) + (before.unread().isEmpty() ? ""
				: "; " + before.unread().size() + " things of the working folder were not read, see listing.json"));
		say("record: " + this.folder);
		say((earlier != null)
				? "next: " + quote(program) + " diff " + quote(earlier.toString()) + ' ' + quote(this.folder.toString())
				: "next: run it again, then " + quote(program) + " diff " + quote(this.folder.toString())
						+ " THE-OTHER-RECORD");
	}

	private String state(AttemptEnd end, Ending ending) {
		String took = (ending.startedAt() != null) ? String.format(Locale.ROOT, " after %.1f s",
				Duration.between(ending.startedAt(), ending.endedAt()).toMillis() / 1000.0) : "";
		String code = (ending.exitCode() != null) ? ", exit code " + ending.exitCode() : "";
		return end.state() + took + code + "; " + this.recipe.mode().wire() + ", seed " + this.recipe.seed()
				+ ", threads " + this.recipe.threads() + ", isolation " + BareJob.ISOLATION
				+ (end.noPython() ? "; it started no Python, so nothing was read back" : "");
	}

	/**
	 * The places where the seed that was asked for does nothing.
	 */
	private void seedings(ProcessRecord main) {
		List<String> own = new ArrayList<>();
		for (ProcessRecord.Seeding seeding : main.seedings()) {
			boolean other = !seeding.value().isNull() && !seeding.value().asString().equals("" + this.recipe.seed());
			if (!seeding.held() && other) {
				own.add(seeding.call() + '(' + PlainText.of(seeding.value().asString()) + ") at "
						+ PlainText.of(String.valueOf(seeding.place())));
			}
		}
		if (!own.isEmpty()) {
			say("the program sets its own seed, so that --seed has no effect from there on: " + some(own)
					+ "; --hold-seed makes yours win");
		}
	}

	private void drift(ProcessRecord main) {
		List<String> changes = main.drift()
			.stream()
			.map((drift) -> drift.knob() + " became " + PlainText.of(drift.to().asString()) + " at "
					+ PlainText.of(String.valueOf(drift.place())))
			.toList();
		if (!changes.isEmpty()) {
			say("the program changed the recipe: " + some(changes));
		}
	}

	private void checklist(RunRecord record, Checklist.Program kind) {
		List<ChecklistItem> items = Checklist.of(this.recipe, record, kind).items();
		List<String> broken = items.stream()
			.filter((item) -> item.held() == Held.NO)
			.map((item) -> item.title() + " (" + PlainText.of(item.why()) + ")")
			.toList();
		say("checklist: " + count(items, Held.YES) + " held, " + broken.size() + " not held, "
				+ count(items, Held.NOT_APPLICABLE) + " not applicable, " + count(items, Held.NOT_AVAILABLE)
				+ " cannot be told" + (broken.isEmpty() ? "" : "; not held: " + some(broken)));
	}

	private static long count(List<ChecklistItem> items, Held held) {
		return items.stream().filter((item) -> item.held() == held).count();
	}

	private String outputs(OutputListing outputs) {
		long bytes = outputs.files().stream().mapToLong(ListedFile::size).sum();
		String refused = outputs.refused().isEmpty() ? "" : ", " + outputs.refused().size() + " not taken ("
				+ outputs.refused().getFirst().path() + ": " + outputs.refused().getFirst().reason() + ")";
		return String.format(Locale.ROOT, "%d output%s, %,d byte%s%s", outputs.files().size(),
				(outputs.files().size() == 1) ? "" : "s", bytes, (bytes == 1) ? "" : "s",
				this.settings.digestsOnly() ? ", digests only" : "") + refused;
	}

	private static String some(List<String> all) {
		List<String> shown = all.subList(0, Math.min(SHOWN, all.size()));
		return String.join("; ", shown)
				+ ((all.size() > shown.size()) ? "; and " + (all.size() - shown.size()) + " more" : "");
	}

	private void say(String line) {
		this.err.println("reprise: " + line);
	}

	private static String quote(String word) {
		return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
	}

}
