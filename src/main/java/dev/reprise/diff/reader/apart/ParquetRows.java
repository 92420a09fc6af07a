package dev.reprise.diff.reader.apart;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import dev.hardwood.InputFile;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowReader;
import dev.hardwood.row.PqList;
import dev.hardwood.row.PqMap;
import dev.hardwood.row.PqStruct;
import dev.reprise.diff.reader.bytes.NotReadException;
import dev.reprise.diff.reader.bytes.PlainText;

import org.jspecify.annotations.Nullable;

/**
 * Writes the schema of a Parquet file and its rows as JSON lines. Values are those that
 * are stored: dates, times and decimals as the numbers that they are there.
 */
final class ParquetRows {

	/** Most bytes that are written. */
	static final long MAX_TEXT = 256L << 20;

	private static final int MAX_DEPTH = 32;

	private ParquetRows() {
	}

	static void turn(Path parquet, Path lines) throws IOException {
		try (ParquetFileReader reader = ParquetFileReader.open(InputFile.of(parquet));
				BufferedWriter out = Files.newBufferedWriter(lines)) {
			long most = Turning.mostUnpacked(Files.size(parquet), MAX_TEXT);
			long written = 0;
			JsonWriter first = new JsonWriter();
			first.begin('{').name("schema").begin('[');
			reader.getFileSchema().toString().lines().forEach((line) -> first.text(line.strip()));
			first.end(']').name("metadata").begin('{');
			for (Map.Entry<String, String> entry : reader.getFileMetaData().keyValueMetadata().entrySet()) {
				first.name(entry.getKey()).text(entry.getValue());
			}
			written += write(first.end('}').end('}'), out);
			try (RowReader rows = reader.rowReader()) {
				while (rows.hasNext()) {
					rows.next();
					written += write(row(rows), out);
					if (written > most) {
						throw new NotReadException("its rows take more than " + most + " bytes as text");
					}
				}
			}
		}
		catch (IOException | RuntimeException ex) {
			throw NotReadException.because(ex, packing(ex));
		}
	}

	/**
	 * The library says which codec it lacks in a message only.
	 */
	private static String packing(Throwable thrown) {
		Throwable at = thrown;
		for (int depth = 0; at != null && depth < MAX_DEPTH; depth++) {
			if (at instanceof UnsupportedOperationException) {
				return "it is packed or encoded in a way that is not read here: "
						+ PlainText.of(String.valueOf(at.getMessage()), 200);
			}
			at = at.getCause();
		}
		return "it is damaged";
	}

	private static long write(JsonWriter line, BufferedWriter out) throws IOException {
		String text = line.toString();
		out.write(text);
		out.write('\n');
		return text.length() + 1L;
	}

	private static JsonWriter row(RowReader row) throws NotReadException {
		JsonWriter json = new JsonWriter().begin('{');
		for (int i = 0; i < row.getFieldCount(); i++) {
			json.name(row.getFieldName(i));
			value(json, row.isNull(i) ? null : row.getRawValue(i), 0);
		}
		return json.end('}');
	}

	private static void value(JsonWriter json, @Nullable Object value, int depth) throws NotReadException {
		if (depth > MAX_DEPTH) {
			throw new NotReadException("its columns are nested more than " + MAX_DEPTH + " deep");
		}
		switch (value) {
			case null -> json.word("null");
			case Boolean truth -> json.word(truth.toString());
			case Integer number -> json.word(number.toString());
			case Long number -> json.word(number.toString());
			case Float number -> json.word(number.toString());
			case Double number -> json.word(number.toString());
			case byte[] bytes -> json.bytes(bytes);
			case PqStruct struct -> {
				json.begin('{');
				for (int i = 0; i < struct.getFieldCount(); i++) {
					json.name(struct.getFieldName(i));
					value(json, struct.isNull(i) ? null : struct.getRawValue(i), depth + 1);
				}
				json.end('}');
			}
			case PqList list -> {
				json.begin('[');
				for (int i = 0; i < list.size(); i++) {
					value(json, list.isNull(i) ? null : list.getRaw(i), depth + 1);
				}
				json.end(']');
			}
			case PqMap map -> {
				json.begin('[');
				for (PqMap.Entry entry : List.copyOf(map.getEntries())) {
					json.begin('[');
					value(json, entry.getRawKey(), depth + 1);
					value(json, entry.getRawValue(), depth + 1);
					json.end(']');
				}
				json.end(']');
			}
			default -> throw new NotReadException("it has a column of a kind that is not read here");
		}
	}

}
