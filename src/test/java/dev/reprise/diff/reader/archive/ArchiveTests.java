package dev.reprise.diff.reader.archive;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import dev.reprise.diff.reader.FormatFiles;
import dev.reprise.diff.reader.part.Nested;
import dev.reprise.diff.reader.part.PartsComparison;
import dev.reprise.diff.reader.tensor.TensorBytes;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static dev.reprise.diff.reader.FormatFiles.parts;
import static dev.reprise.diff.reader.FormatFiles.setApart;
import static dev.reprise.diff.reader.FormatFiles.text;
import static org.assertj.core.api.Assertions.assertThat;

class ArchiveTests {

	@TempDir
	Path folder;

	@Test
	void timeAndNameOfAGzipAreSetApart() throws Exception {
		PartsComparison comparison = compare("log.txt.gz", gzip("epoch 1", "a", 1), gzip("epoch 1", "b", 2));
		assertThat(comparison.equalButForSetApart()).isTrue();
		assertThat(setApart(comparison)).containsExactly("gzip time", "gzip name");
	}

	@Test
	void whatAGzipHoldsIsReadByItsOwnFormat() throws Exception {
		assertThat(parts(compare("m.json.gz", gzip("{\"a\": 1}", "", 1), gzip("{\"a\": 2}", "", 1))))
			.containsExactly("m.json: a: 1 | 2");
		assertThat(parts(compare("log.txt.gz", gzip("epoch 1", "", 1), gzip("epoch 2", "", 1))))
			.containsExactly("log.txt: first at byte 6: null | null");
		PartsComparison inner = compare("trainer_state.json.gz", gzip(state("1.5", "3.0"), "", 1),
				gzip(state("1.5", "4.0"), "", 1));
		assertThat(inner.equalButForSetApart()).isTrue();
		assertThat(setApart(inner)).containsExactly("trainer_state.json: train_runtime");
	}

	@Test
	void sameContentPackedOtherwiseIsAnotherLayout() throws Exception {
		String text = "loss 0.5\n".repeat(100);
		byte[] left = gzip(text, "a", 1, Deflater.BEST_COMPRESSION);
		byte[] right = gzip(text, "b", 2, Deflater.NO_COMPRESSION);
		PartsComparison comparison = compare("log.gz", left, right);
		assertThat(comparison.parts()).isEmpty();
		assertThat(comparison.otherLayout()).isTrue();
		assertThat(comparison.equalButForSetApart()).isFalse();
	}

	@Test
	void gzipThatIsDamagedOrABombIsNotRead() throws Exception {
		byte[] good = gzip("epoch 1", "", 1);
		byte[] damaged = good.clone();
		damaged[damaged.length - 6]++;
		assertThat(compare("a.gz", good, damaged).notRead()).contains("checksum");
		ByteArrayOutputStream two = new ByteArrayOutputStream();
		two.writeBytes(good);
		two.writeBytes(good);
		assertThat(compare("a.gz", good, two.toByteArray()).notRead()).contains("more than one part");
		byte[] bomb = bomb(64);
		assertThat(compare("a.gz", good, bomb).notRead()).contains("unpacks to more than");
	}

	@Test
	void timesOfATarsMembersAreSetApart() throws Exception {
		PartsComparison comparison = compare("a.tar", tar(1_000, "a.txt", "x", "b.txt", "y"),
				tar(2_000_000, "a.txt", "x", "b.txt", "y"));
		assertThat(comparison.equalButForSetApart()).isTrue();
		assertThat(comparison.setApart()).singleElement()
			.satisfies((field) -> assertThat(field.what()).isEqualTo("time of members"))
			.satisfies((field) -> assertThat(field.count()).isEqualTo(2));
	}

	@Test
	void membersOfATarAreReadByTheirFormats() throws Exception {
		String deep = "deep/".repeat(40);
		byte[] left = tar(1_000, deep + "m.json", "{\"a\": 1}", "trainer_state.json", state("1", "2"), "l", "x");
		byte[] right = tar(1_000, deep + "m.json", "{\"a\": 2}", "trainer_state.json", state("1", "3"), "r", "x");
		PartsComparison comparison = compare("a.tar", left, right);
		assertThat(parts(comparison)[0]).startsWith("l: 1 bytes");
		assertThat(
				parts(compare("a.tar", tar(1, deep + "m.json", "{\"a\": 1}"), tar(1, deep + "m.json", "{\"a\": 2}"))))
			.containsExactly(deep + "m.json: a: 1 | 2");
		PartsComparison packed = compare("a.tar.gz", gzip(tar(1, "trainer_state.json", state("1", "2")), "", 1),
				gzip(tar(2, "trainer_state.json", state("1", "30")), "", 9));
		assertThat(packed.equalButForSetApart()).isTrue();
		assertThat(setApart(packed)).containsExactly("gzip time", "time of members",
				"trainer_state.json: train_runtime");
	}

