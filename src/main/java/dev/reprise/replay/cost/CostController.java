package dev.reprise.replay.cost;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;

import dev.reprise.artifact.Digest;
import dev.reprise.http.FieldErrors;
import dev.reprise.http.ObjectReader;
import dev.reprise.http.StrictJson;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Measures what determinism costs a job.
 */
@RestController
@RequestMapping("/api/v1")
class CostController {

	private final Costs costs;

	CostController(Costs costs) {
		this.costs = costs;
	}

	@Operation(summary = "Run again what has succeeded, with and without recipe and trace, in turns, and time it",
			requestBody = @RequestBody(required = true,
					description = "How many rounds. An Idempotency-Key makes it take effect once.",
					content = @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, schema = @Schema(type = "object"),
							examples = @ExampleObject("{\"rounds\": 3}"))))
	@PostMapping(path = "/runs/{id}/cost", consumes = MediaType.APPLICATION_JSON_VALUE)
	ResponseEntity<CostView> measure(@PathVariable String id, HttpServletRequest request,
			@RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) throws IOException {
		byte[] body = StrictJson.body(request);
		FieldErrors errors = new FieldErrors();
		ObjectReader reader = new ObjectReader(StrictJson.object(body, "The body"), "$", errors);
		int rounds = (int) reader.integer("rounds", 3, 1, 10, "give a whole number from 1 to 10");
		reader.refuseUnknown();
		errors.throwIfAny();
		String content = "cost " + id + " " + Digest.of(body);
		CostView cost = this.costs.measure(id, rounds, key,
				Digest.of(content.getBytes(StandardCharsets.UTF_8)).value());
		return ResponseEntity.accepted().location(URI.create("/api/v1/costs/" + cost.id())).body(cost);
	}

	@GetMapping("/costs/{id}")
	CostView get(@PathVariable String id) {
		return this.costs.get(id);
	}

}
