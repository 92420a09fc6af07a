package dev.reprise.replay.counter;

import java.io.IOException;
import java.net.URI;

import dev.reprise.http.FieldErrors;
import dev.reprise.http.ObjectReader;
import dev.reprise.http.StrictJson;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Confirms causes by running them.
 */
@RestController
@RequestMapping("/api/v1/diffs/{id}/counter-runs")
class CounterRunsController {

	private final CounterRuns counterRuns;

	CounterRunsController(CounterRuns counterRuns) {
		this.counterRuns = counterRuns;
	}

	@Operation(summary = "Run left again with one difference at a time taken from right, to confirm a cause",
			requestBody = @RequestBody(required = true,
					description = "How many runs may be made. A diff has one study: asked again, the answer is that one.",
					content = @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, schema = @Schema(type = "object"),
							examples = @ExampleObject("{\"maxRuns\": 12}"))))
	@PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
	ResponseEntity<Study> begin(@PathVariable String id, HttpServletRequest request) throws IOException {
		FieldErrors errors = new FieldErrors();
		ObjectReader reader = new ObjectReader(StrictJson.object(StrictJson.body(request), "The body"), "$", errors);
		int maxRuns = (int) reader.integer("maxRuns", 12, 2, 64,
				"give a whole number from 2 to 64: one of them runs left unchanged");
		reader.refuseUnknown();
		errors.throwIfAny();
		Study study = this.counterRuns.begin(id, maxRuns);
		return ResponseEntity.accepted()
			.location(URI.create("/api/v1/diffs/" + study.diff() + "/counter-runs"))
			.body(study);
	}

	@GetMapping
	Study get(@PathVariable String id) {
		return this.counterRuns.get(id);
	}

}
