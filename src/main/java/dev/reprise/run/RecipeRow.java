package dev.reprise.run;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/**
 * The recipe that a run's seed and mode resolved to, kept as it was resolved then.
 */
@Entity
@Table(name = "recipes")
class RecipeRow {

	@Id
	@Column(name = "run_id")
	private String runId = "";

	@Column(length = 1000000)
	private String recipe = "";

	protected RecipeRow() {
	}

	RecipeRow(String runId, String recipe) {
		this.runId = runId;
		this.recipe = recipe;
	}

	String recipe() {
		return this.recipe;
	}

}
