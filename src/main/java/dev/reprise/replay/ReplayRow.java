package dev.reprise.replay;

import java.time.Instant;

import dev.reprise.diff.engine.Verdict;
import dev.reprise.replay.certificate.Judged;
import dev.reprise.replay.certificate.MachineSeen;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * A replay as the database keeps it. Written once when it is accepted; its end is one
 * conditional update of {@link Replays}.
 */
@Entity
@Table(name = "replays")
class ReplayRow {

	@Id
	private String id = "";

	private String original = "";

	private String run = "";

	private String kind = "";

	private boolean busy;

	@Column(length = 40000)
	private String compare = "";

	private String state = "";

	private @Nullable String verdict;

	private @Nullable String diff;

	@Column(name = "ran_beside")
	private @Nullable String ranBeside;

	@Column(length = 40000)
	private @Nullable String machine;

	@Column(length = 2000)
	private @Nullable String reason;

	@Column(length = 4000)
	private @Nullable String control;

	@Column(name = "created_at")
	private Instant createdAt = Instant.EPOCH;

	protected ReplayRow() {
	}

	ReplayRow(String id, String original, String run, ReplayKind kind, boolean busy, String compare,
			Instant createdAt) {
		this.id = id;
		this.original = original;
		this.run = run;
		this.kind = kind.word();
		this.busy = busy;
		this.compare = compare;
		this.state = "PENDING";
		this.createdAt = createdAt;
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

	ReplayKind kind() {
		return ReplayKind.of(this.kind);
	}

	boolean busy() {
		return this.busy;
	}

	String compare() {
		return this.compare;
	}

	boolean pending() {
		return this.state.equals("PENDING");
	}

	@Nullable ControlResult control() {
		return (this.control != null) ? JsonMapper.shared().readValue(this.control, ControlResult.class) : null;
	}

	Instant createdAt() {
		return this.createdAt;
	}

	/**
	 * As a certificate counts it.
	 */
	Judged judged() {
		MachineSeen seen = (this.machine != null) ? JsonMapper.shared().readValue(this.machine, MachineSeen.class)
				: null;
		return new Judged((this.verdict != null) ? Verdict.valueOf(this.verdict) : null, seen, this.ranBeside);
	}

	View view() {
		return new View(this.id, this.original, this.run, kind(), this.busy, this.state, this.verdict, this.reason,
				this.diff, this.ranBeside, control(), this.createdAt);
	}

	/**
	 * A replay as clients see it.
	 *
	 * @param id the id
	 * @param original the run that is replayed
	 * @param run the run that replays it
	 * @param kind {@code replay}, or {@code control} where one bit of it was flipped
	 * @param busy whether its cores were to be kept busy beside it
	 * @param state {@code PENDING} or {@code DONE}
	 * @param verdict against the original, or null while pending
	 * @param reason why the verdict is not that of the diff, or what else is to be known
	 * of it; mostly null
	 * @param diff the id of the diff that says why, or null where nothing could be
	 * compared
	 * @param ranBeside what ran beside it, null while pending and where it was judged by
	 * a version that did not look
	 * @param control of a control: whether the diff found what was flipped
	 * @param createdAt when it was asked for
	 */
	@Schema(name = "Replay")
	record View(String id, String original, String run, @Schema(implementation = String.class) ReplayKind kind,
			boolean busy, String state, @Nullable String verdict, @Nullable String reason, @Nullable String diff,
			@Nullable String ranBeside, @Nullable ControlResult control, Instant createdAt) {
	}

}
