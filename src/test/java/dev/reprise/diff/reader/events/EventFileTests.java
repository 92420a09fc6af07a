package dev.reprise.diff.reader.events;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;

import dev.reprise.diff.reader.FormatFiles;
import dev.reprise.diff.reader.part.PartsComparison;
import dev.reprise.diff.reader.tensor.Tolerance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static dev.reprise.diff.reader.FormatFiles.fixture;
import static dev.reprise.diff.reader.FormatFiles.parts;
import static dev.reprise.diff.reader.FormatFiles.setApart;
import static org.assertj.core.api.Assertions.assertThat;

class EventFileTests {

	private static final String NAME = "runs/events.out.tfevents.1764000000.host.7.0";

	@TempDir
	Path folder;

	@Test
	void wallTimesAreSetApart() throws Exception {
		PartsComparison comparison = compare(fixture("events-a"), fixture("events-b"));
		assertThat(comparison.equalButForSetApart()).isTrue();
		assertThat(setApart(comparison)).containsExactly("wall time");
		assertThat(comparison.setApart().getFirst().count()).isEqualTo(8);
	}

	@Test
	void scalarsThatDifferAreNamedByTagAndStep() throws Exception {
		PartsComparison comparison = compare(fixture("events-a"), fixture("events-c"));
		assertThat(parts(comparison)).containsExactly("scalars/loss step 0: 0.75 | 0.625",
				"scalars/loss step 1: 0.375 | 0.3125", "scalars/loss step 2: 0.25 | 0.20833333");
		assertThat(setApart(comparison)).containsExactly("wall time");
		assertThat(comparison.equalButForSetApart()).isFalse();
	}

	@Test
	void otherKindsAreComparedByTheirBytes() throws Exception {
		PartsComparison comparison = compare(fixture("events-a"), fixture("events-d"));
		assertThat(comparison.parts()).singleElement()
			.satisfies((part) -> assertThat(part.part()).isEqualTo("histograms/weights step 2"))
			.satisfies((part) -> assertThat(part.left()).startsWith("max 3.0, count 4.0, sum 6.0"));
	}

	@Test
	void timesOfASessionAreSetApart() throws Exception {
		PartsComparison comparison = compare(fixture("hparams-a"), fixture("hparams-b"));
		assertThat(comparison.equalButForSetApart()).as(Arrays.toString(parts(comparison))).isTrue();
		assertThat(setApart(comparison)).contains("wall time", "time in hparams");
	}

	@Test
	void fileThatIsCutShortIsNeverEqual() throws Exception {
		byte[] whole = fixture("events-a");
		for (int cut : new int[] { 1, 5, 20, whole.length - 3 }) {
			PartsComparison comparison = compare(whole, Arrays.copyOf(fixture("events-b"), whole.length - cut));
			assertThat(comparison.equalButForSetApart()).isFalse();
			assertThat(comparison.notRead()).contains("is cut short");
		}
	}

	@Test
	void recordThatDoesNotFitItsChecksumIsNotRead() throws Exception {
		byte[] damaged = fixture("events-b");
		damaged[14]++;
		assertThat(compare(fixture("events-a"), damaged).notRead()).contains("does not fit its checksum");
		byte[] huge = record(new byte[4]);
		ByteBuffer.wrap(huge).order(ByteOrder.LITTLE_ENDIAN).putLong(0, Long.MAX_VALUE);
		assertThat(compare(fixture("events-a"), huge).notRead()).contains("does not fit its checksum");
	}

	/**
	 * As transformers' TensorBoardCallback writes them: the arguments first, as a text.
	 */
	@Test
	void durationsAreSetApartInFilesOfTheTrainerAlone() throws Exception {
		byte[] arguments = record(field(5, field(1, field(1, "args/text_summary".getBytes(StandardCharsets.UTF_8)))));
		for (String tag : new String[] { "train/train_runtime", "eval/samples_per_second", "eval/small_runtime" }) {
			PartsComparison comparison = compare(join(arguments, event(tag, 6, 1.5)),
					join(arguments, event(tag, 6, 1.75)));
			assertThat(comparison.equalButForSetApart()).as(tag).isTrue();
			assertThat(setApart(comparison)).containsExactly(tag);
			assertThat(parts(compare(join(arguments, event(tag, 6, 1.5)), join(arguments, event(tag, 7, 1.75)))))
				.as("another step")
				.hasSize(2);
			assertThat(parts(compare(event(tag, 6, 1.5), event(tag, 6, 1.75)))).as("another program")
				.containsExactly("scalars/" + tag + " step 6: 1.5 | 1.75");
			assertThat(parts(compare(join(arguments, event(tag, 6, 1.5)), join(event("x", 0, 1), event(tag, 6, 1.75)))))
				.as("one side alone")
				.hasSize(3);
			assertThat(compare(join(arguments, event(tag, 6, 1.5)), join(arguments, event(tag, 6, Double.NaN)))
				.equalButForSetApart()).as("no number").isFalse();
		}
		assertThat(parts(compare(join(arguments, event("train/runtime_loss", 6, 1.5)),
				join(arguments, event("train/runtime_loss", 6, 1.75)))))
			.hasSize(1);
	}

