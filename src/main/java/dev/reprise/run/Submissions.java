package dev.reprise.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

import dev.reprise.artifact.BadArchiveException;
import dev.reprise.artifact.BlobStore;
import dev.reprise.artifact.CodeListing;
import dev.reprise.artifact.Digest;
import dev.reprise.artifact.GitState;
import dev.reprise.artifact.ListedFile;
import dev.reprise.database.Durability;
import dev.reprise.database.RowKind;
import dev.reprise.artifact.Listing;
import dev.reprise.artifact.ListingStore;
import dev.reprise.http.FieldErrors;
import dev.reprise.http.Idempotency;
import dev.reprise.http.ObjectReader;
import dev.reprise.http.TimeSortedId;
import dev.reprise.run.spec.EnvironmentSpec;
import dev.reprise.run.spec.JobSpec;
import dev.reprise.run.spec.JobSpecReader;
import dev.reprise.run.spec.RuntimeSpec;
import jakarta.persistence.EntityManager;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;

/**
 * Accepts runs: checks the whole spec against what there is, then stores run and recipe
 * in one transaction.
 */
@Component
public class Submissions {

	private final Runs runs;

	private final JobSpecReader reader;

	private final CodeIntake intake;

	private final BlobStore store;

	/**
	 * Not repositories: they look for a row first where the id is given.
	 */
	private final EntityManager entities;

	private final ListingStore listings;

	private final Idempotency idempotency;

	private final TimeSortedId ids;

	private final Clock clock;

	private final ApplicationEventPublisher events;

	private final LockFiles locks;

	private final Durability durability;

	private final CodeJars jars;

	Submissions(Runs runs, JobSpecReader reader, CodeIntake intake, BlobStore store, ListingStore listings,
			EntityManager entities, Idempotency idempotency, TimeSortedId ids, Clock clock,
			ApplicationEventPublisher events, Durability durability, LockFiles locks, CodeJars jars) {
		this.runs = runs;
		this.jars = jars;
		this.locks = locks;
		this.reader = reader;
		this.intake = intake;
		this.store = store;
		this.listings = listings;
		this.entities = entities;
		this.idempotency = idempotency;
		this.ids = ids;
		this.clock = clock;
		this.events = events;
		this.durability = durability;
	}

	/**
	 * Accepts a new run.
	 * @throws dev.reprise.http.RequestException naming every field that is wrong
	 */
	Run submit(Submission.Read read, @Nullable String key) {
		Optional<String> earlier = this.idempotency.earlier(key, read.identity());
		if (earlier.isPresent()) {
			// Who made it may not have come to this yet.
			this.durability.force();
			return this.runs.get(earlier.get());
		}
		JsonNode body = read.spec();
		FieldErrors errors = new FieldErrors();
		CodeListing upload = read.code();
		JobSpec asked = this.reader.read(body, (upload != null) ? upload.digest() : null, errors);
		CodeListing code = (upload != null) ? upload : code(asked, body, errors);
		if (code != null) {
			checkEntrypoint(asked, code, errors);
			this.jars.check(asked.runtime(), code, errors);
		}
		else if (asked.runtime() instanceof RuntimeSpec.Trainer && !body.has("code")) {
			code = nothing();
		}
		EnvironmentSpec environment = this.locks.resolve(asked.environment(), code, errors);
		asked.inputs().forEach((name, input) -> {
			if (!held(input.digest())) {
				errors.add("$.inputs['" + name + "'].digest", "names nothing that the store has",
						"PUT the file to /api/v1/blobs/" + input.digest() + " first");
			}
			else if (asked.runtime() instanceof RuntimeSpec.Trainer && isTree(input.digest())) {
				errors.add("$.inputs['" + name + "'].digest",
						"is a tree of files or empty, and a trainer reads one file", "give the digest of the file");
			}
		});
		errors.throwIfAny();
		JobSpec spec = ((code != null) ? asked.withCode(code.digest()) : asked).withEnvironment(environment);
		GitState git = (code != null) ? code.git() : null;
		String commit = (git != null) ? git.commit() : null;
		AtomicReference<@Nullable Run> stored = new AtomicReference<>();
		Idempotency.Made made = this.idempotency.once(key, read.identity(), () -> {
			Run run = store(spec, Watch.PLAIN, commit, null);
			stored.set(run);
			return run.id();
		});
		Run run = stored.get();
		if (made.now() && run != null) {
			announce(List.of(made.id()));
			return run;
		}
		this.durability.force();
		return this.runs.get(made.id());
	}

