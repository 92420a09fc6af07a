package dev.reprise.replay;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import dev.reprise.artifact.Digest;
import dev.reprise.http.FieldErrors;
import dev.reprise.http.ObjectReader;
import dev.reprise.http.Page;
import dev.reprise.http.StrictJson;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * Replays runs.
 */
@RestController
@RequestMapping("/api/v1")
class ReplayController {

	private final Replays replays;

	ReplayController(Replays replays) {
		this.replays = replays;
	}

	@Operation(summary = "Run again what has ended, and judge whether it gives the same", requestBody = @RequestBody(
			required = true,
			description = "How many replays, with a negative control or beside a busy job, and what their"
					+ " verdicts may tolerate and ignore. An Idempotency-Key makes" + " it take effect once.",
			content = @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, schema = @Schema(type = "object"),
					examples = @ExampleObject("""
							{"count": 3, "control": true, "busy": false, "compare": {"ulps": 0, "rtol": 0, "atol": 0, "ignore": []}}"""))))
	@PostMapping(path = "/runs/{id}/replays", consumes = MediaType.APPLICATION_JSON_VALUE)
	@ResponseStatus(HttpStatus.CREATED)
	Page<ReplayRow.View> replay(@PathVariable String id, HttpServletRequest request,
			@RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) throws IOException {
		byte[] body = StrictJson.body(request);
		FieldErrors errors = new FieldErrors();
		ObjectReader reader = new ObjectReader(StrictJson.object(body, "The body"), "$", errors);
		ReplayRequest asked = ReplayRequest.read(reader);
		errors.throwIfAny();
		return new Page<>(this.replays.replay(id, asked, key, identity(id, body)), null);
	}

	private static String identity(String original, byte[] body) {
		String content = "replays " + original + " " + Digest.of(body);
		return Digest.of(content.getBytes(StandardCharsets.UTF_8)).value();
	}

	@GetMapping("/runs/{id}/replays")
	ReplayList list(@PathVariable String id) {
		return this.replays.of(id);
	}

	@GetMapping("/replays/{id}")
	ReplayRow.View get(@PathVariable String id) {
		return this.replays.get(id);
	}

}
