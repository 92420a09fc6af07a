package dev.reprise.artifact.tar;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.reprise.artifact.Bounds;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class TarTests {

	private static final Bounds BOUNDS = new Bounds(100, 1 << 20, 1 << 20, 1);

	private static final String LONG = "a/".repeat(60) + "weights of größe.bin";

	@TempDir
	Path folder;

	@Test
	void whatIsWrittenIsReadAgainWithNamesOfAnyLength() throws IOException {
		Map<String, String> files = Map.of("empty", "", LONG, "long", "x/exactly", "x".repeat(512));
		assertThat(read(write(files))).isEqualTo(files);
	}

	@Test
	void otherProgramsReadItToo() throws IOException, InterruptedException {
		Path archive = Files.write(this.folder.resolve("a.tar"), write(Map.of(LONG, "long", "b", "short")));
		Process tar = new ProcessBuilder("tar", "xf", archive.toString(), "-C", this.folder.toString())
			.redirectErrorStream(true)
			.start();
		assertThat(tar.waitFor()).as(new String(tar.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).isZero();
		assertThat(this.folder.resolve(LONG)).hasContent("long");
		try (TarArchiveInputStream other = new TarArchiveInputStream(Files.newInputStream(archive))) {
			assertThat(other.getNextEntry().getName()).isEqualTo("b");
			assertThat(other.getNextEntry().getName()).isEqualTo(LONG);
		}
	}

	@Test
	void sizesThatDoNotFitTheOldHeaderAreKept() throws IOException {
		TarEntry large = new TarEntry("large", true, 10L << 30);
		try (TarArchiveInputStream other = new TarArchiveInputStream(new ByteArrayInputStream(large.header()))) {
			assertThat(other.getNextEntry().getSize()).isEqualTo(10L << 30);
		}
		TarReader reader = new TarReader(new ByteArrayInputStream(large.header()),
				new Bounds(1, 1L << 40, 1L << 40, 1));
		assertThat(reader.next()).isEqualTo(large);
	}

	@Test
	void aChangedByteIsRefusedOrSeenInANameOrInAFile() throws IOException {
		byte[] archive = write(Map.of("a", "bytes of a", LONG, "bytes of the other"));
		int content = 0;
		for (int at = 0; at < archive.length; at++) {
			byte[] changed = archive.clone();
			changed[at] ^= 1;
			try {
				assertThat(read(changed)).as("byte " + at).isNotEqualTo(read(archive));
				content++;
			}
			catch (BadTarException ex) {
				assertThat(ex.getMessage()).isNotBlank();
			}
		}
		assertThat(content).isBetween("bytes of abytes of the other".length(), 28 + LONG.length() + 2);
	}

	@Test
	void anArchiveThatWasCutOrHasMoreIsRefused() throws IOException {
		byte[] archive = write(Map.of("a", "bytes"));
		for (int length = 0; length < archive.length; length++) {
			byte[] cut = Arrays.copyOf(archive, length);
			assertThatExceptionOfType(BadTarException.class).as("cut to " + length).isThrownBy(() -> read(cut));
		}
		byte[] more = Arrays.copyOf(archive, archive.length + 1);
		assertThatExceptionOfType(BadTarException.class).isThrownBy(() -> read(more));
	}

	@ParameterizedTest
	@ValueSource(strings = { "../out", "/etc/passwd", "a/../../out", "a//b", "back\\slash", "new\nline" })
	void namesThatClimbOutAreRefused(String name) throws IOException {
		byte[] archive = foreign(name, "bytes".getBytes(StandardCharsets.UTF_8));
		assertThatExceptionOfType(BadTarException.class).isThrownBy(() -> read(archive));
	}

	@Test
	void whatIsBeyondTheBoundsIsRefused() throws IOException {
		Map<String, String> many = new LinkedHashMap<>();
		for (int i = 0; i < 101; i++) {
			many.put("file" + i, "");
		}
		assertThatExceptionOfType(BadTarException.class).isThrownBy(() -> read(write(many)))
			.withMessageContaining("more than 100 files");
		byte[] lies = new TarEntry("huge", false, 1L << 50).header();
		assertThatExceptionOfType(BadTarException.class).isThrownBy(() -> read(lies))
			.withMessageContaining("huge has 1125899906842624 bytes");
	}

	private static byte[] foreign(String name, byte[] content) throws IOException {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
			TarArchiveEntry entry = new TarArchiveEntry(name, true);
			entry.setSize(content.length);
			tar.putArchiveEntry(entry);
			tar.write(content);
			tar.closeArchiveEntry();
		}
		return out.toByteArray();
	}

	private static byte[] write(Map<String, String> files) throws IOException {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		try (TarWriter tar = new TarWriter(out)) {
			List<String> paths = new ArrayList<>(files.keySet());
			// The short names first, as the tests above want them.
			paths.sort((a, b) -> Integer.compare(a.length(), b.length()));
			for (String path : paths) {
				byte[] content = files.getOrDefault(path, "").getBytes(StandardCharsets.UTF_8);
				tar.file(new TarEntry(path, false, content.length), new ByteArrayInputStream(content));
			}
			tar.end();
		}
		return out.toByteArray();
	}

	private static Map<String, String> read(byte[] archive) throws IOException {
		Map<String, String> files = new LinkedHashMap<>();
		TarReader reader = new TarReader(new ByteArrayInputStream(archive), BOUNDS);
		for (TarEntry entry; (entry = reader.next()) != null;) {
			files.put(entry.path(), new String(reader.content().readAllBytes(), StandardCharsets.ISO_8859_1));
		}
		return files;
	}

}
