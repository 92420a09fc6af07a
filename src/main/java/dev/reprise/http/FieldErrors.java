package dev.reprise.http;

import java.util.ArrayList;
import java.util.List;

/**
 * Collects everything that is wrong in a request, so that one answer names all of it.
 */
public final class FieldErrors {

	private static final int LIMIT = 100;

	private final List<FieldError> errors = new ArrayList<>();

	/**
	 * Notes one error; those past the hundredth are dropped, as the first hundred are
	 * enough to mend.
	 */
	public void add(String field, String problem, String mend) {
		if (this.errors.size() < LIMIT) {
			this.errors.add(new FieldError(field, problem, mend));
		}
	}

	/**
	 * Whether nothing was wrong so far.
	 */
	public boolean isEmpty() {
		return this.errors.isEmpty();
	}

	/**
	 * Ends the request if anything was wrong.
	 * @throws RequestException with status 422, naming every field
	 */
	public void throwIfAny() {
		if (!this.errors.isEmpty()) {
			throw RequestException.invalid(List.copyOf(this.errors));
		}
	}

}
