package dev.reprise.run;

import java.util.List;

import org.springframework.data.repository.Repository;

/**
 * Attempts as they are read.
 */
interface AttemptRepository extends Repository<Attempt, Attempt.Key> {

	List<Attempt> findByRunIdOrderByNumber(String runId);

}
