package dev.reprise.run;

import java.time.Instant;
import java.util.List;

import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/**
 * Attempts as they are read.
 */
interface AttemptRepository extends Repository<Attempt, Attempt.Key> {

	List<Attempt> findByRunIdOrderByNumber(String runId);

	@Query("select count(other) from Attempt other where other.runId <> :run and other.startedAt < :end"
			+ " and (other.endedAt is null or other.endedAt > :start)")
	long countOthersBetween(String run, Instant start, Instant end);

}
