package dev.reprise.diff.reader.part;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A field of a known format that differs and is not judged, since it says when or by what
 * a file was written.
 *
 * @param what the field, in the words of its format, fit to be shown
 * @param count how often it differs, from 1
 * @param left what the left side has where it differs first, cut; null where it has none
 * @param right what the right side has there
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SetApart(String what, long count, @Nullable String left, @Nullable String right) {

	/**
	 * The field, how often it differs, and both values where it does first.
	 */
	public String inWords() {
		String values = (this.left != null)
				? this.left + " on the left" + ((this.right != null) ? ", " + this.right + " on the right" : " only")
				: this.right + " on the right only";
		return this.what + " (" + ((this.count > 1) ? this.count + " times, first " : "") + values + ")";
	}

}
