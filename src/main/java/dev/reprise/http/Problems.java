package dev.reprise.http;

import java.io.IOException;
import java.net.URI;
import java.util.Map;

import jakarta.servlet.http.HttpServletResponse;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;

/**
 * Problem details as RFC 9457 has them, for controllers and for what stands before them.
 */
final class Problems {

	private static final JsonMapper JSON = JsonMapper.shared();

	private Problems() {
	}

	static ProblemDetail of(HttpStatusCode status, String type, String detail) {
		ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, detail);
		problem.setType(URI.create("urn:reprise:problem:" + type));
		return problem;
	}

	/**
	 * A problem for a status that a server or a framework chose.
	 */
	static ProblemDetail of(int code) {
		HttpStatus status = HttpStatus.resolve(code);
		if (status == null) {
			return of(HttpStatusCode.valueOf(code), "refused", "The service refused this request.");
		}
		String detail = switch (status) {
			case NOT_FOUND -> "There is nothing at this address; GET /v3/api-docs lists what there is.";
			case BAD_REQUEST -> "The request is no good HTTP: its address, a header or its framing is malformed.";
			case INTERNAL_SERVER_ERROR -> "The service failed on this request; its log says why.";
			default -> status.getReasonPhrase() + ".";
		};
		return of(status, (status == HttpStatus.INTERNAL_SERVER_ERROR) ? "internal" : kebab(status), detail);
	}

	private static String kebab(HttpStatus status) {
		return status.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
	}

	static ResponseEntity<ProblemDetail> answer(ProblemDetail problem) {
		return answer(problem, Map.of());
	}

	static ResponseEntity<ProblemDetail> answer(ProblemDetail problem, Map<String, String> headers) {
		return ResponseEntity.status(problem.getStatus())
			.contentType(MediaType.APPLICATION_PROBLEM_JSON)
			.headers((all) -> headers.forEach(all::set))
			.body(problem);
	}

	/**
	 * A problem as bytes, where there is no converter to make them.
	 */
	static byte[] json(ProblemDetail problem) {
		ObjectNode json = JSON.createObjectNode()
			.put("type", String.valueOf(problem.getType()))
			.put("title", problem.getTitle())
			.put("status", problem.getStatus())
			.put("detail", problem.getDetail());
		return JSON.writeValueAsBytes(json);
	}

	/**
	 * Answers with a problem where there is no controller to do it.
	 */
	static void write(HttpServletResponse response, ProblemDetail problem) throws IOException {
		byte[] body = json(problem);
		response.setStatus(problem.getStatus());
		response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
		response.setContentLength(body.length);
		response.getOutputStream().write(body);
	}

}
