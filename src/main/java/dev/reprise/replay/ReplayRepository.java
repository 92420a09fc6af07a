package dev.reprise.replay;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import org.springframework.data.repository.Repository;

/**
 * Replays as they are kept. Those of one request have one instant, which no other request
 * has.
 */
interface ReplayRepository extends Repository<ReplayRow, String> {

	Optional<ReplayRow> findById(String id);

	Optional<ReplayRow> findByRun(String run);

	List<ReplayRow> findByOriginalOrderById(String original);

	List<ReplayRow> findByOriginalAndCreatedAtOrderById(String original, Instant createdAt);

	List<ReplayRow> findByState(String state);

	/**
	 * The replays that the same request made, this one included.
	 */
	default List<ReplayRow> madeWith(ReplayRow row) {
		return findByOriginalAndCreatedAtOrderById(row.original(), row.createdAt());
	}

	ReplayRow saveAndFlush(ReplayRow row);

}