	@Test
	void whatIsNotKnownIsComparedByBytes() throws Exception {
		byte[] left = join(event(1, 2.0), record(field(12, new byte[] { 1 })));
		byte[] right = join(event(1, 2.0), record(field(12, new byte[] { 2 })));
		PartsComparison comparison = compare(left, right);
		assertThat(comparison.parts()).extracting("part").containsExactly("field 12 step 0");
	}

	@Test
	void recordsInAnotherOrderAreAnotherLayout() throws Exception {
		PartsComparison comparison = compare(join(event(1, 2.0), event(2, 3.0)), join(event(2, 3.0), event(1, 2.0)));
		assertThat(comparison.parts()).isEmpty();
		assertThat(comparison.otherLayout()).isTrue();
		PartsComparison missing = compare(join(event(1, 2.0), event(2, 3.0), event(3, 4.0)),
				join(event(2, 3.0), event(3, 4.0)));
		assertThat(parts(missing)).containsExactly("scalars/x step 1: 2.0 | null");
	}

	@Test
	void fieldsInAnotherOrderAreAnotherLayout() throws Exception {
		byte[] value = field(1, join(field(1, new byte[] { 'x' }), new byte[] { 21, 0, 0, 0, 64 }));
		byte[] left = record(join(new byte[] { 16, 1 }, field(5, value)));
		byte[] right = record(join(field(5, value), new byte[] { 16, 1 }));
		assertThat(compare(left, right).otherLayout()).isTrue();
		assertThat(compare(left, right).equalButForSetApart()).isFalse();
	}

	@Test
	void toleranceCoversScalarsInUlpsOfTheirType() throws Exception {
		byte[] left = event(1, 1.0f);
		byte[] right = event(1, Math.nextUp(1.0f));
		assertThat(FormatFiles.difference(this.folder, NAME, left, right, new Tolerance(1, 0, 0)).within()).isTrue();
		assertThat(FormatFiles.difference(this.folder, NAME, left, event(1, 1.001), new Tolerance(1, 0, 0)).within())
			.isFalse();
	}

	@Test
	void recordsOutOfStepAreHeldUpToABound() throws Exception {
		ByteArrayOutputStream left = new ByteArrayOutputStream();
		ByteArrayOutputStream right = new ByteArrayOutputStream();
		for (int i = 0; i <= EventFile.MAX_HELD; i++) {
			left.writeBytes(event(i, 1));
			right.writeBytes(event(i + 1, 1));
		}
		assertThat(compare(left.toByteArray(), right.toByteArray()).notRead()).contains("more than 100000 values");
	}

	private PartsComparison compare(byte[] left, byte[] right) throws Exception {
		return FormatFiles.compare(this.folder, NAME, left, right);
	}

	/** A scalar x at a step, without a wall time. */
	private static byte[] event(int step, double value) {
		return event("x", step, value);
	}

	private static byte[] event(String tag, int step, double value) {
		byte[] number = ByteBuffer.allocate(5)
			.order(ByteOrder.LITTLE_ENDIAN)
			.put((byte) 21)
			.putFloat((float) value)
			.array();
		return record(join(varint(16, step),
				field(5, field(1, join(field(1, tag.getBytes(StandardCharsets.UTF_8)), number)))));
	}

	private static byte[] varint(int key, int value) {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		out.write(key);
		int rest = value;
		while (rest > 127) {
			out.write((rest & 127) | 128);
			rest >>>= 7;
		}
		out.write(rest);
		return out.toByteArray();
	}

	private static byte[] field(int number, byte[] content) {
		return join(varint(number << 3 | 2, content.length), content);
	}

	static byte[] record(byte[] data) {
		byte[] length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(data.length).array();
		return join(length, checksum(length), data, checksum(data));
	}

	private static byte[] checksum(byte[] bytes) {
		CRC32C crc = new CRC32C();
		crc.update(bytes);
		int value = (int) crc.getValue();
		return ByteBuffer.allocate(4)
			.order(ByteOrder.LITTLE_ENDIAN)
			.putInt((value >>> 15 | value << 17) + 0xa282ead8)
			.array();
	}

	private static byte[] join(byte[]... parts) {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		for (byte[] part : parts) {
			out.writeBytes(part);
		}
		return out.toByteArray();
	}

}
