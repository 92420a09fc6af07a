package dev.reprise.replay;

import java.io.IOException;
import java.util.List;

import dev.reprise.diff.ComparisonReader;
import dev.reprise.diff.engine.Comparison;
import dev.reprise.http.FieldErrors;
import dev.reprise.http.ObjectReader;
import dev.reprise.http.Page;
import dev.reprise.http.RequestException;
import dev.reprise.http.StrictJson;
import dev.reprise.run.Runs;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
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

	@PostMapping(path = "/runs/{id}/replays", consumes = MediaType.APPLICATION_JSON_VALUE)
	@ResponseStatus(HttpStatus.CREATED)
	Page<ReplayRow.View> replay(@PathVariable String id, HttpServletRequest request) throws IOException {
		byte[] body = request.getInputStream().readNBytes(StrictJson.MAX_BYTES + 1);
		FieldErrors errors = new FieldErrors();
		ObjectReader reader = new ObjectReader(StrictJson.object(body, "The body"), "$", errors);
		int count = (int) reader.integer("count", 1, 1, 100, "give a whole number from 1 to 100");
		Comparison comparison = ComparisonReader.read(reader);
		reader.notYet("control", "leave it out");
		reader.refuseUnknown();
		errors.throwIfAny();
		return new Page<>(this.replays.replay(id, count, comparison), null);
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
