package dev.reprise.diff;

import java.time.Instant;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.jspecify.annotations.Nullable;

/**
 * A diff as the database keeps it: once for each left, right and comparison; its content
 * is a blob.
 */
@Entity
@Table(name = "diffs")
class DiffRow {

	@Id
	private String id = "";

	@Column(name = "left_run")
	private String left = "";

	@Column(name = "right_run")
	private String right = "";

	private String comparison = "";

	@Column(length = 40000)
	private String compare = "";

	private String state = "";

	private @Nullable String verdict;

	private @Nullable String result;

	@Column(length = 40000)
	private @Nullable String confirmed;

	@Column(name = "created_at")
	private Instant createdAt = Instant.EPOCH;

	protected DiffRow() {
	}

	DiffRow(String id, String left, String right, String comparison, String compare, Instant createdAt) {
		this.id = id;
		this.left = left;
		this.right = right;
		this.comparison = comparison;
		this.compare = compare;
		this.state = "PENDING";
		this.createdAt = createdAt;
	}

	void done(String verdict, String result) {
		this.state = "DONE";
		this.verdict = verdict;
		this.result = result;
	}

	/**
	 * Causes that were confirmed, as JSON.
	 */
	void confirm(String causes) {
		this.confirmed = causes;
	}

	@Nullable String confirmed() {
		return this.confirmed;
	}

	String id() {
		return this.id;
	}

	String left() {
		return this.left;
	}

	String right() {
		return this.right;
	}

	String comparison() {
		return this.comparison;
	}

	String compare() {
		return this.compare;
	}

	String state() {
		return this.state;
	}

	@Nullable String verdict() {
		return this.verdict;
	}

	@Nullable String result() {
		return this.result;
	}

	Instant createdAt() {
		return this.createdAt;
	}

}
