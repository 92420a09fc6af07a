package dev.reprise.replay;

import java.time.Instant;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.jspecify.annotations.Nullable;

/**
 * A replay as the database keeps it.
 */
@Entity
@Table(name = "replays")
class ReplayRow {

	@Id
	private String id = "";

	private String original = "";

	private String run = "";

	@Column(length = 40000)
	private String compare = "";

	private String state = "";

	private @Nullable String verdict;

	private @Nullable String diff;

	@Column(name = "created_at")
	private Instant createdAt = Instant.EPOCH;

	protected ReplayRow() {
	}

	ReplayRow(String id, String original, String run, String compare, Instant createdAt) {
		this.id = id;
		this.original = original;
		this.run = run;
		this.compare = compare;
		this.state = "PENDING";
		this.createdAt = createdAt;
	}

	void done(String verdict, @Nullable String diff) {
		this.state = "DONE";
		this.verdict = verdict;
		this.diff = diff;
	}

	String id() {
		return this.id;
	}

	String original() {
		return this.original;
	}

	String run() {
		return this.run;
	}

	String compare() {
		return this.compare;
	}

	String state() {
		return this.state;
	}

	Instant createdAt() {
		return this.createdAt;
	}

	View view() {
		return new View(this.id, this.original, this.run, this.state, this.verdict, this.diff, this.createdAt);
	}

	/**
	 * A replay as clients see it.
	 *
	 * @param id the id
	 * @param original the run that is replayed
	 * @param run the run that replays it
	 * @param state {@code PENDING} or {@code DONE}
	 * @param verdict against the original, or null while pending
	 * @param diff the id of the diff that says why, or null where nothing could be
	 * compared
	 * @param createdAt when it was asked for
	 */
	@Schema(name = "Replay")
	record View(String id, String original, String run, String state, @Nullable String verdict, @Nullable String diff,
			Instant createdAt) {
	}

}
