package dev.reprise.diff.reader.bytes;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.reprise.artifact.Digest;
import dev.reprise.artifact.ListedFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class JobFileTests {

	@TempDir
	Path folder;

	@Test
	void fileThatShrinksWhileItIsReadIsNotRead() throws Exception {
		byte[] bytes = new byte[1 << 20];
		Path path = Files.write(this.folder.resolve("a"), bytes);
		try (JobFile file = JobFile.open(path, listed(bytes))) {
			file.verify();
			try (RandomAccessFile shrunk = new RandomAccessFile(path.toFile(), "rw")) {
				shrunk.setLength(10);
			}
			assertThatExceptionOfType(NotReadException.class).isThrownBy(() -> file.read(1000, 1000))
				.withMessageContaining("shrank");
			assertThatExceptionOfType(NotReadException.class).isThrownBy(file::verify);
		}
	}

	@Test
	void fileThatChangedIsNotTheListedOne() throws Exception {
		byte[] bytes = { 1, 2, 3 };
		Path path = Files.write(this.folder.resolve("a"), new byte[] { 1, 2, 4 });
		try (JobFile file = JobFile.open(path, listed(bytes))) {
			assertThatExceptionOfType(NotReadException.class).isThrownBy(file::verify)
				.withMessageContaining("not those that were listed");
		}
	}

	@Test
	void linkAndFolderAreNotOpened() throws Exception {
		byte[] bytes = { 1 };
		Path path = Files.write(this.folder.resolve("a"), bytes);
		Path link = Files.createSymbolicLink(this.folder.resolve("b"), path);
		assertThatExceptionOfType(NotReadException.class).isThrownBy(() -> JobFile.open(link, listed(bytes)));
		assertThatExceptionOfType(NotReadException.class).isThrownBy(() -> JobFile.open(this.folder, listed(bytes)));
	}

	@Test
	void positionsOutsideTheFileAreRefused() throws Exception {
		byte[] bytes = { 1, 2, 3 };
		try (JobFile file = JobFile.open(Files.write(this.folder.resolve("a"), bytes), listed(bytes))) {
			assertThat(file.read(1, 2)).containsExactly(2, 3);
			assertThatExceptionOfType(NotReadException.class).isThrownBy(() -> file.read(2, 2));
			assertThatExceptionOfType(NotReadException.class).isThrownBy(() -> file.read(-1, 2));
			assertThatExceptionOfType(NotReadException.class).isThrownBy(() -> file.stream(Long.MAX_VALUE, 2));
		}
	}

	@Test
	void textOfAJobIsMadeFitToBeShown() {
		assertThat(PlainText.of("a\u001b\n\tδ日\ud83d\u202e")).isEqualTo("a\\u001b\\u000a\tδ日\ufffd\\u202e");
		assertThat(PlainText.of("\ud83d\ude00")).isEqualTo("\ud83d\ude00");
		assertThat(PlainText.of("x".repeat(5000))).hasSize(PlainText.MAX + 1).endsWith("…");
	}

	private static ListedFile listed(byte[] bytes) {
		return new ListedFile("a", "644", bytes.length, Digest.of(bytes));
	}

}
