package dev.reprise.run;

import org.jspecify.annotations.Nullable;

import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * The logs of a run as an event stream, for whoever follows it live.
 */
@RestController
@RequestMapping("/api/v1/runs/{id}")
class LogEventsController {

	private final Runs runs;

	private final LogFollowers followers;

	LogEventsController(Runs runs, LogFollowers followers) {
		this.runs = runs;
		this.followers = followers;
	}

	/**
	 * Both logs.
	 */
	@GetMapping(path = "/logs", params = "!stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	ResponseEntity<SseEmitter> both(@PathVariable String id,
			@RequestHeader(name = "Last-Event-ID", required = false) @Nullable String last) {
		return follow(id, LogStreams.BOTH, last);
	}

	/**
	 * One of the two.
	 */
	@GetMapping(path = "/logs", params = "stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	ResponseEntity<SseEmitter> one(@PathVariable String id, @RequestParam String stream,
			@RequestHeader(name = "Last-Event-ID", required = false) @Nullable String last) {
		return follow(id, LogStreams.of(stream), last);
	}

	private ResponseEntity<SseEmitter> follow(String id, LogStreams streams, @Nullable String last) {
		Run run = this.runs.get(id);
		LogPosition from = LogPosition.read(last);
		if (from.ended()) {
			// What tells a browser not to come again.
			return ResponseEntity.noContent().build();
		}
		return ResponseEntity.ok()
			.contentType(MediaType.TEXT_EVENT_STREAM)
			.header("X-Content-Type-Options", "nosniff")
			.header("Cache-Control", "no-store")
			.body(this.followers.follow(run.id(), streams, from));
	}

}
