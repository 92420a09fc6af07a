package dev.reprise.diff.reader;

import java.util.Objects;

import dev.reprise.diff.reader.apart.Turning;
import dev.reprise.diff.reader.bytes.JobFile;
import dev.reprise.diff.reader.bytes.NotReadException;
import dev.reprise.diff.reader.bytes.VerifiedPair;
import dev.reprise.diff.reader.part.PartsComparison;
import dev.reprise.diff.reader.tensor.TensorFile;
import dev.reprise.diff.reader.tensor.TensorFileComparison;
import dev.reprise.diff.reader.tensor.Tolerance;

import org.jspecify.annotations.Nullable;

/**
 * In what two files differ whose digests do: as tensors, by the parts of their format, as
 * text, or by their first byte, as far as their format is read here.
 *
 * @param firstByte offset of the first byte that differs; null where the bytes were not
 * read
 * @param tensors the comparison of the tensors, for formats that hold them
 * @param format the format that was read as tensors
 * @param parts the comparison by parts, for formats that are read so
 * @param text the comparison of the lines, for text of which no part is named
 * @param notRead why a file was not read further, in a sentence's second half
 */
public record ContentDifference(@Nullable Long firstByte, @Nullable TensorFileComparison tensors,
		TensorFile.@Nullable Format format, @Nullable PartsComparison parts, @Nullable TextDifference text,
		@Nullable String notRead) {

	/**
	 * Compares two files. Their bytes are first checked against their digests, so that
	 * what is said holds for what was judged.
	 * @param withText whether to look for lines that differ
	 */
	public static ContentDifference compare(JobFile left, JobFile right, Tolerance tolerance, boolean withText) {
		return compare(left, right, tolerance, withText, new Turning());
	}

	/**
	 * Compares two files of many.
	 * @param withText whether to look for lines that differ
	 * @param turning turns those that libraries read, within bounds for all of them
	 */
	public static ContentDifference compare(JobFile left, JobFile right, Tolerance tolerance, boolean withText,
			Turning turning) {
		Long first = null;
		TensorFile.Format format = null;
		try {
			VerifiedPair pair = VerifiedPair.read(left, right);
			first = pair.firstByte();
			format = TensorFiles.format(left);
			if (format != null && Objects.equals(format, TensorFiles.format(right))) {
				TensorFile leftFile = TensorFiles.read(left, format, turning);
				TensorFile rightFile = TensorFiles.read(right, format, turning);
				left.verifyBeside();
				right.verifyBeside();
				TensorFileComparison tensors = TensorFileComparison.compare(leftFile, rightFile, tolerance, pair);
				return new ContentDifference(first, tensors, format, null, null, null);
			}
			PartsComparison parts = PartFormats.compare(left, right, tolerance, turning);
			boolean named = parts != null && (!parts.parts().isEmpty() || parts.equalButForSetApart());
			return new ContentDifference(first, null, null, parts,
					(withText && !named) ? TextDifference.of(left, right) : null,
					(parts != null) ? parts.notRead() : null);
		}
		catch (NotReadException ex) {
			return new ContentDifference(first, null, format, null, null, ex.getMessage());
		}
	}

	/**
	 * A pair of which one side's bytes could not be had.
	 */
	public static ContentDifference notRead(NotReadException why) {
		return new ContentDifference(null, null, null, null, null, why.getMessage());
	}

	/**
	 * Tensors in a file; 0 where it is not one that is read here.
	 */
	public static int tensors(JobFile file) {
		try {
			TensorFile.Format format = TensorFiles.format(file);
			// What an index names is counted where it lies; HDF5 is not worth a process
			// of
			// its own to count.
			return (format != null && format != TensorFile.Format.SHARDS && format != TensorFile.Format.HDF5)
					? TensorFiles.read(file, format).count() : 0;
		}
		catch (NotReadException ex) {
			return 0;
		}
	}

	/**
	 * Whether the files hold the same in a format whose layout is not stable: equal
	 * tensors and metadata in safetensors files, whatever the order of their headers.
	 */
	public boolean sameContent() {
		return this.tensors != null && this.format == TensorFile.Format.SAFETENSORS && this.tensors.equalTensors()
				&& this.tensors.metadata().isEmpty();
	}

	/**
	 * Whether the files were read wholly and the tolerance covers every difference.
	 */
	public boolean within() {
		return (this.tensors != null) ? this.tensors.within() : this.parts != null && this.parts.within();
	}

	/**
	 * What was set apart, in words, where the files are equal but for that; null where
	 * they are not.
	 */
	public @Nullable String equalBut() {
		return (this.parts != null && this.parts.equalButForSetApart()) ? this.parts.setApartInWords() : null;
	}

}
