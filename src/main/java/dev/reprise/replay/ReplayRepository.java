package dev.reprise.replay;

import java.util.List;
import java.util.Optional;

import org.springframework.data.repository.Repository;

/**
 * Replays as they are kept.
 */
interface ReplayRepository extends Repository<ReplayRow, String> {

	Optional<ReplayRow> findById(String id);

	Optional<ReplayRow> findByRun(String run);

	List<ReplayRow> findByOriginalOrderById(String original);

	List<ReplayRow> findByState(String state);

	/**
	 * The replays that one request made.
	 * @param first the first of them
	 */
	default List<ReplayRow> madeWith(String first, int count) {
		ReplayRow row = findById(first).orElseThrow();
		return findByOriginalOrderById(row.original()).stream()
			.filter((other) -> other.id().compareTo(first) >= 0 && other.createdAt().equals(row.createdAt()))
			.limit(count)
			.toList();
	}

	ReplayRow saveAndFlush(ReplayRow row);

}
