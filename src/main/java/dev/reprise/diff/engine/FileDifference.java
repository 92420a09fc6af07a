package dev.reprise.diff.engine;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.reprise.artifact.ListedFile;
import dev.reprise.diff.reader.ContentDifference;
import dev.reprise.diff.reader.TextDifference;
import dev.reprise.diff.reader.part.Part;
import dev.reprise.diff.reader.part.PartsComparison;
import dev.reprise.diff.reader.part.SetApart;
import dev.reprise.diff.reader.tensor.TensorDifference;
import dev.reprise.diff.reader.tensor.TensorFile;
import dev.reprise.diff.reader.tensor.TensorFileComparison;
import org.jspecify.annotations.Nullable;

/**
 * In what one output differs. Fields that say nothing are absent.
 *
 * @param path of the output
 * @param rightPath its path on the right, where another is paired with it by rule
 * @param kind in what it differs
 * @param left size, or mode where that is what differs
 * @param right size, or mode where that is what differs
 * @param firstByte offset of the first byte that differs
 * @param within whether the tolerance that was asked for covers the difference
 * @param tensors the tensors that differ
 * @param tensorsLeftOut tensors that differ beyond those
 * @param metadata what the files say beside their tensors and differs
 * @param metadataLeftOut entries of it beyond those
 * @param parts the parts that differ, in the words of the format; empty where it was read
 * and none was found
 * @param partsLeftOut parts that differ beyond those
 * @param setApart fields of the format that differ too and are not judged
 * @param text the lines that differ
 * @param notRead why the file was not read further
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FileDifference(String path, @Nullable String rightPath, Kind kind, @Nullable Object left,
		@Nullable Object right, @Nullable Long firstByte, @Nullable Boolean within,
		@Nullable List<TensorDifference> tensors, @Nullable Integer tensorsLeftOut,
		@Nullable List<TensorFileComparison.MetadataDifference> metadata, @Nullable Integer metadataLeftOut,
		@Nullable List<Part> parts, @Nullable Long partsLeftOut, @Nullable List<SetApart> setApart,
		@Nullable TextDifference text, @Nullable String notRead) {

	public FileDifference {
		tensors = (tensors != null) ? List.copyOf(tensors) : null;
		metadata = (metadata != null) ? List.copyOf(metadata) : null;
		parts = (parts != null) ? List.copyOf(parts) : null;
		setApart = (setApart != null) ? List.copyOf(setApart) : null;
	}

	/**
	 * In what an output can differ.
	 */
	public enum Kind {

		/**
		 * The bytes, and what they mean as far as it was read.
		 */
		CONTENT,

		/**
		 * Equal tensors and metadata in a safetensors file, whose header has no fixed
		 * order: counts as equal.
		 */
		HEADER_ORDER,

		/**
		 * Equal arrays, or equal parts, in a file that is laid out or written otherwise:
		 * counts as different.
		 */
		LAYOUT,

		/**
		 * Equal tensors, other metadata: counts as different.
		 */
		METADATA,

		/**
		 * The execute bit.
		 */
		MODE,

		/**
		 * Only the right side has it.
		 */
		MISSING_LEFT,

		/**
		 * Only the left side has it.
		 */
		MISSING_RIGHT

	}

	static FileDifference content(ListedFile left, ListedFile right, @Nullable ContentDifference content) {
		if (content == null) {
			return plain(left.path(), Kind.CONTENT, left.size(), right.size());
		}
		TensorFileComparison tensors = content.tensors();
		boolean some = tensors != null && !tensors.tensors().isEmpty();
		boolean about = tensors != null && !tensors.metadata().isEmpty();
		return new FileDifference(left.path(), null, kind(content), left.size(), right.size(), content.firstByte(),
				content.within() ? true : null, (tensors != null && some) ? tensors.tensors() : null,
				(tensors != null && some) ? tensors.leftOut() : null,
				(tensors != null && about) ? tensors.metadata() : null,
				(tensors != null && about) ? tensors.metadataLeftOut() : null, parts(content.parts()),
				leftOut(content.parts()), setApart(content.parts()), content.text(), content.notRead());
	}

	private static @Nullable List<Part> parts(@Nullable PartsComparison parts) {
		return (parts != null) ? parts.parts() : null;
	}

	private static @Nullable Long leftOut(@Nullable PartsComparison parts) {
		return (parts != null) ? parts.leftOut() : null;
	}

	private static @Nullable List<SetApart> setApart(@Nullable PartsComparison parts) {
		return (parts != null && !parts.setApart().isEmpty()) ? parts.setApart() : null;
	}

	private static Kind kind(ContentDifference content) {
		TensorFileComparison tensors = content.tensors();
		PartsComparison parts = content.parts();
		if (parts != null && parts.sameMeaning() && parts.otherLayout()) {
			return Kind.LAYOUT;
		}
		if (tensors == null || !tensors.equalTensors()) {
			return Kind.CONTENT;
		}
		if (!tensors.metadata().isEmpty()) {
			return Kind.METADATA;
		}
		return (content.format() == TensorFile.Format.SAFETENSORS) ? Kind.HEADER_ORDER : Kind.LAYOUT;
	}

	static FileDifference plain(String path, Kind kind, @Nullable Object left, @Nullable Object right) {
		return new FileDifference(path, null, kind, left, right, null, null, null, null, null, null, null, null, null,
				null, null);
	}

	/**
	 * The same of a pair whose right side may have another path.
	 */
	FileDifference at(String right) {
		return new FileDifference(this.path, right.equals(this.path) ? null : right, this.kind, this.left, this.right,
				this.firstByte, this.within, this.tensors, this.tensorsLeftOut, this.metadata, this.metadataLeftOut,
				this.parts, this.partsLeftOut, this.setApart, this.text, this.notRead);
	}

	/**
	 * The same with at most so many tensors, lines, entries of metadata and parts; what
	 * is left out is counted.
	 */
	FileDifference atMost(int tensors, int lines, int metadata, int parts) {
		int keptParts = (this.parts != null) ? Math.min(parts, this.parts.size()) : 0;
		int keptTensors = (this.tensors != null) ? Math.min(tensors, this.tensors.size()) : 0;
		int keptMetadata = (this.metadata != null) ? Math.min(metadata, this.metadata.size()) : 0;
		return new FileDifference(this.path, this.rightPath, this.kind, this.left, this.right, this.firstByte,
				this.within, (this.tensors != null) ? this.tensors.subList(0, keptTensors) : null,
				(this.tensors != null && this.tensorsLeftOut != null)
						? this.tensorsLeftOut + this.tensors.size() - keptTensors : null,
				(this.metadata != null) ? this.metadata.subList(0, keptMetadata) : null,
				(this.metadata != null && this.metadataLeftOut != null)
						? this.metadataLeftOut + this.metadata.size() - keptMetadata : null,
				(this.parts != null) ? this.parts.subList(0, keptParts) : null,
				(this.parts != null && this.partsLeftOut != null) ? this.partsLeftOut + this.parts.size() - keptParts
						: null,
				this.setApart, (this.text != null) ? this.text.atMost(lines) : null, this.notRead);
	}

	/**
	 * Whether it counts as a difference.
	 */
	boolean counts() {
		return this.kind != Kind.HEADER_ORDER;
	}

}
