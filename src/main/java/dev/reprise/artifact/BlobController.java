package dev.reprise.artifact;

import java.io.IOException;
import java.net.URI;

import dev.reprise.http.Ranges;
import dev.reprise.http.RequestException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Blobs by their digest; HEAD is answered as GET is, without the bytes.
 */
@RestController
@RequestMapping("/api/v1/blobs/{digest}")
class BlobController {

	/**
	 * Largest blob that is taken, in bytes.
	 */
	private static final long MAX_BYTES = 1L << 40;

	private static final String DAMAGED = "The stored bytes are no longer those of this digest. PUT the file again, which"
			+ " mends it.";

	private final BlobStore store;

	BlobController(BlobStore store) {
		this.store = store;
	}

	@Operation(summary = "Keep a file under its digest",
			requestBody = @RequestBody(required = true, description = "The file's bytes, of any content type",
					content = @Content(mediaType = MediaType.APPLICATION_OCTET_STREAM_VALUE,
							schema = @Schema(type = "string", format = "binary"))))
	@PutMapping
	ResponseEntity<Void> put(@PathVariable String digest, HttpServletRequest request) throws IOException {
		Digest expected = digest(digest);
		if (this.store.hold(expected)) {
			request.getInputStream().skip(Long.MAX_VALUE);
			return ResponseEntity.noContent().build();
		}
		try {
			this.store.put(expected, request.getInputStream(), MAX_BYTES);
		}
		catch (BlobStoreException.Mismatch ex) {
			throw RequestException.invalid("body", "does not have the digest that it is put under: " + ex.getMessage(),
					"send the file's bytes as the body, as they are");
		}
		catch (BlobStoreException.TooLarge ex) {
			throw RequestException.tooLarge(String.valueOf(ex.getMessage()));
		}
		catch (BlobStoreException.Full ex) {
			throw RequestException.noRoom(String.valueOf(ex.getMessage()));
		}
		return ResponseEntity.created(URI.create("/api/v1/blobs/" + expected)).build();
	}

	@GetMapping
	ResponseEntity<Resource> get(@PathVariable String digest,
			@RequestHeader(name = HttpHeaders.IF_RANGE, required = false) @Nullable String ifRange) {
		Digest wanted = digest(digest);
		if (this.store.isDamaged(wanted)) {
			throw RequestException.gone(DAMAGED);
		}
		if (!this.store.has(wanted)) {
			throw RequestException.notFound("blob of that digest");
		}
		return ResponseEntity.ok()
			.contentType(MediaType.APPLICATION_OCTET_STREAM)
			.header("X-Content-Type-Options", "nosniff")
			.eTag(wanted.value())
			.body(Ranges.of(new FileSystemResource(this.store.path(wanted)), ifRange, wanted.value()));
	}

	private static Digest digest(String text) {
		if (!Digest.isDigest(text)) {
			throw RequestException.invalid("digest", "is no digest",
					"give sha256: and 64 lower-case hexadecimal digits in the path");
		}
		return new Digest(text);
	}

}
