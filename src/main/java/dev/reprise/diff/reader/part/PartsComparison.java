package dev.reprise.diff.reader.part;

import java.util.List;
import java.util.stream.Collectors;

import dev.reprise.diff.reader.bytes.PlainText;

import org.jspecify.annotations.Nullable;

/**
 * In what two files of a format differ.
 *
 * @param parts the parts that differ, at most {@link Findings#MAX_PARTS}
 * @param leftOut parts that differ beyond those
 * @param setApart fields that differ and are not judged
 * @param otherLayout whether the same is written in another way
 * @param unexplained whether bytes differ that no part names
 * @param notRead why a file was not read to its end, in a sentence's second half; null
 * where it was
 * @param within whether the tolerance that was asked for covers every part that differs
 */
public record PartsComparison(List<Part> parts, long leftOut, List<SetApart> setApart, boolean otherLayout,
		boolean unexplained, @Nullable String notRead, boolean within) {

	private static final int MAX_WORDS = 2000;

	public PartsComparison {
		parts = List.copyOf(parts);
		setApart = List.copyOf(setApart);
	}

	/**
	 * Whether both files were read wholly and mean the same, but for what was set apart.
	 */
	public boolean sameMeaning() {
		return this.parts.isEmpty() && !this.unexplained && this.notRead == null;
	}

	/**
	 * Whether both files were read wholly and every byte is equal but those that were set
	 * apart, of which there are some.
	 */
	public boolean equalButForSetApart() {
		return sameMeaning() && !this.otherLayout && !this.setApart.isEmpty();
	}

	/**
	 * What was set apart, in words.
	 */
	public String setApartInWords() {
		return PlainText.of(this.setApart.stream().map(SetApart::inWords).collect(Collectors.joining(", ")), MAX_WORDS);
	}

}
