package dev.reprise.artifact;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

class FileHasherTests {

	@TempDir
	Path folder;

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 63, 64, 262_143, 262_144, 262_145, 1_000_000 })
	void aFileOfAnyLengthHasTheDigestOfItsBytes(int length) throws IOException {
		byte[] bytes = new byte[length];
		new Random(length).nextBytes(bytes);
		assertThat(FileHasher.hash(Files.write(this.folder.resolve("file"), bytes))).isEqualTo(Digest.of(bytes));
	}

	@Test
	void manyFilesKeepTheirOrder() throws IOException {
		List<Path> files = new ArrayList<>();
		List<Digest> expected = new ArrayList<>();
		for (int i = 0; i < 50; i++) {
			byte[] bytes = { (byte) i };
			files.add(Files.write(this.folder.resolve("f" + i), bytes));
			expected.add(Digest.of(bytes));
		}
		assertThat(FileHasher.hash(files, 3)).isEqualTo(expected);
	}

	@Test
	void oneUnreadableFileFailsAll() throws IOException {
		List<Path> files = List.of(Files.createFile(this.folder.resolve("a")), this.folder.resolve("missing"));
		assertThatExceptionOfType(java.nio.file.NoSuchFileException.class).isThrownBy(() -> FileHasher.hash(files, 2));
	}

	@Test
	void aLinkIsNotFollowed() throws IOException {
		Path link = Files.createSymbolicLink(this.folder.resolve("link"),
				Files.createFile(this.folder.resolve("file")));
		assertThatIOException().isThrownBy(() -> FileHasher.hash(link));
	}

}
