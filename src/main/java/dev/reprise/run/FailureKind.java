package dev.reprise.run;

/**
 * Why a run failed.
 */
public enum FailureKind {

	REFUSED_OPERATION, DRIFT, EXIT, SIGNAL, TIMEOUT, OUT_OF_MEMORY, OUT_OF_DISK, LOG_LIMIT, PROCESS_LIMIT, INPUT,
	ENVIRONMENT, START, LOST, RECORD

}
