package dev.reprise.http;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;

/**
 * A request that cannot be served as it is; becomes a problem detail.
 */
public final class RequestException extends RuntimeException {

	private final HttpStatus status;

	private final String type;

	private final List<FieldError> errors;

	private final @Nullable Integer retryAfter;

	private RequestException(HttpStatus status, String type, String message, List<FieldError> errors) {
		this(status, type, message, errors, null);
	}

	private RequestException(HttpStatus status, String type, String message, List<FieldError> errors,
			@Nullable Integer retryAfter) {
		super(message);
		this.retryAfter = retryAfter;
		this.status = status;
		this.type = type;
		this.errors = errors;
	}

	/**
	 * Fields are missing, unknown or out of range: 422.
	 */
	public static RequestException invalid(List<FieldError> errors) {
		String message = (errors.size() == 1) ? "One field is wrong." : errors.size() + " fields are wrong.";
		return new RequestException(HttpStatus.UNPROCESSABLE_CONTENT, "invalid-fields", message, errors);
	}

	/**
	 * One field is wrong: 422.
	 */
	public static RequestException invalid(String field, String problem, String mend) {
		return invalid(List.of(new FieldError(field, problem, mend)));
	}

	/**
	 * The body is not what its content type says: 400.
	 */
	public static RequestException malformed(String message) {
		return new RequestException(HttpStatus.BAD_REQUEST, "malformed", message, List.of());
	}

	/**
	 * There is nothing of that name: 404.
	 */
	public static RequestException notFound(String what) {
		return new RequestException(HttpStatus.NOT_FOUND, "not-found", "There is no " + what + ".", List.of());
	}

	/**
	 * The state of things does not allow it: 409.
	 */
	public static RequestException conflict(String message) {
		return new RequestException(HttpStatus.CONFLICT, "conflict", message, List.of());
	}

	/**
	 * The body is larger than is taken: 413.
	 */
	public static RequestException tooLarge(String message) {
		return new RequestException(HttpStatus.CONTENT_TOO_LARGE, "too-large", message, List.of());
	}

	/**
	 * The content type is none that is taken here: 415.
	 */
	public static RequestException unsupported(String message) {
		return new RequestException(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "content-type", message, List.of());
	}

	/**
	 * There are too many of its kind: 429.
	 * @param retryAfter when to come again, in seconds
	 */
	public static RequestException tooMany(String message, int retryAfter) {
		return new RequestException(HttpStatus.TOO_MANY_REQUESTS, "too-many", message, List.of(), retryAfter);
	}

	/**
	 * It was there and is no longer, or no longer whole: 410.
	 */
	public static RequestException gone(String message) {
		return new RequestException(HttpStatus.GONE, "gone", message, List.of());
	}

	/**
	 * The store has no room: 507.
	 */
	public static RequestException noRoom(String message) {
		return new RequestException(HttpStatus.INSUFFICIENT_STORAGE, "no-room", message, List.of());
	}

	/**
	 * This version does not have it yet: 501.
	 */
	public static RequestException notYet(String what, String mend) {
		return new RequestException(HttpStatus.NOT_IMPLEMENTED, "not-yet",
				"This version of Reprise has no " + what + " yet. " + mend, List.of());
	}

	HttpStatus status() {
		return this.status;
	}

	String type() {
		return this.type;
	}

	/**
	 * When to come again, in seconds, or null where that would not help.
	 */
	@Nullable Integer retryAfter() {
		return this.retryAfter;
	}

	/**
	 * What is wrong with which field, none where it is no matter of fields.
	 */
	public List<FieldError> errors() {
		return this.errors;
	}

}
