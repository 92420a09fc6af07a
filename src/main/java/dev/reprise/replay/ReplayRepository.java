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

	ReplayRow saveAndFlush(ReplayRow row);

}
