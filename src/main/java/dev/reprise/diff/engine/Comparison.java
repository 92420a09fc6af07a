package dev.reprise.diff.engine;

import java.util.List;

import dev.reprise.artifact.Glob;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.reprise.diff.reader.tensor.Tolerance;
import org.jspecify.annotations.Nullable;

/**
 * What who asks for a diff wants counted as equal. It is theirs to say, never the job's.
 *
 * @param ulps how many floating-point numbers two may be apart, 0 to 2^31-1
 * @param rtol allowed distance as a part of the right one's magnitude, finite, from 0
 * @param atol allowed distance, finite, from 0
 * @param ignore patterns of output paths that are not looked at, at most 64 of at most
 * 256 characters: {@code *} within a name, {@code **} across names, {@code ?} one
 * character
 */
public record Comparison(int ulps, double rtol, double atol, List<String> ignore) {

	/**
	 * Most patterns.
	 */
	public static final int MAX_IGNORE = 64;

	/**
	 * Bit by bit, everything.
	 */
	public static final Comparison EXACT = new Comparison(0, 0, 0, List.of());

	/**
	 * Checks the ranges.
	 * @throws IllegalArgumentException naming the field that is out of its range
	 */
	public Comparison {
		if (!new Tolerance(ulps, rtol, atol).asked()) {
			rtol = 0; // as -0.0 is
			atol = 0;
		}
		if (ignore.size() > MAX_IGNORE) {
			throw new IllegalArgumentException("ignore has more than " + MAX_IGNORE + " patterns");
		}
		for (String pattern : ignore) {
			try {
				Glob.of(pattern);
			}
			catch (IllegalArgumentException ex) {
				throw new IllegalArgumentException("ignore: " + ex.getMessage(), ex);
			}
		}
		ignore = ignore.stream().distinct().toList();
	}

	/**
	 * As it comes in a request, where each field may be absent.
	 * @throws IllegalArgumentException naming the field that is out of its range
	 */
	@JsonCreator
	public static Comparison of(@JsonProperty("ulps") @Nullable Integer ulps,
			@JsonProperty("rtol") @Nullable Double rtol, @JsonProperty("atol") @Nullable Double atol,
			@JsonProperty("ignore") @Nullable List<String> ignore) {
		return new Comparison((ulps != null) ? ulps : 0, (rtol != null) ? rtol : 0, (atol != null) ? atol : 0,
				(ignore != null) ? ignore : List.of());
	}

	@JsonIgnore
	Tolerance tolerance() {
		return new Tolerance(this.ulps, this.rtol, this.atol);
	}

}
