package dev.reprise.diff;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.reprise.artifact.BlobStore;
import dev.reprise.artifact.Digest;
import dev.reprise.artifact.HashedFiles;
import dev.reprise.artifact.ListedFile;
import dev.reprise.database.RowCopies;
import dev.reprise.database.RowKind;
import dev.reprise.diff.engine.Comparison;
import dev.reprise.diff.engine.Diff;
import dev.reprise.diff.engine.DiffEngine;
import dev.reprise.diff.engine.Layer;
import dev.reprise.diff.engine.folder.RecordFolder;
import dev.reprise.http.RequestException;
import dev.reprise.http.TimeSortedId;
import dev.reprise.record.UnreadableRecordException;
import dev.reprise.run.Run;
import dev.reprise.run.RunFolders;
import dev.reprise.run.Runs;
import jakarta.annotation.PreDestroy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Component;

/**
 * Makes diffs, and keeps each by its two runs and the comparison that was asked for.
 */
@Component
public class Diffs {

	private static final Logger log = LoggerFactory.getLogger(Diffs.class);

	private static final TypeReference<List<Confirmed>> CONFIRMED = new TypeReference<>() {
	};

	private final DiffRepository rows;

	private final Runs runs;

	private final RunFolders folders;

	private final BlobStore store;

	private final TimeSortedId ids;

	private final Clock clock;

	private final JsonMapper json;

	private final RowCopies copies;

	private final DiffEngine engine = new DiffEngine();

