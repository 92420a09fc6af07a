package dev.reprise.run;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.reprise.artifact.BadArchiveException;
import dev.reprise.artifact.CodeListing;
import dev.reprise.artifact.Digest;
import dev.reprise.artifact.RelativePath;
import dev.reprise.http.FieldErrors;
import dev.reprise.http.ObjectReader;
import dev.reprise.http.RequestException;
import dev.reprise.http.StrictJson;
import dev.reprise.run.spec.JobSpecReader;
import jakarta.servlet.http.Part;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import org.springframework.stereotype.Component;

/**
 * Reads a multipart submission: one part {@code spec}, and parts {@code code} that are
 * files or one archive.
 */
@Component
class Submission {

	private static final Set<String> PARTS = Set.of("spec", "code");

	private final CodeIntake intake;

	private final JobSpecReader specs;

	Submission(CodeIntake intake, JobSpecReader specs) {
		this.intake = intake;
		this.specs = specs;
	}

	/**
	 * Reads the parts.
	 * @return the spec's bytes, and the code if there was any
	 * @throws RequestException naming every part that is wrong
	 */
	Read read(Iterable<Part> parts) throws IOException {
		FieldErrors errors = new FieldErrors();
		byte[] spec = null;
		List<Part> code = new ArrayList<>();
		for (Part part : parts) {
			if (part.getName().equals("spec") && spec == null) {
				spec = spec(part, errors);
			}
			else if (part.getName().equals("code")) {
				code.add(part);
			}
			else {
				errors.add("part '" + ObjectReader.printable(part.getName()) + "'",
						PARTS.contains(part.getName()) ? "is there twice" : "is not known",
						"send one part 'spec' and any number of parts 'code'");
			}
		}
		if (spec == null && errors.isEmpty()) {
			errors.add("part 'spec'", "is missing", "send the job spec as a part of that name, as application/json");
		}
		checkNames(code, errors);
		errors.throwIfAny();
		byte[] given = (spec != null) ? spec : new byte[0];
		if (code.isEmpty()) {
			return Read.of(given, null);
		}
		// Nothing of a request is kept whose spec is wrong whatever the code is.
		this.specs.read(StrictJson.object(given, "The spec"), Digest.of(given), errors);
		errors.throwIfAny();
		return Read.of(given, code(code));
	}

	private static byte @Nullable [] spec(Part part, FieldErrors errors) throws IOException {
		String type = part.getContentType();
		if (type != null && !StrictJson.isJson(type)) {
			errors.add("part 'spec'", "is " + ObjectReader.printable(type), "send it as application/json, in UTF-8");
		}
		try (InputStream in = part.getInputStream()) {
			return in.readNBytes(StrictJson.MAX_BYTES + 1);
		}
	}

	private static void checkNames(List<Part> code, FieldErrors errors) {
		Set<String> names = new HashSet<>();
		for (Part part : code) {
			String name = part.getSubmittedFileName();
			String wrong = (name == null) ? "it has no file name" : RelativePath.wrong(name);
			if (wrong != null) {
				errors.add("part 'code'", "has a file name that is not taken: " + wrong,
						"give a path relative to the working folder as the part's file name");
			}
			else if (!names.add(String.valueOf(name))) {
				errors.add("part 'code'", "is there twice under the name " + ObjectReader.printable(name),
						"give each file a name of its own");
			}
		}
	}

	private CodeListing code(List<Part> parts) throws IOException {
		try {
			if (parts.size() == 1) {
				try (InputStream in = parts.getFirst().getInputStream()) {
					Optional<CodeListing> archive = this.intake.archive(in);
					if (archive.isPresent()) {
						return archive.get();
					}
				}
			}
			Map<String, Digest> files = new LinkedHashMap<>();
			for (Part part : parts) {
				try (InputStream in = part.getInputStream()) {
					files.put(String.valueOf(part.getSubmittedFileName()), this.intake.put(in));
				}
			}
			return this.intake.files(files);
		}
		catch (BadArchiveException ex) {
			throw RequestException.invalid("part 'code'", "is an archive that is not taken: " + ex.getMessage(),
					"send a zip or tar.gz of plain files");
		}
		catch (IllegalArgumentException ex) {
			throw RequestException.invalid("part 'code'", "has file names that do not go together: " + ex.getMessage(),
					"give each file a path of its own");
		}
	}

	/**
	 * What was read.
	 *
	 * @param spec the spec
	 * @param identity identifies the request's content, for idempotency
	 * @param code the code, or null where the spec names it by digest
	 */
	record Read(JsonNode spec, String identity, @Nullable CodeListing code) {

		static Read of(byte[] spec, @Nullable CodeListing code) {
			String content = Digest.of(spec) + ((code != null) ? " " + code.digest() : "");
			return new Read(StrictJson.object(spec, "The spec"),
					Digest.of(content.getBytes(StandardCharsets.UTF_8)).value(), code);
		}

	}

}
