package dev.reprise.replay;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

import dev.reprise.artifact.Digest;
import dev.reprise.diff.ComparisonReader;
import dev.reprise.diff.engine.Comparison;
import dev.reprise.http.FieldErrors;
import dev.reprise.http.ObjectReader;
import dev.reprise.http.Page;
import dev.reprise.http.RequestException;
import dev.reprise.http.StrictJson;
import dev.reprise.run.Runs;
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

	private final Runs runs;

	ReplayController(Replays replays, Runs runs) {
		this.replays = replays;
		this.runs = runs;
	}

	@Operation(summary = "Run again what has ended, and judge whether it gives the same", requestBody = @RequestBody(
			required = true,
			description = "How many replays, and what their verdicts may tolerate and ignore. An Idempotency-Key makes"
					+ " it take effect once.",
			content = @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, schema = @Schema(type = "object"),
					examples = @ExampleObject("""
							{"count": 1, "compare": {"ulps": 0, "rtol": 0, "atol": 0, "ignore": []}}"""))))
	@PostMapping(path = "/runs/{id}/replays", consumes = MediaType.APPLICATION_JSON_VALUE)
	@ResponseStatus(HttpStatus.CREATED)
	Page<ReplayRow.View> replay(@PathVariable String id, HttpServletRequest request,
			@RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) throws IOException {
		byte[] body = StrictJson.body(request);
		FieldErrors errors = new FieldErrors();
		ObjectReader reader = new ObjectReader(StrictJson.object(body, "The body"), "$", errors);
		int count = (int) reader.integer("count", 1, 1, 100, "give a whole number from 1 to 100");
		Comparison comparison = ComparisonReader.read(reader);
		reader.notYet("control", "leave it out");
		reader.refuseUnknown();
		errors.throwIfAny();
		return new Page<>(this.replays.replay(id, count, comparison, key, identity(id, body)), null);
	}

	private static String identity(String original, byte[] body) {
		String content = "replays " + original + " " + Digest.of(body);
		return Digest.of(content.getBytes(StandardCharsets.UTF_8)).value();
	}

	@GetMapping("/runs/{id}/replays")
	Page<ReplayRow.View> list(@PathVariable String id) {
		List<ReplayRow.View> replays = this.replays.of(id);
		return new Page<>(replays, null);
	}

	@GetMapping("/replays/{id}")
	ReplayRow.View get(@PathVariable String id) {
		return this.replays.get(id);
	}

	@PostMapping("/runs/{id}/cost")
	void cost(@PathVariable String id) {
		this.runs.get(id);
		throw RequestException.notYet("cost measurement",
				"Run the job in mode off and in mode strict, and compare their durations.");
	}

}