	@Test
	void otherOrderAndOtherModeOfMembersAreNoDate() throws Exception {
		PartsComparison order = compare("a.tar", tar(1, "a", "x", "b", "y"), tar(1, "b", "y", "a", "x"));
		assertThat(order.parts()).isEmpty();
		assertThat(order.otherLayout()).isTrue();
		byte[] other = tar(1, "a", "x");
		byte[] executable = other.clone();
		executable[104] = '7';
		checksum(executable);
		assertThat(parts(compare("a.tar", other, executable))[0]).startsWith("a: its header");
		byte[] owner = other.clone();
		owner[265] = 'r';
		checksum(owner);
		assertThat(compare("a.tar", other, owner).equalButForSetApart()).isFalse();
	}

	@Test
	void tarThatHidesBytesIsNotRead() throws Exception {
		byte[] good = tar(1, "a", "x");
		byte[] between = good.clone();
		between[512 + 100] = 1;
		assertThat(compare("a.tar", good, between).notRead()).contains("stand between");
		byte[] behind = good.clone();
		behind[behind.length - 1] = 1;
		assertThat(compare("a.tar", good, behind).notRead()).contains("follow its end");
		assertThat(compare("a.tar", good, java.util.Arrays.copyOf(good, 700)).notRead()).contains("cut short");
		byte[] damaged = good.clone();
		damaged[0] = 'b';
		assertThat(compare("a.tar", good, damaged).notRead()).contains("checksum");
		assertThat(compare("a.tar", tar(1, "a", "x", "a", "y"), tar(1, "a", "x", "a", "z")).notRead())
			.contains("one name");
	}

	@Test
	void timesOfAZipsMembersAreSetApart() throws Exception {
		PartsComparison comparison = compare("a.zip", zip(1_000_000_000_000L, 9, "a", "x"),
				zip(1_100_000_000_000L, 9, "a", "x"));
		assertThat(comparison.equalButForSetApart()).isTrue();
		assertThat(setApart(comparison)).containsExactly("time of members");
	}

	@Test
	void membersOfAZipAreReadByTheirFormats() throws Exception {
		assertThat(parts(compare("a.zip", zip(1, 9, "m.json", "{\"a\": 1}", "same", "x"),
				zip(1, 9, "m.json", "{\"a\": 2}", "same", "x"))))
			.containsExactly("m.json: a: 1 | 2");
		PartsComparison apart = compare("a.whl", zip(1, 9, "trainer_state.json", state("1", "2")),
				zip(1, 9, "trainer_state.json", state("1", "30")));
		assertThat(apart.equalButForSetApart()).isTrue();
		String text = "loss\n".repeat(100);
		assertThat(compare("a.zip", zip(1, 9, "a", text), zip(1, 0, "a", text)).otherLayout()).isTrue();
		byte[] stuffed = new byte[zip(2, 9, "a", "x").length + 8];
		System.arraycopy(zip(2, 9, "a", "x"), 0, stuffed, 0, stuffed.length - 8);
		assertThat(compare("a.zip", zip(1, 9, "a", "x"), stuffed).equalButForSetApart()).isFalse();
	}

