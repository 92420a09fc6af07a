package dev.reprise.diff.reader;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import dev.reprise.diff.reader.tensor.Tolerance;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.reprise.diff.reader.FormatFiles.fixture;
import static dev.reprise.diff.reader.FormatFiles.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

/**
 * Bytes of good files are changed at random, from fixed seeds, and their checksums made
 * to fit in half of the rounds: a reader says in what the files differ or why it did not
 * read them, soon, and throws nothing; and whatever it sets apart has a name that its
 * format is known for. {@code -Dreprise.fuzz.rounds} makes it longer,
 * {@code -Dreprise.fuzz.seed} makes it another one.
 */
class FormatFuzzTests {

	private static final int ROUNDS = Integer.getInteger("reprise.fuzz.rounds", 500);

	private static final int SEED = Integer.getInteger("reprise.fuzz.seed", 0);

	@TempDir
	Path folder;

	@ParameterizedTest
	@ValueSource(strings = { "run/events.out.tfevents.1.h", "hparams.tfevents.1", "plot.png", "plot.pdf", "plot.svg",
			"trainer_state.json", "log.jsonl", "metrics.csv", "a.json.gz", "a.tar", "a.tar.gz", "a.zip" })
	void mutatedFileIsReadOrNotReadButNeverFails(String name) throws Exception {
		byte[] good = good(name);
		Random random = new Random(name.hashCode() + SEED);
		assertTimeoutPreemptively(Duration.ofSeconds(60L + ROUNDS / 20), () -> {
			for (int round = 0; round < ROUNDS; round++) {
				byte[] mutated = mutate(good, random);
				if (random.nextBoolean()) {
					mend(name, mutated);
				}
				ContentDifference difference = FormatFiles.difference(this.folder, name, good, mutated,
						new Tolerance(0, 0, 1e-3));
				assertThat(difference.notRead() != null || difference.firstByte() != null).isTrue();
				String apart = difference.equalBut();
				if (apart != null) {
					assertThat(setApartIn(name)).as(apart).anyMatch(apart::contains);
					assertThat(Math.abs(mutated.length - good.length)).as(apart).isLessThan(200);
				}
			}
		});
	}

	private static List<String> setApartIn(String name) {
		return switch (name.substring(name.lastIndexOf('.') + 1)) {
			case "h", "1" -> List.of("wall time", "time in hparams");
			case "png" -> List.of("chunk tEXt ", "chunk zTXt", "chunk iTXt", "chunk tIME");
			case "pdf" -> List.of("/CreationDate", "/ModDate");
			case "svg" -> List.of("dc:date", "names drawn at random");
			case "json" -> List.of("train_runtime");
			case "gz" -> List.of("gzip time", "gzip name", "time of members", "train_runtime");
			case "tar", "zip" -> List.of("time of members", "train_runtime");
			default -> List.of();
		};
	}

	private static byte[] good(String name) throws Exception {
		String state = "{\"loss\": 0.5, \"train_runtime\": 1.25, \"log_history\": [1, {\"a\": null}]}";
		return switch (name) {
			case "run/events.out.tfevents.1.h" -> fixture("events-a");
			case "hparams.tfevents.1" -> fixture("hparams-a");
			case "plot.png", "plot.pdf", "plot.svg" -> fixture(name.replace("plot", "plot-a"));
			case "log.jsonl" -> text("{\"loss\": 0.5}\n{\"loss\": 0.25, \"at\": [1, 2]}\n");
			case "metrics.csv" -> text("epoch,loss\n0,0.5\n1,\"0.25\"\n");
			case "a.json.gz" -> gzip(text(state));
			case "a.tar" -> tar(text(state));
			case "a.tar.gz" -> gzip(tar(text(state)));
			case "a.zip" -> zip(text(state));
			default -> text(state);
		};
	}

	private static byte[] mutate(byte[] good, Random random) {
		byte[] mutated = Arrays.copyOf(good, (random.nextInt(5) == 0) ? random.nextInt(good.length + 40) : good.length);
		for (int i = random.nextInt(4); i >= 0 && mutated.length > 0; i--) {
			int at = random.nextInt(mutated.length);
			mutated[at] = switch (random.nextInt(5)) {
				case 0 -> (byte) 0xFF;
				case 1 -> 0;
				case 2 -> (byte) (mutated[at] + 1);
				case 3 -> (byte) (mutated[at] ^ (1 << random.nextInt(8)));
				default -> (byte) random.nextInt(256);
			};
		}
		return mutated;
	}

	/** Lets changed bytes through, which checksums would otherwise stop. */
	private static void mend(String name, byte[] bytes) {
		if (name.contains("tfevents")) {
			events(bytes);
		}
		else if (name.endsWith(".png")) {
			png(bytes);
		}
		else if (name.endsWith(".tar")) {
			tarSums(bytes);
		}
	}

	private static void events(byte[] bytes) {
		ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
		int at = 0;
		while (at + 16 <= bytes.length) {
			long length = buffer.getLong(at);
			if (length < 0 || length > bytes.length - at - 16) {
				return;
			}
			buffer.putInt(at + 8, masked(bytes, at, 8));
			buffer.putInt(at + 12 + (int) length, masked(bytes, at + 12, (int) length));
			at += 16 + (int) length;
		}
	}

	private static int masked(byte[] bytes, int from, int length) {
		CRC32C crc = new CRC32C();
		crc.update(bytes, from, length);
		return Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8;
	}

	private static void png(byte[] bytes) {
		ByteBuffer buffer = ByteBuffer.wrap(bytes);
		int at = 8;
		while (at + 12 <= bytes.length) {
			long length = Integer.toUnsignedLong(buffer.getInt(at));
			if (length > bytes.length - at - 12) {
				return;
			}
			CRC32 crc = new CRC32();
			crc.update(bytes, at + 4, (int) length + 4);
			buffer.putInt(at + 8 + (int) length, (int) crc.getValue());
			at += 12 + (int) length;
		}
	}

	private static void tarSums(byte[] bytes) {
		if (bytes.length >= 512) {
			int sum = 0;
			for (int i = 0; i < 512; i++) {
				sum += (i >= 148 && i < 156) ? ' ' : bytes[i] & 0xFF;
			}
			System.arraycopy(text(String.format("%06o\0 ", sum)), 0, bytes, 148, 8);
		}
	}

	private static byte[] gzip(byte[] content) throws Exception {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
			gzip.write(content);
		}
		return out.toByteArray();
	}

	private static byte[] tar(byte[] content) throws Exception {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out, 1024)) {
			TarArchiveEntry entry = new TarArchiveEntry("trainer_state.json");
			entry.setSize(content.length);
			entry.setModTime(1_000_000);
			tar.putArchiveEntry(entry);
			tar.write(content);
			tar.closeArchiveEntry();
		}
		return out.toByteArray();
	}

	private static byte[] zip(byte[] content) throws Exception {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		try (ZipOutputStream zip = new ZipOutputStream(out)) {
			ZipEntry entry = new ZipEntry("trainer_state.json");
			entry.setTime(0);
			zip.putNextEntry(entry);
			zip.write(content);
			zip.closeEntry();
		}
		return out.toByteArray();
	}

}
