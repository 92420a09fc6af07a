package dev.reprise.run;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

import dev.reprise.artifact.Digest;
import dev.reprise.run.spec.EnvironmentSpec;
import dev.reprise.run.spec.JobSpec;
import dev.reprise.run.spec.JobSpecJson;
import jakarta.persistence.CollectionTable;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.MapKeyColumn;
import jakarta.persistence.Table;
import org.jspecify.annotations.Nullable;

/**
 * One accepted job spec with its life. Written once when it is accepted; every later
 * change is a fenced update of {@link RunTransitions}.
 */
@Entity
@Table(name = "runs")
public class Run {

	@Id
	private String id = "";

	private @Nullable String name;

	@Enumerated(EnumType.STRING)
	private RunState state = RunState.QUEUED;

	private int attempt;

	@Column(length = 1000000)
	private String spec = "";

	private String code = "";

	@Column(name = "code_commit")
	private @Nullable String codeCommit;

	@Column(name = "replay_of")
	private @Nullable String replayOf;

	private int priority;

	private int cpus;

	private long memory;

	// Columns that the queue reads by itself, so that it need not read specs.
	@SuppressWarnings("UnusedVariable")
	private String project = "";

	@Column(name = "project_lane")
	private long projectLane;

	@SuppressWarnings("UnusedVariable")
	private int gpus;

	@Column(name = "gpu_model")
	private @Nullable String gpuModel;

	// Read by whoever removes environments.
	@Column(name = "environment_lock")
	private @Nullable String environmentLock;

	@Column(name = "timeout_seconds")
	private long timeoutSeconds;

	@Column(name = "unverified_on_gpu")
	private boolean unverifiedOnGpu;

	@Column(name = "cancel_requested")
	private boolean cancelRequested;

	@Column(name = "created_at")
	private Instant createdAt = Instant.EPOCH;

	@Column(name = "started_at")
	private @Nullable Instant startedAt;

	@Column(name = "finished_at")
	private @Nullable Instant finishedAt;

	private @Nullable String isolation;

	// Null where it is plain.
	private @Nullable String watch;

	@Embedded
	private @Nullable Failure failure;

	@Embedded
	private @Nullable OutputSummary outputs;

	@ElementCollection(fetch = FetchType.LAZY)
	@CollectionTable(name = "run_labels", joinColumns = @JoinColumn(name = "run_id"))
	@MapKeyColumn(name = "label")
	@Column(name = "content")
	private Map<String, String> labels = new TreeMap<>();

	protected Run() {
	}

	Run(String id, JobSpec spec, Watch watch, @Nullable String codeCommit, @Nullable String replayOf,
			Instant createdAt) {
		this.id = id;
		this.name = spec.name();
		this.spec = JobSpecJson.write(spec).toString();
		this.watch = watch.plain() ? null : String.valueOf(watch.toJson());
		this.code = spec.code().value();
		this.codeCommit = codeCommit;
		this.replayOf = replayOf;
		this.priority = spec.priority();
		this.cpus = spec.resources().cpus();
		this.memory = spec.resources().memory();
		this.project = spec.project();
		this.projectLane = lane(spec.project());
		this.gpus = spec.resources().gpus();
		this.gpuModel = spec.resources().gpuModel();
		this.environmentLock = (spec.environment() instanceof EnvironmentSpec.Locked locked) ? locked.digest().value()
				: null;
		// What is rounded up ends no later than is said.
		this.timeoutSeconds = spec.timeout().plusNanos(999_999_999).toSeconds();
		this.createdAt = createdAt;
		this.labels = new TreeMap<>(spec.labels());
	}

	/**
	 * A number that stands for a project in an index: the next one behind it is found by
	 * adding one, which texts, whose order differs from database to database, do not
	 * have.
	 */
	private static long lane(String project) {
		String hex = Digest.of(project.getBytes(StandardCharsets.UTF_8)).hex();
		return Long.parseLong(hex.substring(0, 15), 16);
	}

	/**
	 * The id.
	 */
	public String id() {
		return this.id;
	}

	/**
	 * What people call it.
	 */
	public @Nullable String name() {
		return this.name;
	}

	/**
	 * Where it stands.
	 */
	public RunState state() {
		return this.state;
	}

	/**
	 * The number of its latest attempt, 0 before the first: the fence of every change.
	 */
	public int attempt() {
		return this.attempt;
	}

	/**
	 * The resolved spec.
	 */
	public JobSpec spec() {
		return JobSpecJson.read(this.spec);
	}

	/**
	 * The resolved spec as JSON.
	 */
	public String specJson() {
		return this.spec;
	}

	/**
	 * What is asked of its process beyond the spec.
	 */
	public Watch watch() {
		return Watch.read(this.watch);
	}

	/**
	 * The digest of the listing of its code.
	 */
	public Digest code() {
		return new Digest(this.code);
	}

	/**
	 * The git commit that the code says it is, or null.
	 */
	public @Nullable String codeCommit() {
		return this.codeCommit;
	}

	/**
	 * The run that this one repeats, with its spec or a changed one, or null.
	 */
	public @Nullable String replayOf() {
		return this.replayOf;
	}

	/**
	 * Higher goes first.
	 */
	public int priority() {
		return this.priority;
	}

	/**
	 * Cores that an attempt holds.
	 */
	public int cpus() {
		return this.cpus;
	}

	/**
	 * Bytes of memory that an attempt holds.
	 */
	public long memory() {
		return this.memory;
	}

	/**
	 * Whether its latest attempt had GPUs on which this version of torch has not been
	 * shown to hold its recipe.
	 */
	public boolean unverifiedOnGpu() {
		return this.unverifiedOnGpu;
	}

	/**
	 * Whether someone asked for it to be cancelled.
	 */
	public boolean cancelRequested() {
		return this.cancelRequested;
	}

	/**
	 * When it was accepted.
	 */
	public Instant createdAt() {
		return this.createdAt;
	}

	/**
	 * When its first attempt began.
	 */
	public @Nullable Instant startedAt() {
		return this.startedAt;
	}

	/**
	 * When it came to its final state.
	 */
	public @Nullable Instant finishedAt() {
		return this.finishedAt;
	}

	/**
	 * How its process was held.
	 */
	public @Nullable String isolation() {
		return this.isolation;
	}

	/**
	 * Why it failed, or null.
	 */
	public @Nullable Failure failure() {
		return this.failure;
	}

	/**
	 * What it put out, or null before its end.
	 */
	public @Nullable OutputSummary outputs() {
		return this.outputs;
	}

}
