package dev.reprise.run.trace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;

import dev.reprise.http.Page;
import dev.reprise.http.RequestException;
import dev.reprise.run.Run;
import dev.reprise.run.RunFolders;
import dev.reprise.run.Runs;
import io.swagger.v3.oas.annotations.Operation;
import org.jspecify.annotations.Nullable;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Shows the traces of a run.
 */
@RestController
@RequestMapping("/api/v1/runs/{id}")
class TraceController {

	private final Runs runs;

	private final RunFolders folders;

	/**
	 * The headers of a hostile trace are large in memory: one is read at a time.
	 */
	private final Semaphore turns = new Semaphore(1, true);

	TraceController(Runs runs, RunFolders folders) {
		this.runs = runs;
		this.folders = folders;
	}

	@Operation(summary = "What was seen in each step, for a run that has ended",
			description = "Rows of steps 'from' to 'to', of one 'process', with the columns of one 'kind' or whose names"
					+ " fit the pattern 'column'. With download=true all of it as files, in a tar.")
	@GetMapping(path = "/trace", params = "!download")
	TraceView trace(@PathVariable String id, @RequestParam(required = false) @Nullable String process,
			@RequestParam(required = false) @Nullable Long from, @RequestParam(required = false) @Nullable Long to,
			@RequestParam(required = false) @Nullable String kind,
			@RequestParam(required = false) @Nullable String column,
			@RequestParam(required = false) @Nullable String cursor,
			@RequestParam(required = false) @Nullable Integer limit) throws IOException {
		Run run = this.runs.get(id);
		TraceFilter filter = TraceFilter.of(process, from, to, kind, column, cursor, Page.limit(limit));
		if (!run.state().isFinal()) {
			throw RequestException.conflict("The run is " + run.state() + "; its trace is read once it has ended.");
		}
		this.folders.requireKept(run);
		if (run.spec().trace() == null) {
			throw RequestException.notFound("trace of this run: its spec says \"off\"");
		}
		Path folder = this.folders.recordFolder(id);
		if (!Files.isDirectory(folder)) {
			throw RequestException.notFound("trace of this run: it ended before anything was recorded");
		}
		this.turns.acquireUninterruptibly();
		try {
			return TracePages.read(folder, filter);
		}
		finally {
			this.turns.release();
		}
	}

}