	/**
	 * Accepts a run that repeats another but for what is changed. To be called in a
	 * transaction; {@link #announce} follows after it, and what the changed spec names
	 * must be in the store: where the original does not name it, {@link BlobStore#hold}
	 * keeps it from being taken for garbage until this transaction has ended.
	 * @param spec the original's, or made from it by {@link JobSpec} or
	 * {@link dev.reprise.run.spec.JobSpecJson#changed}
	 * @param watch what is asked of the process beyond the spec; that of the original is
	 * not taken over, its knobs neither
	 * @return its id
	 */
	public String repeat(Run original, JobSpec spec, Watch watch) {
		// What is said to be of a commit must be as it was there.
		String commit = spec.code().equals(original.code()) ? original.codeCommit() : null;
		return store(spec, watch, commit, original.id()).id();
	}

	/**
	 * Writes runs that were accepted in this transaction to the database, for rows that
	 * name them.
	 */
	public void flush() {
		this.entities.flush();
	}

	/**
	 * Puts runs on the disk that are committed, and tells the queue of them. Not to be
	 * called in a transaction.
	 */
	public void announce(List<String> runs) {
		this.durability.force(RowKind.RUN, runs);
		runs.forEach((run) -> this.events.publishEvent(new RunSubmitted(run)));
	}

	private Run store(JobSpec spec, Watch watch, @Nullable String commit, @Nullable String replayOf) {
		String id = this.ids.next();
		// As exactly as the database keeps it, so that every answer says the same.
		Instant now = this.clock.instant().truncatedTo(ChronoUnit.MICROS);
		Run run = new Run(id, spec, watch, commit, replayOf, now);
		this.entities.persist(run);
		ObjectNode recipe = spec.recipe(watch.knobs()).toJson();
		this.entities.persist(new RecipeRow(id, recipe.toString()));
		return run;
	}

	/**
	 * The code of a run that brings none.
	 */
	private CodeListing nothing() {
		try {
			return this.intake.files(Map.of());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private @Nullable CodeListing code(JobSpec asked, JsonNode body, FieldErrors errors) {
		if (!Digest.isDigest(body.path("code").asString(""))) {
			return null;
		}
		try {
			Optional<CodeListing> code = this.intake.stored(asked.code());
			if (code.isEmpty()) {
				errors.add("$.code", "names nothing that the store has",
						"PUT the archive to /api/v1/blobs/" + asked.code() + " first");
			}
			return code.orElse(null);
		}
		catch (BadArchiveException ex) {
			errors.add("$.code", "names an archive that is not taken: " + ex.getMessage(),
					"PUT a zip or tar.gz of plain files");
			return null;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Held, so that what is to be named is not taken for garbage meanwhile, with all that
	 * it lists where it is a tree.
	 */
	private boolean held(Digest input) {
		try {
			if (!this.store.hold(input)) {
				return false;
			}
			for (ListedFile file : this.listings.find(input).map(Listing::files).orElse(List.of())) {
				this.store.hold(file.digest());
			}
			return true;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private boolean isTree(Digest input) {
		try {
			return this.listings.find(input).isPresent();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void checkEntrypoint(JobSpec asked, CodeListing code, FieldErrors errors) {
		if (asked.runtime() instanceof RuntimeSpec.Entrypoint entrypoint
				&& code.files().stream().noneMatch((file) -> file.path().equals(entrypoint.file()))) {
			String candidates = code.files()
				.stream()
				.map(ListedFile::path)
				.filter((path) -> path.endsWith(".py"))
				.limit(10)
				.map(ObjectReader::printable)
				.collect(Collectors.joining(", "));
			errors.add("$.runtime.entrypoint", "is no file of the code", candidates.isEmpty()
					? "send a Python file with the code; it has none" : "give one of its files: " + candidates);
		}
	}

}
