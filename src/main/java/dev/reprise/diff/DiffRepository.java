package dev.reprise.diff;

import java.util.List;
import java.util.Optional;

import org.springframework.data.repository.Repository;

/**
 * Diffs as they are kept.
 */
interface DiffRepository extends Repository<DiffRow, String> {

	Optional<DiffRow> findById(String id);

	Optional<DiffRow> findByLeftAndRightAndComparison(String left, String right, String comparison);

	List<DiffRow> findByState(String state);

	DiffRow saveAndFlush(DiffRow row);

}
