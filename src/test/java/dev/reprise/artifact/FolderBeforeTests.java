package dev.reprise.artifact;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What counts as written by a job that ran in a person's own folder.
 */
class FolderBeforeTests {

	private Path work;

	private Path outputs;

	private Path kept;

	@TempDir
	Path folder;

	@BeforeEach
	void lay() throws IOException {
		this.folder = this.folder.toRealPath();
		this.work = Files.createDirectory(this.folder.resolve("my work"));
		this.outputs = Files.createDirectory(this.folder.resolve("outputs"));
		this.kept = Files.createDirectory(this.folder.resolve("kept"));
		write("train.py", "code");
		write("model.bin", "weights");
	}

	@Test
	void aFileThatIsWrittenAnewWithItsOwnBytesIsAnOutput() throws IOException {
		FolderBefore before = look();
		write("model.bin", "weights");
		OutputListing left = collect(before);
		assertThat(paths(left.files())).containsExactly("model.bin");
		assertThat(paths(before.code(left).files())).containsExactly("train.py");
		assertThat(paths(before.overwritten(left).files())).containsExactly("model.bin");
	}

	@Test
	void aDateThatIsSetBackHidesNothing() throws IOException {
		Path model = this.work.resolve("model.bin");
		FileTime date = Files.getLastModifiedTime(model);
		FolderBefore before = look();
		write("model.bin", "WEIGHTS");
		Files.setLastModifiedTime(model, date);
		assertThat(paths(collect(before).files())).containsExactly("model.bin");
	}

	@Test
	void whatIsNewAndWhatIsGoneIsTold() throws IOException {
		FolderBefore before = look();
		write("out/new.txt", "new");
		Files.writeString(this.outputs.resolve("metrics.json"), "{}");
		Files.delete(this.work.resolve("model.bin"));
		OutputListing left = collect(before);
		assertThat(paths(left.files())).containsExactly("metrics.json", "out/new.txt");
		assertThat(left.deleted()).containsExactly("model.bin");
		assertThat(left.refused()).isEmpty();
		new KeptOutputs(this.kept, false).place(left, this.folder.resolve("record"));
		assertThat(this.folder.resolve("record/out/new.txt")).hasContent("new");
	}

	@Test
	void copiesAreNotTheFilesThemselves() throws IOException {
		FolderBefore before = look();
		write("out.txt", "first");
		OutputListing left = collect(before);
		new KeptOutputs(this.kept, false).place(left, this.folder.resolve("record"));
		write("out.txt", "later");
		assertThat(this.folder.resolve("record/out.txt")).hasContent("first");
	}

	@Test
	void versionControlEnvironmentsCachesAndRecordsAreNeitherCodeNorOutput() throws IOException {
		write(".git/HEAD", "ref: refs/heads/main");
		write("sub/.hg/x", "x");
		write("my env/pyvenv.cfg", "home = /usr/bin");
		write("my env/lib/site.py", "x");
		write("conda/conda-meta/history", "x");
		write("pkg/__pycache__/a.pyc", "x");
		write("tagged/CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55\n");
		write("tagged/big", "x");
		write("record-1/end.json", "{}");
		write("record-1/listing.json", "{}");
		write("record-1/record/main/observed.json", "{}");
		write("cache/untagged", "x");
		FolderBefore before = look();
		assertThat(paths(before.files().files())).containsExactly("cache/untagged", "model.bin", "train.py");
		assertThat(before.leftOut()).containsExactly(".git", "conda", "my env", "pkg/__pycache__", "record-1",
				"sub/.hg", "tagged");
		write(".git/index", "changed");
		write("my env/lib/new.py", "x");
		write("new/__pycache__/b.pyc", "x");
		OutputListing left = collect(before);
		assertThat(left.files()).isEmpty();
		assertThat(left.refused()).isEmpty();
	}

	@Test
	void nobodyHidesAnOutputInAPlaceThatIsLeftOut() throws IOException {
		FolderBefore before = look();
		write("out/CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55\n");
		write("out/model.bin", "other");
		OutputListing left = collect(before);
		assertThat(left.files()).isEmpty();
		assertThat(left.refused()).extracting(Refused::path).containsExactly("out");
	}

	@Test
	void linksThatWereThereAreNoOutputsAndNewOnesAreRefused() throws IOException {
		Files.createSymbolicLink(this.work.resolve("data"), this.folder);
		FolderBefore before = look();
		assertThat(before.unread()).extracting(Refused::path).containsExactly("data");
		assertThat(collect(before).refused()).isEmpty();
		Files.createSymbolicLink(this.work.resolve("new"), this.folder);
		Files.delete(this.work.resolve("data"));
		Files.createSymbolicLink(this.work.resolve("data"), this.work);
		assertThat(collect(before).refused()).extracting(Refused::path).containsExactly("data", "new");
	}

	@Test
	void whatIsBeyondTheLimitsIsSaidAndStillWatched() throws IOException {
		write("a/1", "x");
		write("a/2", "x");
		FolderBefore before = FolderBefore.look(this.work, Set.of(), new Collector.Limits(2, 1000, 1000));
		assertThat(before.files().files()).hasSize(2);
		assertThat(before.unread()).hasSize(2);
		assertThat(collect(before).files()).isEmpty();
		write("a/2", "y");
		assertThat(paths(collect(before).files())).containsExactly("a/2");
	}

	@Test
	void digestsAloneLeaveNoBytes() throws IOException {
		FolderBefore before = look();
		write("out.txt", "bytes");
		KeptOutputs digests = new KeptOutputs(this.kept, true);
		OutputListing left = digests.collect(this.work, this.outputs, before);
		digests.place(left, this.folder.resolve("record"));
		assertThat(left).isEqualTo(collect(before));
		assertThat(this.folder.resolve("record")).doesNotExist();
	}

	private FolderBefore look() throws IOException {
		return FolderBefore.look(this.work, Set.of(), FolderBefore.LIMITS);
	}

	private OutputListing collect(FolderBefore before) throws IOException {
		return new KeptOutputs(this.kept, false).collect(this.work, this.outputs, before);
	}

	private void write(String path, String text) throws IOException {
		Path file = this.work.resolve(path);
		Files.createDirectories(file.getParent());
		Files.writeString(file, text);
	}

	private static List<String> paths(List<ListedFile> files) {
		return files.stream().map(ListedFile::path).toList();
	}

}