	/**
	 * One at a time: a diff reads as fast as the disk gives, and two would only share it
	 * with the jobs that run.
	 */
	private final ExecutorService worker = Executors
		.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("diff").factory());

	Diffs(DiffRepository rows, Runs runs, RunFolders folders, BlobStore store, TimeSortedId ids, Clock clock,
			JsonMapper json, RowCopies copies) {
		this.rows = rows;
		this.runs = runs;
		this.folders = folders;
		this.store = store;
		this.ids = ids;
		this.clock = clock;
		this.json = json;
		this.copies = copies;
	}

	/**
	 * The diff of two runs that have ended, made now if it is not kept, waiting for it at
	 * most so long.
	 * @throws RequestException if there is no such run, or one has not ended
	 */
	public DiffView diff(String left, String right, Comparison comparison, Duration patience) {
		ended(left);
		ended(right);
		DiffRow row = row(left, right, comparison);
		if (row.state().equals("PENDING")) {
			await(this.worker.submit(() -> make(row.id())), patience);
		}
		return get(row.id());
	}

	private static void await(Future<?> made, Duration patience) {
		try {
			made.get(patience.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (TimeoutException ex) {
			log.info("a diff takes longer than {}; it goes on", patience);
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException("a diff failed", ex.getCause());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * A diff as it stands.
	 * @throws RequestException if there is none of that id
	 */
	public DiffView get(String id) {
		DiffRow row = (TimeSortedId.isId(id) ? this.rows.findById(id) : Optional.<DiffRow>empty())
			.orElseThrow(() -> RequestException.notFound("diff of that id"));
		String result = row.result();
		JsonNode content = (result != null) ? content(new Digest(result)) : null;
		String confirmed = row.confirmed();
		return DiffView.of(row, this.json.readTree(row.compare()), content,
				(confirmed != null) ? this.json.readValue(confirmed, CONFIRMED) : List.of());
	}

	/**
	 * Notes causes that were confirmed by running them, in place of those noted before.
	 */
	public void confirm(String id, List<Confirmed> causes) {
		DiffRow row = this.rows.findById(id).orElseThrow();
		row.confirm(this.json.writeValueAsString(causes));
		this.rows.saveAndFlush(row);
		this.copies.replace(RowKind.DIFF, id);
	}

	/**
	 * A flipped bit may make another verdict of it, so it is not read without its digest.
	 */
	private JsonNode content(Digest digest) {
		byte[] bytes;
		try {
			bytes = Files.readAllBytes(this.store.path(digest));
		}
		catch (IOException ex) {
			bytes = new byte[0];
		}
		if (!Digest.of(bytes).equals(digest)) {
			throw RequestException.gone("The content of this diff, " + digest
					+ ", is damaged or missing in the service's data folder; ./reprise scrub names what else is."
					+ " Compare the two runs the other way round, which is a diff of its own.");
		}
		return this.json.readTree(bytes);
	}

	private void ended(String id) {
		Run run = this.runs.get(id);
		if (!run.state().isFinal()) {
			throw RequestException.conflict("Run " + id + " is " + run.state() + "; compare it once it has ended.");
		}
		this.folders.requireKept(run);
		if (!Files.isDirectory(this.folders.recordFolder(id))) {
			throw RequestException.conflict("Run " + id
					+ " ended before anything was recorded, so there is nothing to compare; see its failure.");
		}
	}

	private DiffRow row(String left, String right, Comparison comparison) {
		String compare = this.json.writeValueAsString(comparison);
		String key = Digest.of(compare.getBytes(StandardCharsets.UTF_8)).value();
		Optional<DiffRow> kept = this.rows.findByLeftAndRightAndComparison(left, right, key);
		if (kept.isPresent()) {
			return kept.get();
		}
		try {
			DiffRow row = this.rows
				.saveAndFlush(new DiffRow(this.ids.next(), left, right, key, compare, this.clock.instant()));
			this.copies.first(RowKind.DIFF, List.of(row.id()));
			return row;
		}
		catch (DataIntegrityViolationException ex) {
			return this.rows.findByLeftAndRightAndComparison(left, right, key).orElseThrow(() -> ex);
		}
	}

	private void make(String id) {
		DiffRow row = this.rows.findById(id).orElseThrow();
		if (!row.state().equals("PENDING")) {
			return;
		}
		try {
			Comparison comparison = this.json.readValue(row.compare(), Comparison.class);
			Diff diff = this.engine.compare(open(row.left()), open(row.right()), comparison);
			byte[] content = this.json.writeValueAsBytes(diff);
			Digest result = this.store.put(new ByteArrayInputStream(content), content.length);
			row.done(diff.verdict().name(), result.value());
			this.rows.saveAndFlush(row);
			this.copies.replace(RowKind.DIFF, id);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("diff " + id + " cannot be kept", ex);
		}
		catch (UnreadableRecordException ex) {
			throw new IllegalStateException("the record folder of a run cannot be read", ex);
		}
	}

	private RecordFolder open(String run) throws UnreadableRecordException {
		return RecordFolder.open(this.folders.recordFolder(run), new InStore(this.store));
	}

	@EventListener(ApplicationReadyEvent.class)
	void finishWhatWasBegun() {
		List<DiffRow> begun = this.rows.findByState("PENDING");
		begun.forEach((row) -> this.worker.execute(() -> {
			try {
				make(row.id());
			}
			catch (RuntimeException ex) {
				log.error("diff {} failed; it is tried again when it is asked for", row.id(), ex);
			}
		}));
	}

	/**
	 * A cause that was confirmed.
	 *
	 * @param layer where it is
	 * @param key which it is, {@code *} for the whole layer
	 */
	public record Confirmed(Layer layer, String key) {

		boolean is(JsonNode cause) {
			return cause.path("layer").asString("").equals(this.layer.word())
					&& cause.path("key").asString("").equals(this.key);
		}

	}

	@PreDestroy
	void close() {
		this.worker.shutdown();
	}

	/**
	 * What is hashed as it is put into the store, and known to be unchanged since, is not
	 * hashed again.
	 */
	private record InStore(BlobStore store) implements RecordFolder.Kept {

		@Override
		public Path path(ListedFile file) {
			return this.store.path(file.digest());
		}

		@Override
		public HashedFiles.Witness witness(ListedFile file) {
			return this.store.witness(file.digest());
		}

	}

}
