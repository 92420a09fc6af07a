package dev.reprise.http;

import java.sql.Timestamp;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Makes a request with an {@code Idempotency-Key} take effect once: the key and what was
 * made are stored in one transaction, so that of any number of copies, at once or after a
 * lost answer, one makes it and the others are told its id.
 */
@Component
public class Idempotency {

	private static final int MAX_LENGTH = 128;

	private final JdbcClient jdbc;

	private final Transaction transaction;

	private final Clock clock;

	Idempotency(JdbcClient jdbc, Transaction transaction, Clock clock) {
		this.jdbc = jdbc;
		this.transaction = transaction;
		this.clock = clock;
	}

	/**
	 * What an earlier request with this key made.
	 * @param key the header, or null where there is none
	 * @param request identifies the request's content; another content under one key is
	 * refused
	 * @throws RequestException if the key is of no good form, or was used for another
	 * request
	 */
	public Optional<String> earlier(@Nullable String key, String request) {
		if (key == null) {
			return Optional.empty();
		}
		if (key.isEmpty() || key.length() > MAX_LENGTH || !key.chars().allMatch((c) -> c > 32 && c < 127)) {
			throw RequestException.invalid("Idempotency-Key", "is no key",
					"give 1 to " + MAX_LENGTH + " printable ASCII characters without blanks");
		}
		return this.jdbc.sql("select request, resource from idempotency_keys where idempotency_key = ?")
			.param(key)
			.query((row, number) -> {
				if (!row.getString("request").equals(request)) {
					throw RequestException
						.conflict("This Idempotency-Key was used for another request; take a new one.");
				}
				return row.getString("resource");
			})
			.optional();
	}

	/**
	 * Makes something once.
	 * @param make makes it in the surrounding transaction and returns its id; it may be
	 * called again where the transaction was taken back
	 * @return its id, or that of what an earlier or concurrent request made
	 */
	public Made once(@Nullable String key, String request, Supplier<String> make) {
		Optional<String> earlier = earlier(key, request);
		if (earlier.isPresent()) {
			return new Made(earlier.get(), false);
		}
		try {
			String id = this.transaction.execute(() -> {
				String made = make.get();
				if (key != null) {
					this.jdbc.sql(
							"insert into idempotency_keys (idempotency_key, request, resource, created_at) values (?, ?, ?, ?)")
						.params(key, request, made, Timestamp.from(this.clock.instant()))
						.update();
				}
				return made;
			});
			return new Made(id, true);
		}
		catch (DuplicateKeyException ex) {
			return new Made(earlier(key, request).orElseThrow(() -> ex), false);
		}
	}

	/**
	 * Where something is made: in a transaction, whose others may be part of.
	 */
	public interface Transaction {

		/**
		 * Makes a change, a second time where the first was taken back with those of
		 * others.
		 * @return what the change returned, once it is committed
		 */
		<T> T execute(Supplier<T> change);

	}

	/**
	 * What a request led to.
	 *
	 * @param id the id of what was made
	 * @param now whether this request made it
	 */
	public record Made(String id, boolean now) {
	}

}
