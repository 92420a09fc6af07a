package dev.reprise.replay.zoom;

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
 * Finds the operator in which two runs part.
 */
@RestController
@RequestMapping("/api/v1/diffs/{id}/zoom")
class ZoomController {

	private final Zooms zooms;

	ZoomController(Zooms zooms) {
		this.zooms = zooms;
	}

	@Operation(summary = "Run both sides again and look at every operator of the step in which they part",
			requestBody = @RequestBody(required = true,
					description = "An empty object. A diff has one zoom: asked again, the answer is that one.",
					content = @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, schema = @Schema(type = "object"),
							examples = @ExampleObject("{}"))))
	@PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
	ResponseEntity<ZoomView> zoom(@PathVariable String id, HttpServletRequest request) throws IOException {
		FieldErrors errors = new FieldErrors();
		new ObjectReader(StrictJson.object(StrictJson.body(request), "The body"), "$", errors).refuseUnknown();
		errors.throwIfAny();
		ZoomView zoom = this.zooms.zoom(id);
		return ResponseEntity.accepted().location(URI.create("/api/v1/diffs/" + zoom.diff() + "/zoom")).body(zoom);
	}

	@GetMapping
	ZoomView get(@PathVariable String id) {
		return this.zooms.get(id);
	}

}
