package dev.reprise.artifact;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class CodeSourceTests {

	private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

	@TempDir
	Path root;

	private BlobStore store;

	private CodeSource source;

	@BeforeEach
	void open() throws IOException {
		this.store = new BlobStore(this.root.resolve("data"));
		this.source = new CodeSource(this.store, this.root.resolve("scratch"), Bounds.DEFAULT);
	}

	@AfterEach
	void close() throws IOException {
		this.store.close();
	}

	@Test
	void theIdentityOfCodeIsItsFilesHoweverTheyArePacked() throws IOException {
		CodeListing one = this.source.fromArchive(zip(9, "train.py", "print()", "pkg/a.py", "1"));
		CodeListing two = this.source.fromArchive(zip(0, "pkg/a.py", "1", "train.py", "print()"));
		CodeListing three = this.source.fromFiles(Map.of("train.py", put("print()"), "pkg/a.py", put("1")));
		assertThat(one).isEqualTo(two).isEqualTo(three);
		assertThat(one.digest()).isEqualTo(one.listing().digest());
		assertThat(one.git()).isNull();
		assertNothingIsLeftInScratch();
	}

	@Test
	void aBadArchiveLeavesNothingInScratch() throws IOException {
		Digest bad = zip(9, "../out", "1");
		assertThatExceptionOfType(BadArchiveException.class).isThrownBy(() -> this.source.fromArchive(bad));
		assertNothingIsLeftInScratch();
	}

	@Test
	void anArchiveThatIsNotThereIsMissing() {
		assertThatExceptionOfType(BlobStoreException.Missing.class)
			.isThrownBy(() -> this.source.fromArchive(Digest.of(new byte[0])));
	}

	@Test
	void filesThatCannotBeOneTreeAreRefused() throws IOException {
		Digest digest = put("1");
		assertThatIllegalArgumentException().isThrownBy(() -> this.source.fromFiles(Map.of("a", digest, "a/b", digest)))
			.withMessageContaining("a/b");
		assertThatIllegalArgumentException().isThrownBy(() -> this.source.fromFiles(Map.of("../a", digest)));
	}

	@Test
	void gitIsLeftOutAndTheCommitIsNoted() throws IOException {
		CodeListing code = this.source.fromArchive(zip(9, "train.py", "print()", ".git/HEAD", "ref: refs/heads/main\n",
				".git/refs/heads/main", COMMIT + "\n", "vendored/.git", "gitdir: elsewhere"));
		assertThat(code.files()).extracting(ListedFile::path).containsExactly("train.py");
		assertThat(code.git()).isEqualTo(new GitState(COMMIT, null));
	}

	@Test
	void aPackedOrDetachedHeadIsRead() throws IOException {
		assertThat(git("HEAD", "ref: refs/heads/main", "packed-refs", "# pack-refs with: peeled\n" + "f".repeat(40)
				+ " refs/heads/domain\n" + COMMIT + " refs/heads/main\n^" + "e".repeat(40) + "\n"))
			.isEqualTo(new GitState(COMMIT, null));
		assertThat(git("HEAD", COMMIT)).isEqualTo(new GitState(COMMIT, null));
		assertThat(git("HEAD", "a".repeat(64))).isEqualTo(new GitState("a".repeat(64), null));
	}

	@Test
	void whatIsNoPlainHeadIsNoCommit() throws IOException {
		assertThat(git("HEAD", "ref: refs/../../../secret")).isNull();
		assertThat(git("HEAD", "ref: /etc/passwd")).isNull();
		assertThat(git("HEAD", "ref: refs/heads/.invalid")).isNull();
		assertThat(git("HEAD", "not a commit")).isNull();
		assertThat(git("HEAD", COMMIT + " ".repeat(5000))).isNull();
		assertThat(git("HEAD", "ref: refs/heads/main", "refs/heads/main/deeper", COMMIT)).isNull();
	}

	@Test
	void aHeadIsNotReadThroughALink() throws IOException {
		Path elsewhere = Files.createDirectories(this.root.resolve("elsewhere"));
		Files.writeString(elsewhere.resolve("HEAD"), COMMIT);
		Path code = Files.createDirectories(this.root.resolve("linked"));
		Files.createSymbolicLink(code.resolve(".git"), elsewhere);
		assertThat(GitState.read(code)).isNull();
		Files.delete(code.resolve(".git"));
		Files.createDirectory(code.resolve(".git"));
		Files.createSymbolicLink(code.resolve(".git/HEAD"), elsewhere.resolve("HEAD"));
		assertThat(GitState.read(code)).isNull();
	}

	@Test
	void aFolderGivesItsFilesAndNamesWhatIsNotTaken() throws IOException {
		Path folder = Files.createDirectories(this.root.resolve("mine"));
		Files.writeString(folder.resolve("train.py"), "print()");
		Files.createSymbolicLink(folder.resolve("data"), Path.of("/mnt/data"));
		Path alias = Files.createSymbolicLink(this.root.resolve("alias"), folder);
		CodeSource.FromFolder from = this.source.fromFolder(alias);
		assertThat(from.code().files()).extracting(ListedFile::path).containsExactly("train.py");
		assertThat(from.refused()).extracting(Refused::path).containsExactly("data");
	}

	@Test
	void aFolderOfMoreThanTheBoundsIsRefused() throws IOException {
		Path folder = Files.createDirectories(this.root.resolve("mine"));
		Files.writeString(folder.resolve("data.bin"), "12345");
		CodeSource small = new CodeSource(this.store, this.root.resolve("scratch"), new Bounds(10, 4, 4, 200));
		assertThatExceptionOfType(TooMuchException.class).isThrownBy(() -> small.fromFolder(folder))
			.withMessageContaining("data.bin")
			.withMessageContaining("as inputs");
	}

	@Test
	void aListingIsPlacedAsItWas() throws IOException {
		Path folder = Files.createDirectories(this.root.resolve("mine", "pkg", "größe"));
		Files.writeString(folder.resolve("a.py"), "1");
		Files.writeString(this.root.resolve("mine", "run.sh"), "#!/bin/sh");
		Files.setPosixFilePermissions(this.root.resolve("mine", "run.sh"),
				PosixFilePermissions.fromString("rwx------"));
		CodeListing code = this.source.fromFolder(this.root.resolve("mine")).code();
		Path placed = this.root.resolve("placed");
		new Tree(this.store).place(code.listing(), placed);
		assertThat(this.source.fromFolder(placed).code()).isEqualTo(code);
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(placed.resolve("run.sh"))))
			.isEqualTo("rwxr-xr-x");
		Files.writeString(placed.resolve("pkg", "größe", "a.py"), "2");
		this.store.verify(code.files().getFirst().digest());
	}

	@Test
	void aDamagedBlobIsNotPlaced() throws IOException {
		CodeListing code = this.source.fromFiles(Map.of("a.py", put("print(1)")));
		Path blob = this.store.path(code.files().getFirst().digest());
		Files.delete(blob);
		Files.writeString(blob, "print(2)");
		Path placed = this.root.resolve("placed");
		assertThatExceptionOfType(BlobStoreException.Damaged.class)
			.isThrownBy(() -> new Tree(this.store).place(code.listing(), placed));
		assertThat(placed.resolve("a.py")).doesNotExist();
	}

	private @org.jspecify.annotations.Nullable GitState git(String... pathsAndContents) throws IOException {
		Path code = Files.createTempDirectory(this.root, "code");
		for (int i = 0; i < pathsAndContents.length; i += 2) {
			Path file = code.resolve(".git", pathsAndContents[i]);
			Files.createDirectories(file.getParent());
			Files.writeString(file, pathsAndContents[i + 1]);
		}
		return GitState.read(code);
	}

	private Digest put(String content) throws IOException {
		return this.store.put(new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8)), 1000);
	}

	private Digest zip(int level, String... pathsAndContents) throws IOException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (ZipOutputStream out = new ZipOutputStream(bytes)) {
			out.setLevel(level);
			for (int i = 0; i < pathsAndContents.length; i += 2) {
				out.putNextEntry(new ZipEntry(pathsAndContents[i]));
				out.write(pathsAndContents[i + 1].getBytes(StandardCharsets.UTF_8));
			}
		}
		return this.store.put(new ByteArrayInputStream(bytes.toByteArray()), 1_000_000);
	}

	private void assertNothingIsLeftInScratch() throws IOException {
		try (Stream<Path> left = Files.list(this.root.resolve("scratch"))) {
			assertThat(left).isEmpty();
		}
	}

}
