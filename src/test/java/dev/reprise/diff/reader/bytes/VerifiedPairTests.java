package dev.reprise.diff.reader.bytes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.Random;

import dev.reprise.artifact.Digest;
import dev.reprise.artifact.HashedFiles;
import dev.reprise.artifact.ListedFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class VerifiedPairTests {

	private static final int SIZE = 17 * VerifiedPair.BLOCK + 77;

	@TempDir
	Path folder;

	private final byte[] bytes = new byte[SIZE];

	VerifiedPairTests() {
		new Random(1).nextBytes(this.bytes);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, VerifiedPair.BLOCK - 1, VerifiedPair.BLOCK, 7 * VerifiedPair.BLOCK + 3, SIZE - 1 })
	void firstByteThatDiffersIsFoundAndEqualBlocksAreKnown(int place) throws Exception {
		byte[] other = this.bytes.clone();
		other[place]++;
		try (JobFile a = open("a", this.bytes, this.bytes); JobFile b = open("b", other, other)) {
			VerifiedPair pair = VerifiedPair.read(a, b);
			assertThat(pair.firstByte()).isEqualTo(place);
			int block = place / VerifiedPair.BLOCK;
			assertThat(pair.different().stream()).containsExactly(block);
			long at = (block == 3) ? 4L * VerifiedPair.BLOCK : 3L * VerifiedPair.BLOCK;
			assertThat(pair.equal(Stretch.of(a, at, 100), Stretch.of(b, at, 100), 0, 100)).isTrue();
			assertThat(pair.equal(Stretch.of(a, place, 1), Stretch.of(b, place, 1), 0, 1)).isFalse();
			assertThat(pair.equal(Stretch.of(a, 0, SIZE), Stretch.of(b, 0, SIZE), 0, SIZE)).isFalse();
			assertThat(pair.equal(Stretch.of(a, at, 9), Stretch.of(b, at + 1, 9), 0, 9)).isFalse();
			assertThat(pair.equal(Stretch.of(a, at, 9), Stretch.of(a, at, 9), 0, 9)).isFalse();
		}
	}

	@Test
	void filesOfOtherLengthsPartWhereTheShorterEnds() throws Exception {
		for (int length : new int[] { 0, 5, VerifiedPair.BLOCK, 3 * VerifiedPair.BLOCK + 1 }) {
			byte[] shorter = Arrays.copyOf(this.bytes, length);
			try (JobFile a = open("a", shorter, shorter); JobFile b = open("b", this.bytes, this.bytes)) {
				assertThat(VerifiedPair.read(a, b).firstByte()).isEqualTo(length);
				assertThat(VerifiedPair.read(b, a).firstByte()).isEqualTo(length);
			}
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 100, 2 * VerifiedPair.BLOCK + 5, SIZE - 1 })
	void fileWhoseBytesAreNotThoseListedIsFoundOnEitherSide(int place) throws Exception {
		byte[] other = this.bytes.clone();
		other[place]++;
		byte[] listed = this.bytes.clone();
		listed[0]++;
		try (JobFile good = open("a", this.bytes, this.bytes); JobFile bad = open("b", other, listed)) {
			assertThatExceptionOfType(NotReadException.class).isThrownBy(() -> VerifiedPair.read(good, bad));
			assertThatExceptionOfType(NotReadException.class).isThrownBy(() -> VerifiedPair.read(bad, good));
		}
		try (JobFile good = open("a", this.bytes, this.bytes); JobFile bad = open("b", this.bytes, other)) {
			assertThatExceptionOfType(NotReadException.class).isThrownBy(() -> VerifiedPair.read(good, bad));
			assertThatExceptionOfType(NotReadException.class).isThrownBy(() -> VerifiedPair.read(bad, good));
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, VerifiedPair.BLOCK - 1, VerifiedPair.BLOCK, 7 * VerifiedPair.BLOCK + 3, SIZE - 1 })
	void whatWasHashedBeforeAndHasNotChangedIsOnlyCompared(int place) throws Exception {
		byte[] other = this.bytes.clone();
		other[place]++;
		HashedFiles hashed = new HashedFiles();
		try (JobFile a = known("a", this.bytes, hashed); JobFile b = known("b", other, hashed)) {
			assertThat(a.known() && b.known()).isTrue();
			VerifiedPair pair = VerifiedPair.read(a, b);
			assertThat(pair.firstByte()).isEqualTo(place);
			assertThat(pair.different().stream()).containsExactly(place / VerifiedPair.BLOCK);
		}
	}

	@Test
	void knownFilesOfOtherLengthsPartWhereTheShorterEnds() throws Exception {
		HashedFiles hashed = new HashedFiles();
		byte[] shorter = Arrays.copyOf(this.bytes, 16 * VerifiedPair.BLOCK + 5);
		byte[] other = this.bytes.clone();
		other[9]++;
		try (JobFile a = known("a", shorter, hashed); JobFile b = known("b", this.bytes, hashed)) {
			VerifiedPair pair = VerifiedPair.read(a, b);
			assertThat(pair.firstByte()).isEqualTo(shorter.length);
			assertThat(pair.different().stream()).containsExactly(16, 17);
			assertThat(VerifiedPair.read(b, a)).isEqualTo(new VerifiedPair(b, a, shorter.length, pair.different()));
		}
		try (JobFile a = known("a", shorter, hashed); JobFile b = known("b", other, hashed)) {
			assertThat(VerifiedPair.read(a, b).firstByte()).isEqualTo(9);
		}
	}

	@Test
	void fileThatWasWrittenSinceIsHashedAgainWhateverItsDateSays() throws Exception {
		HashedFiles hashed = new HashedFiles();
		byte[] other = this.bytes.clone();
		other[SIZE - 1]++;
		Path changed = this.folder.resolve("b");
		known("b", this.bytes, hashed).close();
		FileTime date = Files.getLastModifiedTime(changed);
		Files.write(changed, other);
		Files.setLastModifiedTime(changed, date);
		try (JobFile a = known("a", other, hashed); JobFile b = witnessed(changed, this.bytes, hashed)) {
			assertThat(a.known()).isTrue();
			assertThat(b.known()).isFalse();
			assertThatExceptionOfType(NotReadException.class).isThrownBy(() -> VerifiedPair.read(a, b))
				.withMessageContaining("not those that were listed");
		}
	}

	@Test
	void fileThatIsWrittenMeanwhileIsNotRead() throws Exception {
		HashedFiles hashed = new HashedFiles();
		byte[] other = this.bytes.clone();
		other[1]++;
		try (JobFile a = known("a", this.bytes, hashed); JobFile b = known("b", other, hashed)) {
			Files.write(this.folder.resolve("b"), this.bytes);
			assertThatExceptionOfType(NotReadException.class).isThrownBy(() -> VerifiedPair.read(a, b))
				.withMessageContaining("changed while it was read");
		}
	}

	@Test
	void fileIsKnownUnderTheDigestThatItHadOnly() throws Exception {
		HashedFiles hashed = new HashedFiles();
		byte[] listed = this.bytes.clone();
		listed[1]++;
		known("a", this.bytes, hashed).close();
		try (JobFile file = witnessed(this.folder.resolve("a"), listed, hashed)) {
			assertThat(file.known()).isFalse();
		}
	}

	@Test
	void filesThatAPassHashedAreKnownAfterIt() throws Exception {
		HashedFiles hashed = new HashedFiles();
		byte[] other = this.bytes.clone();
		other[1]++;
		Path left = Files.write(this.folder.resolve("a"), this.bytes);
		Path right = Files.write(this.folder.resolve("b"), other);
		for (boolean known : new boolean[] { false, true }) {
			try (JobFile a = witnessed(left, this.bytes, hashed); JobFile b = witnessed(right, other, hashed)) {
				assertThat(a.known() && b.known()).isEqualTo(known);
				assertThat(VerifiedPair.read(a, b).firstByte()).isEqualTo(1);
			}
		}
	}

	private JobFile known(String name, byte[] written, HashedFiles hashed) throws IOException {
		Path file = Files.write(this.folder.resolve(name), written);
		hashed.hash(file);
		return witnessed(file, written, hashed);
	}

	private static JobFile witnessed(Path file, byte[] listed, HashedFiles hashed) throws IOException {
		return JobFile.open(file, new ListedFile("file", "644", listed.length, Digest.of(listed)), (name) -> {
			throw new NotReadException("there is none");
		}, hashed.witness(file));
	}

	private JobFile open(String name, byte[] written, byte[] listed) throws IOException {
		return JobFile.open(Files.write(this.folder.resolve(name), written),
				new ListedFile(name, "644", listed.length, Digest.of(listed)));
	}

}
