package dev.reprise.cli;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalysisReporter;

/**
 * Says why the service does not start as the launcher says what is missing.
 */
class StartFailureReporter implements FailureAnalysisReporter {

	@Override
	public void report(FailureAnalysis analysis) {
		System.err.println("reprise: " + analysis.getDescription());
		if (analysis.getAction() != null) {
			System.err.println("  mend: " + analysis.getAction());
		}
	}

}
