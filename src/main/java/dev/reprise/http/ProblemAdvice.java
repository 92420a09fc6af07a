package dev.reprise.http;

import java.util.List;
import java.util.Map;

import org.apache.coyote.BadRequestException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.TypeMismatchException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.util.DisconnectedClientHelper;

/**
 * Turns what went wrong into RFC 9457 problem details; a user never sees a stack trace or
 * the name of a class, the log always has them.
 */
@RestControllerAdvice
class ProblemAdvice extends ResponseEntityExceptionHandler {

	private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);

	@ExceptionHandler
	ResponseEntity<ProblemDetail> request(RequestException ex) {
		ProblemDetail problem = Problems.of(ex.status(), ex.type(), String.valueOf(ex.getMessage()));
		if (!ex.errors().isEmpty()) {
			problem.setProperty("errors", ex.errors());
		}
		Integer retryAfter = ex.retryAfter();
		return Problems.answer(problem, (retryAfter != null) ? Map.of("Retry-After", retryAfter.toString()) : Map.of());
	}

	@ExceptionHandler
	@Nullable ResponseEntity<ProblemDetail> unexpected(Exception ex) {
		if (DisconnectedClientHelper.isClientDisconnectedException(ex)) {
			log.debug("a client went away before its answer", ex);
			return null;
		}
		if (isFull(ex)) {
			log.warn("there is no room: {}", ex.getMessage());
			return request(RequestException.noRoom("The service's disk is full, and nothing of this request was kept."
					+ " What is there can still be read. Free space on it or give it more, then send again."));
		}
		log.error("a request failed unexpectedly", ex);
		return Problems.answer(Problems.of(HttpStatus.INTERNAL_SERVER_ERROR, "internal",
				"The service failed on this request; its log says why. Nothing of it was kept."));
	}

	/**
	 * The JDK has no type for it: what there is are the C library's words.
	 */
	private static boolean isFull(Throwable ex) {
		for (Throwable cause = ex; cause != null; cause = cause.getCause()) {
			String message = String.valueOf(cause.getMessage());
			if (message.contains("No space left on device") || message.contains("Disk quota exceeded")) {
				return true;
			}
		}
		return false;
	}

	@ExceptionHandler
	ResponseEntity<ProblemDetail> brokenBody(BadRequestException ex) {
		log.debug("a body ended too early or was framed badly", ex);
		return Problems.answer(Problems.of(HttpStatus.BAD_REQUEST, "malformed",
				"The body ended too early or is framed badly; nothing of it was kept. Send it again."));
	}

	@Override
	protected @Nullable ResponseEntity<Object> handleHttpMediaTypeNotSupported(HttpMediaTypeNotSupportedException ex,
			HttpHeaders headers, HttpStatusCode status, WebRequest request) {
		MediaType given = ex.getContentType();
		String what = (given != null) ? "Content type " + ObjectReader.printable(given.toString()) + " is not"
				: "A body without a content type, or with one that is malformed, is not";
		return handleExceptionInternal(ex,
				Problems.of(status, "content-type",
						what + " taken here; send one of " + list(ex.getSupportedMediaTypes()) + "."),
				headers, status, request);
	}

	@Override
	protected @Nullable ResponseEntity<Object> handleHttpMediaTypeNotAcceptable(HttpMediaTypeNotAcceptableException ex,
			HttpHeaders headers, HttpStatusCode status, WebRequest request) {
		return handleExceptionInternal(ex,
				Problems.of(status, "not-acceptable", "What the Accept header asks for is not to be had here; there is "
						+ list(ex.getSupportedMediaTypes()) + "."),
				headers, status, request);
	}

	@Override
	protected @Nullable ResponseEntity<Object> handleHttpRequestMethodNotSupported(
			HttpRequestMethodNotSupportedException ex, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
		String[] supported = ex.getSupportedMethods();
		return handleExceptionInternal(ex,
				Problems.of(status, "method-not-allowed",
						"This address does not take " + ObjectReader.printable(ex.getMethod()) + "; it takes "
								+ String.join(", ", (supported != null) ? supported : new String[0]) + "."),
				headers, status, request);
	}

	@Override
	protected @Nullable ResponseEntity<Object> handleTypeMismatch(TypeMismatchException ex, HttpHeaders headers,
			HttpStatusCode status, WebRequest request) {
		String name = (ex instanceof MethodArgumentTypeMismatchException argument) ? argument.getName()
				: String.valueOf(ex.getPropertyName());
		RequestException invalid = RequestException.invalid(name, "is of no good form",
				"give a value of the type that GET /v3/api-docs names");
		ProblemDetail problem = Problems.of(invalid.status(), invalid.type(), String.valueOf(invalid.getMessage()));
		problem.setProperty("errors", invalid.errors());
		return handleExceptionInternal(ex, problem, headers, invalid.status(), request);
	}

	/**
	 * Whatever the framework refuses by itself: its own words name methods, parameters
	 * and classes, and repeat what a client sent.
	 */
	@Override
	protected @Nullable ResponseEntity<Object> handleExceptionInternal(Exception ex, @Nullable Object body,
			HttpHeaders headers, HttpStatusCode status, WebRequest request) {
		boolean own = body instanceof ProblemDetail problem && problem.getType() != null
				&& "urn".equals(problem.getType().getScheme());
		if (status.is5xxServerError()) {
			log.error("a request failed unexpectedly", ex);
		}
		// Those that come with an exception may be read-only.
		HttpHeaders sent = new HttpHeaders();
		sent.addAll(headers);
		sent.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
		return super.handleExceptionInternal(ex, own ? body : Problems.of(status.value()), sent, status, request);
	}

	private static String list(List<MediaType> types) {
		return types.isEmpty() ? "application/json"
				: String.join(", ", types.stream().map(MediaType::toString).toList());
	}

}
