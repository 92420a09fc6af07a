package dev.reprise.run;

import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

import dev.reprise.environment.LockedEnvironments;
import dev.reprise.http.Page;
import dev.reprise.http.RequestException;
import dev.reprise.http.StrictJson;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.Part;
import org.jspecify.annotations.Nullable;

import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;

/**
 * Accepts runs and shows them.
 */
@RestController
@RequestMapping("/api/v1/runs")
class RunController {

	private static final String SPEC = """
			{"name": "digits-mlp", "seed": 42, "determinism": "strict",
			 "runtime": {"type": "python", "entrypoint": "train.py", "args": ["--epochs", "3"]},
			 "code": "sha256:ab12…", "resources": {"cpus": 2, "threads": 1, "memory": "4GiB"},
			 "timeout": "PT30M", "labels": {"team": "vision"}}""";

	private final Runs runs;

	private final Submissions submissions;

	private final Submission submission;

	private final RunFolders folders;

	private final LockedEnvironments environments;

	RunController(Runs runs, Submissions submissions, Submission submission, RunFolders folders,
			LockedEnvironments environments) {
		this.environments = environments;
		this.folders = folders;
		this.runs = runs;
		this.submissions = submissions;
		this.submission = submission;
	}

	@Operation(summary = "Submit a run whose code is in the store already", requestBody = @RequestBody(required = true,
			description = "A job spec; 'code' is the digest of an archive or listing in the store. Unknown fields are"
					+ " refused, and all that is wrong is named at once. An Idempotency-Key makes it take effect once.",
			content = @Content(mediaType = MediaType.APPLICATION_JSON_VALUE,
					schema = @Schema(type = "object", requiredProperties = { "runtime", "code" }),
					examples = @ExampleObject(SPEC))))
	@PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
	ResponseEntity<RunView> submit(HttpServletRequest request,
			@RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) throws IOException {
		byte[] body = StrictJson.body(request);
		return created(this.submissions.submit(Submission.Read.of(body, null), key));
	}

	@Operation(summary = "Submit a run with its code", requestBody = @RequestBody(required = true,
			description = "A part 'spec' (application/json), the job spec without 'code'; and parts 'code', each a file whose"
					+ " file name may hold a path, or one zip or tar.gz",
			content = @Content(mediaType = MediaType.MULTIPART_FORM_DATA_VALUE,
					schema = @Schema(implementation = Upload.class))))
	@PostMapping(consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
	ResponseEntity<RunView> submitWithCode(HttpServletRequest request,
			@RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) throws IOException {
		return created(this.submissions.submit(this.submission.read(parts(request)), key));
	}

	private static Collection<Part> parts(HttpServletRequest request) {
		try {
			return request.getParts();
		}
		catch (IllegalStateException ex) {
			throw RequestException
				.tooLarge("The upload is larger than is taken, or has too many parts or too long a file name. Put large"
						+ " files into inputs by PUT /api/v1/blobs/{digest}, and many files into one archive.");
		}
		catch (IOException | ServletException ex) {
			throw RequestException
				.malformed("The body is not multipart as its content type says: a boundary or a part's header"
						+ " is missing or malformed, or it ends too early.");
		}
	}

	private ResponseEntity<RunView> created(Run run) {
		return ResponseEntity.created(URI.create("/api/v1/runs/" + run.id())).body(view(run));
	}

	@GetMapping
	Page<RunView> list(@RequestParam(required = false) @Nullable String state,
			@RequestParam(required = false) @Nullable String name,
			@RequestParam(required = false) @Nullable String label,
			@RequestParam(required = false) @Nullable String cursor,
			@RequestParam(required = false) @Nullable Integer limit) {
		int most = Page.limit(limit);
		Runs.Filter filter = new Runs.Filter(state(state), name, label(label, true), label(label, false));
		return Page.of(this.runs.page(filter, Page.decode(cursor), most + 1), most, Run::id, this::view);
	}

	private static @Nullable RunState state(@Nullable String text) {
		if (text == null) {
			return null;
		}
		try {
			return RunState.valueOf(text.toUpperCase(Locale.ROOT));
		}
		catch (IllegalArgumentException ex) {
			throw RequestException.invalid("state", "is no state", "give one of "
					+ Arrays.stream(RunState.values()).map(Enum::name).collect(Collectors.joining(", ")));
		}
	}

	private static @Nullable String label(@Nullable String text, boolean name) {
		if (text == null) {
			return null;
		}
		int colon = text.indexOf(':');
		if (colon < 1) {
			throw RequestException.invalid("label", "is no label", "give name:content, such as team:vision");
		}
		return name ? text.substring(0, colon) : text.substring(colon + 1);
	}

	@GetMapping("/{id}")
	RunView get(@PathVariable String id) {
		return view(id);
	}

	@GetMapping(path = "/{id}/spec", produces = MediaType.APPLICATION_JSON_VALUE)
	String spec(@PathVariable String id) {
		return this.runs.get(id).specJson();
	}

	@GetMapping("/{id}/attempts")
	Page<Attempt.View> attempts(@PathVariable String id) {
		return new Page<>(this.runs.attempts(this.runs.get(id)), null);
	}

	private RunView view(String id) {
		return view(this.runs.get(id));
	}

	private RunView view(Run run) {
		return RunView.of(run, this.environments.progress(run.id()).orElse(null), this.runs.attempts(run),
				run.state().isFinal() ? HowHeld.read(this.folders.recordFolder(run.id())) : null);
	}

	/**
	 * The parts of a submission with code, for the description of the API.
	 *
	 * @param spec the job spec
	 * @param code files, or one archive
	 */
	record Upload(@Schema(type = "object", requiredMode = Schema.RequiredMode.REQUIRED) Object spec,
			@Schema(requiredMode = Schema.RequiredMode.REQUIRED) List<MultipartFile> code) {
	}

}
