package dev.reprise.run;

import java.util.List;

import org.springframework.data.jpa.repository.JpaSpecificationExecutor;
import org.springframework.data.repository.Repository;

import java.util.Optional;

/**
 * Runs as they are read.
 */
interface RunRepository extends Repository<Run, String>, JpaSpecificationExecutor<Run> {

	Optional<Run> findById(String id);

	List<Run> findByStateInOrderById(List<RunState> states);

}
