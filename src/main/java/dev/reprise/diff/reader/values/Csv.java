package dev.reprise.diff.reader.values;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;

import dev.reprise.diff.reader.bytes.JobFile;
import dev.reprise.diff.reader.bytes.NotReadException;
import dev.reprise.diff.reader.part.Findings;
import dev.reprise.diff.reader.part.Numeral;
import dev.reprise.diff.reader.part.PartReader;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

import org.jspecify.annotations.Nullable;

/**
 * Reads CSV and TSV: by row and column, numbers by their values. Rows are paired by their
 * numbers, columns by their names where the first row names them.
 */
public final class Csv implements PartReader {

	/**
	 * Largest file that is read, in bytes; it is read a row at a time.
	 */
	static final long MAX_BYTES = 256L << 20;

	/** Most columns that are paired by their names. */
	private static final int MAX_COLUMNS = 4096;

	@Override
	public boolean reads(String name, byte[] head) {
		return name.endsWith(".csv") || name.endsWith(".tsv");
	}

	@Override
	public void compare(JobFile left, JobFile right, Findings findings) throws IOException {
		if (Math.max(left.size(), right.size()) > MAX_BYTES) {
			throw new NotReadException("it is CSV of more than " + MAX_BYTES + " bytes");
		}
		char delimiter = left.path().toLowerCase(java.util.Locale.ROOT).endsWith(".tsv") ? '\t' : ',';
		try (Rows a = new Rows(left, delimiter); Rows b = new Rows(right, delimiter)) {
			new Tables(a, b, findings).compare();
		}
		catch (UncheckedIOException ex) {
			throw (ex.getCause() instanceof CharacterCodingException) ? noText()
					: NotReadException.because(ex, "its quotes are not those of CSV");
		}
		catch (CharacterCodingException ex) {
			throw noText();
		}
		if (findings.parts() == 0) {
			findings.otherLayout();
		}
	}

	private static NotReadException noText() {
		return new NotReadException("it is no text in UTF-8");
	}

	/**
	 * The rows of one side, one at a time and none too long.
	 */
	private static final class Rows implements AutoCloseable {

		private final CSVParser parser;

		private final RowBound bound;

		private final Iterator<CSVRecord> records;

		Rows(JobFile file, char delimiter) throws IOException {
			this.bound = new RowBound(
					new InputStreamReader(file.stream(0, file.size()), StandardCharsets.UTF_8.newDecoder()));
			this.parser = CSVParser.parse(this.bound,
					CSVFormat.RFC4180.builder().setDelimiter(delimiter).setIgnoreEmptyLines(false).get());
			this.records = this.parser.iterator();
		}

		@Nullable List<String> next() {
			this.bound.next();
			return this.records.hasNext() ? this.records.next().toList() : null;
		}

		@Override
		public void close() throws IOException {
			this.parser.close();
		}

	}

	private record Tables(Rows left, Rows right, Findings findings) {

		void compare() {
			List<String> a = this.left.next();
			List<String> b = this.right.next();
			if (a != null && b != null && isHeader(a) && isHeader(b)) {
				named(a, b);
			}
			else {
				rows(a, b);
			}
		}

		private void named(List<String> a, List<String> b) {
			List<String> both = new ArrayList<>(a);
			both.retainAll(new HashSet<>(b));
			columnsOnOneSide(a, both, true);
			columnsOnOneSide(b, both, false);
			int[] places = both.stream().mapToInt(b::indexOf).toArray();
			int[] own = both.stream().mapToInt(a::indexOf).toArray();
			List<String> onLeft = this.left.next();
			List<String> onRight = this.right.next();
			for (long number = 1; onLeft != null || onRight != null; number++) {
				if (onLeft != null && onRight != null && onLeft.size() == a.size() && onRight.size() == b.size()) {
					for (int i = 0; i < places.length; i++) {
						cell(number, both.get(i), onLeft.get(own[i]), onRight.get(places[i]));
					}
				}
				else {
					uneven(number, onLeft, onRight);
				}
				onLeft = this.left.next();
				onRight = this.right.next();
			}
		}

		private void columnsOnOneSide(List<String> columns, List<String> both, boolean onLeft) {
			columns.stream()
				.filter((name) -> !both.contains(name))
				.forEach((name) -> this.findings.differs("column " + name, onLeft ? "there" : null,
						onLeft ? null : "there"));
		}

		private void rows(@Nullable List<String> first, @Nullable List<String> other) {
			List<String> a = first;
			List<String> b = other;
			for (long number = 1; a != null || b != null; number++) {
				uneven(number, a, b);
				a = this.left.next();
				b = this.right.next();
			}
		}

		private void uneven(long number, @Nullable List<String> a, @Nullable List<String> b) {
			if (a == null || b == null || a.size() != b.size()) {
				this.findings.differs("row " + number, cells(a), cells(b));
				return;
			}
			for (int i = 0; i < a.size(); i++) {
				cell(number, String.valueOf(i + 1), a.get(i), b.get(i));
			}
		}

		private static @Nullable String cells(@Nullable List<String> row) {
			return (row != null) ? row.size() + ((row.size() == 1) ? " cell" : " cells") : null;
		}

		private void cell(long row, String column, String a, String b) {
			if (a.equals(b)) {
				return;
			}
			String part = "row " + row + ", column " + column;
			Numeral x = Numeral.of(a.strip());
			Numeral y = Numeral.of(b.strip());
			if (x != null && y != null) {
				this.findings.numbers(part, x, y);
			}
			else {
				this.findings.differs(part, a, b);
			}
		}

		private static boolean isHeader(List<String> row) {
			return row.size() <= MAX_COLUMNS && new HashSet<>(row).size() == row.size()
					&& row.stream().allMatch((name) -> Numeral.of(name.strip()) == null)
					&& row.stream().anyMatch((name) -> !name.isBlank());
		}

	}

}
