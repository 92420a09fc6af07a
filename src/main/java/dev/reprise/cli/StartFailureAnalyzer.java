package dev.reprise.cli;

import java.io.UncheckedIOException;
import java.util.List;

import dev.reprise.artifact.DataFolderInUseException;
import dev.reprise.database.LostDatabaseException;
import dev.reprise.executor.local.IsolationRefusedException;
import dev.reprise.http.NotLoopbackException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Says why the service does not start, without a stack trace, where the reason is one
 * that the operator can mend.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class StartFailureAnalyzer implements FailureAnalyzer {

	private static final List<Class<? extends Throwable>> KNOWN = List.of(DataFolderInUseException.class,
			IsolationRefusedException.class, LostDatabaseException.class, NotLoopbackException.class);

	@Override
	public @Nullable FailureAnalysis analyze(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof PortInUseException inUse) {
				return new FailureAnalysis("port " + inUse.getPort() + " is in use",
						"stop what listens there, or give --port N another number; 0 takes any that is free", cause);
			}
			if (KNOWN.contains(cause.getClass()) || namesWhatIsWrong(cause)) {
				return new FailureAnalysis(cause.getMessage(), null, cause);
			}
		}
		return null;
	}

	/**
	 * A property of ours that is wrong, or the data folder.
	 */
	private static boolean namesWhatIsWrong(Throwable cause) {
		String message = String.valueOf(cause.getMessage());
		return (cause instanceof IllegalArgumentException && message.startsWith("reprise."))
				|| (cause instanceof UncheckedIOException && message.startsWith("the data folder "));
	}

}
