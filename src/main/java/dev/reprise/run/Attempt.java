package dev.reprise.run;

import java.io.Serializable;
import java.time.Instant;
import java.util.List;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import org.jspecify.annotations.Nullable;

/**
 * One try at executing a run.
 */
@Entity
@Table(name = "attempts")
@IdClass(Attempt.Key.class)
public class Attempt {

	@Id
	@Column(name = "run_id")
	private String runId = "";

	@Id
	private int number;

	private String state = "";

	@Column(name = "started_at")
	private Instant startedAt = Instant.EPOCH;

	@Column(name = "running_at")
	private @Nullable Instant runningAt;

	@Column(name = "ended_at")
	private @Nullable Instant endedAt;

	@Column(length = 4000)
	private @Nullable String ending;

	@Column(length = 40000)
	private @Nullable String gpus;

	@Column(name = "environment_key")
	private @Nullable String environmentKey;

	@Column(name = "environment_contents")
	private @Nullable String environmentContents;

	@Column(name = "environment_built_at")
	private @Nullable Instant environmentBuiltAt;

	@Column(name = "left_outputs", length = 1_000_000)
	private @Nullable String leftOutputs;

	protected Attempt() {
	}

	/**
	 * What clients see of it.
	 */
	View view() {
		return new View(this.number, this.state, this.startedAt, this.runningAt, this.endedAt, this.ending,
				(this.gpus == null) ? List.of() : List.of(this.gpus.split(" ")), environment(),
				(this.leftOutputs == null) ? null : LeftOutputs.read(this.leftOutputs).view());
	}

	/**
	 * The environment that it ran in, null where that was not built from a lock file.
	 */
	public @Nullable Environment environment() {
		return (this.environmentKey == null || this.environmentContents == null || this.environmentBuiltAt == null)
				? null : new Environment(this.environmentKey, this.environmentContents, this.environmentBuiltAt);
	}

	/**
	 * An environment that was built from a lock file.
	 *
	 * @param key what it is kept by
	 * @param contents the digest of what is installed in it
	 * @param builtAt when it was built
	 */
	@Schema(name = "BuiltEnvironment")
	public record Environment(String key, String contents, Instant builtAt) {
	}

	/**
	 * An attempt as clients see it.
	 *
	 * @param number the fence
	 * @param state {@code STARTING}, {@code RUNNING}, {@code COLLECTING} or {@code ENDED}
	 * @param startedAt when it was claimed
	 * @param runningAt when its process was started, or null
	 * @param endedAt when it ended, or null
	 * @param ending a sentence that says how, or null
	 * @param gpus UUIDs of those that it held
	 * @param environment the one that it ran in, null where that was not built from a
	 * lock file
	 * @param left what it had written when it was lost, null where it was not or had
	 * written nothing
	 */
	@Schema(name = "Attempt")
	public record View(int number, String state, Instant startedAt, @Nullable Instant runningAt,
			@Nullable Instant endedAt, @Nullable String ending, List<String> gpus, @Nullable Environment environment,
			LeftOutputs.@Nullable Left left) {
	}

	/**
	 * The key of an attempt.
	 *
	 * @param runId the run
	 * @param number the attempt
	 */
	public record Key(String runId, int number) implements Serializable {
	}

}
