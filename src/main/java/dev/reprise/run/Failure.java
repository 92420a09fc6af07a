package dev.reprise.run;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import org.jspecify.annotations.Nullable;

/**
 * Why a run failed.
 *
 * @param kind one of the kinds
 * @param message a sentence that says what happened and, where there is one, the mend
 * @param operation the operation that was refused, or null
 * @param location file and line in the user's own code, or null
 * @param exitCode the exit code, or null where the process did not end by itself
 */
@Embeddable
public record Failure(@Enumerated(EnumType.STRING) @Column(name = "failure_kind", length = 32) FailureKind kind,
		@Column(name = "failure_message", length = 4000) String message,
		@Column(name = "failure_operation", length = 200) @Nullable String operation,
		@Column(name = "failure_location", length = 1200) @Nullable String location,
		@Column(name = "failure_exit_code") @Nullable Integer exitCode) {

	/**
	 * Cuts what a job may have made long.
	 */
	public Failure {
		message = cut(message, 4000);
		operation = (operation != null) ? cut(operation, 200) : null;
		location = (location != null) ? cut(location, 1200) : null;
	}

	/**
	 * A failure that says no more than its kind and a sentence.
	 */
	public static Failure of(FailureKind kind, String message) {
		return new Failure(kind, message, null, null, null);
	}

	private static String cut(String text, int length) {
		return (text.length() <= length) ? text : text.substring(0, length - 1) + "…";
	}

}
