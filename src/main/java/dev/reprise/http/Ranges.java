package dev.reprise.http;

import org.jspecify.annotations.Nullable;

import org.springframework.core.io.InputStreamResource;
import org.springframework.core.io.Resource;

/**
 * What the framework leaves out of ranges.
 */
public final class Ranges {

	private Ranges() {
	}

	/**
	 * A file of which ranges may be asked for, or the whole of it alone where a client
	 * has the beginning of something else: a range would be joined to that.
	 * @param ifRange the header If-Range, or null where there is none
	 * @param etag of the file, without its quotes
	 */
	public static Resource of(Resource file, @Nullable String ifRange, String etag) {
		boolean same = ifRange == null || ifRange.equals("\"" + etag + "\"");
		// Of a stream the framework serves no ranges.
		return same ? file : new InputStreamResource(file);
	}

}
