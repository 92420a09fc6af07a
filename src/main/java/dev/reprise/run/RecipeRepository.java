package dev.reprise.run;

import java.util.Optional;

import org.springframework.data.repository.Repository;

/**
 * Recipes as they were resolved.
 */
interface RecipeRepository extends Repository<RecipeRow, String> {

	Optional<RecipeRow> findById(String runId);

}
