package dev.reprise.record;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Consumer;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads JSON that a job may have written: never through a link, never more than a bound,
 * never deeper than 64.
 */
public final class BoundedJson {

	/**
	 * Largest JSON file that is read, in bytes.
	 */
	public static final int MAX_BYTES = 4 * 1024 * 1024;

	private static final JsonMapper MAPPER = JsonMapper
		.builder(JsonFactory.builder()
			.streamReadConstraints(StreamReadConstraints.builder()
				.maxNestingDepth(64)
				.maxStringLength(MAX_BYTES)
				.maxNameLength(4096)
				.maxNumberLength(64)
				.build())
			.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
			.build())
		.build();

	/**
	 * Largest file of lines that is read, in bytes.
	 */
	public static final int MAX_LINES_BYTES = 16 * 1024 * 1024;

	/**
	 * Most lines that are read of one file.
	 */
	public static final int MAX_LINES = 65_536;

	/**
	 * Longest line that is read, in bytes.
	 */
	public static final int MAX_LINE_BYTES = 64 * 1024;

	private BoundedJson() {
	}

	/**
	 * Reads one file.
	 * @throws UnreadableRecordException if it is missing, no regular file, too large or
	 * no JSON
	 */
	public static JsonNode read(Path file) throws UnreadableRecordException {
		String name = String.valueOf(file.getFileName());
		if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
			throw new UnreadableRecordException(name + " is missing");
		}
		try (InputStream in = Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
			byte[] bytes = in.readNBytes(MAX_BYTES + 1);
			if (bytes.length > MAX_BYTES) {
				throw new UnreadableRecordException(name + " is larger than " + MAX_BYTES + " bytes");
			}
			return parse(bytes, name);
		}
		catch (IOException ex) {
			throw new UnreadableRecordException(name + " cannot be read");
		}
	}

	/**
	 * Parses bytes that are already within the bound.
	 * @param name what to call them in an error
	 * @throws UnreadableRecordException if they are no JSON
	 */
	public static JsonNode parse(byte[] bytes, String name) throws UnreadableRecordException {
		try {
			return MAPPER.readTree(bytes);
		}
		catch (JacksonException ex) {
			throw noJson(name, ex);
		}
	}

	/**
	 * Parses bytes that a job wrote and that are within the bound, cutting what is longer
	 * than a record may be: lists and objects after 4,096 entries, texts after 4,096
	 * characters.
	 * @param name what to call them in an error
	 * @throws UnreadableRecordException if they are no JSON, or more than 262,144 values
	 */
	public static BoundedTree parseCut(byte[] bytes, String name) throws UnreadableRecordException {
		try (JsonParser parser = MAPPER.createParser(bytes)) {
			return BoundedTree.read(parser, name);
		}
		catch (JacksonException ex) {
			throw noJson(name, ex);
		}
	}

	/**
	 * Reads a file of JSON lines that a job wrote: what is within the bounds, line by
	 * line, cut as in a record. A line that cannot be read is left out.
	 * @param name what to call the file in a problem
	 * @param each is given each line's value
	 * @return what was left out, as sentences; empty where everything was read
	 */
	public static List<String> lines(InputStream in, String name, Consumer<JsonNode> each) throws IOException {
		return new JsonLines(name, each).read(in);
	}

	/**
	 * Parses one line of a file that a job wrote, cut as in a record.
	 * @param line at most {@link #MAX_LINE_BYTES}
	 * @param name what to call the file in an error
	 * @throws UnreadableRecordException if it is no JSON
	 */
	public static JsonNode parseLine(byte[] line, String name) throws UnreadableRecordException {
		return parseCut(line, name).root();
	}

	/**
	 * A parser over bytes that a job wrote and that are within a bound of their own, for
	 * a reader that goes through them piece by piece and keeps no more than it needs.
	 */
	public static JsonParser parser(byte[] bytes) {
		return MAPPER.createParser(bytes);
	}

	private static UnreadableRecordException noJson(String name, JacksonException ex) {
		return new UnreadableRecordException(
				name + " is no JSON that can be read: " + Shown.text(ex.getOriginalMessage()));
	}

}