	@Test
	void nothingHidesWhereArchivesSayThingsTwice() throws Exception {
		byte[] left = zip(1_000_000_000_000L, 9, "a", "x");
		byte[] right = zip(1_100_000_000_000L, 9, "a", "x");
		int descriptor = new String(right, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("PK\7\b");
		byte[] described = right.clone();
		described[descriptor + 8]++;
		assertThat(compare("a.zip", left, described).equalButForSetApart()).isFalse();
		byte[] own = right.clone();
		own[18] = 7;
		assertThat(compare("a.zip", left, own).equalButForSetApart()).isFalse();
		byte[] tar = tar(2, "a", "x");
		System.arraycopy(tar, 148, tar, 149, 6);
		tar[148] = '0';
		tar[155] = ' ';
		assertThat(compare("a.tar", tar(1, "a", "x"), tar).equalButForSetApart()).isFalse();
	}

	@Test
	void tensorsInAnArchiveAreNamed() throws Exception {
		List<Object> left = List.of("m.safetensors", TensorBytes.safetensors("F32", 1, TensorBytes.floats(1)));
		List<Object> right = List.of("m.safetensors", TensorBytes.safetensors("F32", 1, TensorBytes.floats(2)));
		assertThat(parts(compare("a.tar", tar(1, left.toArray()), tar(1, right.toArray()))))
			.containsExactly("m.safetensors: tensor w: null | null");
	}

	@Test
	void archivesInArchivesAreReadTwiceOver() throws Exception {
		byte[] left = tar(1, "m.json", "{\"a\": 1}");
		byte[] right = tar(1, "m.json", "{\"a\": 2}");
		assertThat(parts(compare("a.tar", tar(1, "b.tar", left), tar(1, "b.tar", right))))
			.containsExactly("b.tar: m.json: a: 1 | 2");
		assertThat(parts(
				compare("a.tar", tar(1, "b.tar", tar(1, "c.tar", left)), tar(1, "b.tar", tar(1, "c.tar", right)))))
			.singleElement()
			.satisfies((part) -> assertThat(part).startsWith("b.tar: c.tar: first at byte"));
	}

	@Test
	void memberThatIsTooLargeIsComparedByItsDigest() throws Exception {
		byte[] large = new byte[Nested.MAX_HELD + 1];
		byte[] other = large.clone();
		other[7] = 1;
		assertThat(parts(compare("a.tar", tar(1, "l.json", large), tar(1, "l.json", other))))
			.containsExactly("l.json: 4194305 bytes | 4194305 bytes");
	}

	private PartsComparison compare(String name, byte[] left, byte[] right) throws Exception {
		return FormatFiles.compare(this.folder, name, left, right);
	}

	private static String state(String loss, String runtime) {
		return "{\"loss\": " + loss + ", \"train_runtime\": " + runtime + "}";
	}

	private static byte[] bytes(Object content) {
		return (content instanceof byte[] raw) ? raw : text(String.valueOf(content));
	}

	private static byte[] gzip(Object content, String name, long seconds) throws IOException {
		return gzip(content, name, seconds, Deflater.DEFAULT_COMPRESSION);
	}

	private static byte[] gzip(Object content, String name, long seconds, int level) throws IOException {
		GzipParameters parameters = new GzipParameters();
		parameters.setFileName(name.isEmpty() ? null : name);
		parameters.setModificationTime(seconds * 1000);
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		parameters.setCompressionLevel(level);
		try (GzipCompressorOutputStream gzip = new GzipCompressorOutputStream(out, parameters)) {
			gzip.write(bytes(content));
		}
		byte[] packed = out.toByteArray();
		packed[8] = 0;
		return packed;
	}

	private static byte[] bomb(int mebibytes) throws IOException {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
			for (int i = 0; i < mebibytes; i++) {
				gzip.write(new byte[1 << 20]);
			}
		}
		return out.toByteArray();
	}

	private static byte[] tar(long seconds, Object... members) {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
			tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
			for (int i = 0; i < members.length; i += 2) {
				byte[] content = bytes(members[i + 1]);
				TarArchiveEntry entry = new TarArchiveEntry(String.valueOf(members[i]));
				entry.setSize(content.length);
				entry.setModTime(seconds * 1000);
				tar.putArchiveEntry(entry);
				tar.write(content);
				tar.closeArchiveEntry();
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return out.toByteArray();
	}

	private static void checksum(byte[] tar) {
		int sum = 0;
		for (int i = 0; i < 512; i++) {
			sum += (i >= 148 && i < 156) ? ' ' : tar[i] & 0xFF;
		}
		byte[] digits = text(String.format("%06o\0 ", sum));
		System.arraycopy(digits, 0, tar, 148, 8);
	}

	private static byte[] zip(long time, int level, Object... members) throws IOException {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		try (ZipOutputStream zip = new ZipOutputStream(out)) {
			zip.setLevel(level);
			for (int i = 0; i < members.length; i += 2) {
				ZipEntry entry = new ZipEntry(String.valueOf(members[i]));
				entry.setTime(time);
				zip.putNextEntry(entry);
				zip.write(bytes(members[i + 1]));
				zip.closeEntry();
			}
		}
		return out.toByteArray();
	}

}
