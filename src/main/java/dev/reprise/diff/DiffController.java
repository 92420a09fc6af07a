package dev.reprise.diff;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;

import dev.reprise.diff.engine.Comparison;
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
import tools.jackson.databind.node.ObjectNode;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Compares any two runs.
 */
@RestController
@RequestMapping("/api/v1/diffs")
class DiffController {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final Diffs diffs;

	DiffController(Diffs diffs) {
		this.diffs = diffs;
	}

	@Operation(summary = "Compare two runs that have ended: 200 with the verdict, or 202 where it takes long",
			requestBody = @RequestBody(required = true,
					description = "Ids of two runs and, if wanted, what to tolerate and to ignore",
					content = @Content(mediaType = MediaType.APPLICATION_JSON_VALUE,
							schema = @Schema(type = "object", requiredProperties = { "left", "right" }),
							examples = @ExampleObject("""
									{"left": "01k…", "right": "01k…",
									 "compare": {"ulps": 0, "rtol": 0, "atol": 0, "ignore": ["runs/**"]}}"""))))
	@PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
	ResponseEntity<ObjectNode> compare(HttpServletRequest request) throws IOException {
		byte[] body = StrictJson.body(request);
		FieldErrors errors = new FieldErrors();
		ObjectReader reader = new ObjectReader(StrictJson.object(body, "The body"), "$", errors);
		String left = run(reader, "left");
		String right = run(reader, "right");
		Comparison comparison = ComparisonReader.read(reader);
		reader.refuseUnknown();
		errors.throwIfAny();
		DiffView diff = this.diffs.diff(left, right, comparison, PATIENCE);
		return ResponseEntity.status((diff.verdict() != null) ? HttpStatus.OK : HttpStatus.ACCEPTED)
			.location(URI.create("/api/v1/diffs/" + diff.id()))
			.body(diff.json());
	}

	private static String run(ObjectReader reader, String side) {
		@Nullable String id = reader.text(side, 64);
		if (id == null && !reader.has(side)) {
			reader.wrong(side, "is missing", "give the id of a run");
		}
		return (id != null) ? id : "";
	}

	@GetMapping("/{id}")
	ObjectNode get(@PathVariable String id) {
		return this.diffs.get(id).json();
	}

}
