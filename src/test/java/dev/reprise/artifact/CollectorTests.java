package dev.reprise.artifact;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import dev.reprise.artifact.Collector.Limits;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class CollectorTests {

	@TempDir
	Path root;

	private Path work;

	private Path outputs;

	private BlobStore store;

	private Listing code = new Listing(List.of());

	private List<Glob> patterns = List.of(Glob.of("**"));

	private Set<String> inputs = Set.of();

	private Limits limits = new Limits(1000, 5000, 10_000_000);

	@BeforeEach
	void makeFolders() throws IOException {
		this.work = Files.createDirectory(this.root.resolve("work"));
		this.outputs = Files.createDirectory(this.root.resolve("outputs"));
		this.store = new BlobStore(this.root.resolve("data"));
	}

	@AfterEach
	void close() throws IOException {
		this.store.close();
	}

	@Test
	void newAndChangedFilesAreOutputsAndTheirBytesAreKept() throws IOException {
		codeIs("train.py", "print()", "config.json", "{}", "tool.sh", "#!/bin/sh", "old.txt", "old", "same.txt",
				"same");
		write("work/config.json", "[]");
		write("work/model/weights.bin", "weights");
		write("outputs/metrics.json", "{\"loss\": 1}");
		Files.setPosixFilePermissions(this.work.resolve("tool.sh"), PosixFilePermissions.fromString("rwx------"));
		Files.delete(this.work.resolve("old.txt"));
		OutputListing listing = collect();
		assertThat(lines(listing.files())).containsExactly("644 config.json", "644 metrics.json",
				"644 model/weights.bin", "755 tool.sh");
		assertThat(listing.deleted()).containsExactly("old.txt");
		assertThat(listing.unmatched()).isEmpty();
		assertThat(listing.refused()).isEmpty();
		assertThat(listing.digest()).isEqualTo(new Listing(listing.files()).digest());
		for (ListedFile file : listing.files()) {
			this.store.verify(file.digest());
			assertThat(this.store.size(file.digest())).isEqualTo(file.size());
		}
	}

	@Test
	void aChangeThatKeepsTheLengthIsFound() throws IOException {
		codeIs("config.json", "{1}");
		write("work/config.json", "{2}");
		assertThat(lines(collect().files())).containsExactly("644 config.json");
	}

	@Test
	void changedFilesThatFitNoPatternAreHashedButNotKept() throws IOException {
		this.patterns = List.of(Glob.of("model/**"));
		write("work/model/a", "a");
		write("work/cache/b", "b");
		write("outputs/c", "c");
		OutputListing listing = collect();
		assertThat(lines(listing.files())).containsExactly("644 c", "644 model/a");
		assertThat(lines(listing.unmatched())).containsExactly("644 cache/b");
		assertThat(listing.unmatched().getFirst().digest()).isEqualTo(digest("b"));
		assertThat(this.store.has(digest("b"))).isFalse();
	}

	@Test
	void aPathThatTheWorkingFolderHasTakenIsListedBelowOutputs() throws IOException {
		codeIs("unchanged.txt", "code");
		write("work/model.bin", "from work");
		write("outputs/model.bin", "from outputs");
		write("outputs/unchanged.txt", "output");
		write("work/file", "a file here");
		write("outputs/file/inside", "a folder there");
		assertThat(lines(collect().files())).containsExactly("644 file", "644 model.bin", "644 outputs/file/inside",
				"644 outputs/model.bin", "644 outputs/unchanged.txt");
	}

	@Test
	void noTwoOutputsShareAPathHoweverTheyAreNamed() throws IOException {
		write("work/x", "1");
		write("work/outputs/x", "2");
		write("outputs/x", "3");
		write("outputs/outputs/x", "4");
		OutputListing listing = collect();
		assertThat(lines(listing.files())).containsExactly("644 outputs/outputs/outputs/x", "644 outputs/outputs/x",
				"644 outputs/x", "644 x");
		assertThat(listing.files().stream().map(ListedFile::digest)).doesNotHaveDuplicates();
	}

	@Test
	void inputsMountedBelowWorkAreNotOutputs() throws IOException {
		this.inputs = Set.of("data/mnist");
		write("work/data/mnist/train.bin", "input");
		write("work/data/made.bin", "made");
		assertThat(lines(collect().files())).containsExactly("644 data/made.bin");
	}

	@Test
	void linksAreNotFollowedAtAnyLevel() throws IOException {
		Path secret = Files.createDirectory(this.root.resolve("elsewhere"));
		Files.writeString(secret.resolve("secret"), "secret");
		Files.createSymbolicLink(this.work.resolve("folder"), secret);
		Files.createSymbolicLink(this.outputs.resolve("file"), secret.resolve("secret"));
		Files.createSymbolicLink(this.outputs.resolve("dangling"), Path.of("nowhere"));
		Files.createSymbolicLink(this.outputs.resolve("loop"), Path.of("loop"));
		OutputListing listing = collect();
		assertThat(listing.files()).isEmpty();
		assertThat(listing.refused()).extracting(Refused::path)
			.containsExactly("folder", "outputs/dangling", "outputs/file", "outputs/loop");
		assertThat(listing.refused()).allSatisfy((refused) -> assertThat(refused.reason()).contains("symbolic link"));
		assertThat(this.store.has(digest("secret"))).isFalse();
	}

	@Test
	void aFolderThatIsItselfSwappedForALinkIsRefused() throws IOException {
		Path secret = Files.createDirectory(this.root.resolve("elsewhere"));
		Files.writeString(secret.resolve("secret"), "secret");
		codeIs("train.py", "print()");
		Files.delete(this.work.resolve("train.py"));
		for (Path folder : List.of(this.work, this.outputs)) {
			Files.delete(folder);
			Files.createSymbolicLink(folder, secret);
		}
		OutputListing listing = collect();
		assertThat(listing.files()).isEmpty();
		assertThat(listing.refused()).extracting(Refused::path).containsExactly(".", "outputs");
		assertThat(listing.deleted()).as("nothing is known of them").isEmpty();
	}

	@Test
	void aFolderThatIsGoneIsEmpty() throws IOException {
		codeIs("train.py", "print()");
		Files.delete(this.work.resolve("train.py"));
		Files.delete(this.work);
		Files.delete(this.outputs);
		OutputListing listing = collect();
		assertThat(listing.files()).isEmpty();
		assertThat(listing.refused()).isEmpty();
		assertThat(listing.deleted()).containsExactly("train.py");
	}

	@Test
	void pipesSocketsAndDevicesAreRefusedWithoutBeingOpened() throws IOException, InterruptedException {
		Subprocess.run("mkfifo", this.outputs.resolve("pipe").toString());
		try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
			socket.bind(UnixDomainSocketAddress.of(this.outputs.resolve("socket")));
		}
		List<String> expected = new ArrayList<>(List.of("outputs/pipe: a named pipe", "outputs/socket: a socket"));
		if (new ProcessBuilder("mknod", this.outputs.resolve("device").toString(), "c", "1", "5").start()
			.waitFor() == 0) {
			expected.addFirst("outputs/device: a device");
		}
		assertThat(refusals(collect()))
			.containsExactlyElementsOf(expected.stream().map((line) -> line + ", not a file").toList());
	}

	@Test
	void aHardLinkToAFileElsewhereIsRefusedAndOneWithinIsNot() throws IOException {
		Path secret = Files.writeString(this.root.resolve("secret"), "secret");
		Files.createLink(this.outputs.resolve("stolen"), secret);
		write("work/deep/er/last.ckpt", "weights");
		Files.createLink(this.outputs.resolve("best.ckpt"), this.work.resolve("deep/er/last.ckpt"));
		OutputListing listing = collect();
		assertThat(lines(listing.files())).containsExactly("644 best.ckpt", "644 deep/er/last.ckpt");
		assertThat(refusals(listing)).containsExactly("outputs/stolen: a hard link to a file elsewhere; copy the file");
		assertThat(this.store.has(digest("secret"))).isFalse();
	}

	@Test
	void namesThatCannotBeListedAreRefusedAndWrittenReadably() throws IOException {
		write("outputs/line\nbreak", "1");
		write("outputs/back\\slash", "1");
		write("outputs/\u001b[2J", "1");
		write("outputs/größe-模型", "good");
		Files.writeString(raw(this.outputs, "bad%FF%FEname"), "1");
		Files.createDirectory(raw(this.outputs, "dir%FF"));
		Files.writeString(raw(this.outputs, "dir%FF").resolve("inside"), "1");
		Files.writeString(raw(this.outputs, "n".repeat(255)), "long but good");
		OutputListing listing = collect();
		assertThat(lines(listing.files())).containsExactly("644 größe-模型", "644 " + "n".repeat(255));
		assertThat(listing.refused()).extracting(Refused::path)
			.containsExactly("outputs/\\x1b[2J", "outputs/back\\x5cslash", "outputs/bad\\xff\\xfename",
					"outputs/dir\\xff", "outputs/line\\x0abreak");
	}

	@Test
	void namesAreReadAlikeInAnyLocale() throws IOException, InterruptedException {
		write("outputs/größe-模型", "good");
		Files.writeString(raw(this.outputs, "bad%FF"), "1");
		this.store.close();
		Process process = Subprocess.java(List.of("env", "LC_ALL=C"), CollectsAndPrints.class, this.root.toString());
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(output).isEqualTo("file größe-模型\nrefused outputs/bad\\xff\n");
	}

	@Test
	void foldersNestedTooDeepAreRefused() throws IOException {
		Path deep = this.outputs;
		for (int i = 0; i < 130; i++) {
			deep = Files.createDirectory(deep.resolve("d"));
		}
		Files.writeString(deep.resolve("bottom"), "1");
		Files.writeString(this.outputs.resolve("d/".repeat(128) + "reached"), "1");
		OutputListing listing = collect();
		assertThat(listing.files()).extracting(ListedFile::path).containsExactly("d/".repeat(128) + "reached");
		assertThat(listing.refused()).singleElement()
			.satisfies((refused) -> assertThat(refused.reason()).contains("more than 128 deep"));
	}

	@Test
	void aPathThatIsTooLongIsRefused() throws IOException {
		Path deep = this.outputs;
		for (int i = 0; i < 5; i++) {
			deep = Files.createDirectory(deep.resolve("d".repeat(250)));
		}
		assertThat(collect().refused()).singleElement()
			.satisfies((refused) -> assertThat(refused.reason()).contains("longer than 1024 bytes"));
	}

	@Test
	void aFolderOfTooManyEntriesIsRefusedWholeAndWhatIsNextToItIsNot() throws IOException {
		this.limits = new Limits(1000, 100, 1000);
		write("outputs/a/good", "1");
		Files.createDirectory(this.outputs.resolve("b"));
		for (int i = 0; i < 200; i++) {
			Files.createFile(this.outputs.resolve("b", "f" + i));
		}
		write("work/good", "1");
		OutputListing listing = collect();
		assertThat(lines(listing.files())).containsExactly("644 a/good", "644 good");
		assertThat(refusals(listing)).containsExactly("outputs/b: more than 100 files and folders, "
				+ "counted up to here; nothing in this folder is collected");
	}

	@Test
	void filesBeyondTheLimitAreLeftOutInTheOrderOfTheirNamesAndCounted() throws IOException {
		this.limits = new Limits(3, 5000, 1000);
		for (int i = 0; i < 2000; i++) {
			write("outputs/" + (10_000 + i), "");
		}
		OutputListing listing = collect();
		assertThat(listing.files()).extracting(ListedFile::path).containsExactly("10000", "10001", "10002");
		assertThat(listing.refused()).hasSize(1001)
			.contains(new Refused("outputs/10003", "left out: there are more than 3 files"));
		assertThat(listing.refused().getLast()).isEqualTo(new Refused("…", "and 997 more"));
	}

	@Test
	void aHugeSparseFileIsLeftOutAndSmallerOnesAreNot() throws IOException {
		try (RandomAccessFile sparse = new RandomAccessFile(this.outputs.resolve("huge").toFile(), "rw")) {
			sparse.setLength(1L << 40);
		}
		write("outputs/small", "1");
		OutputListing listing = collect();
		assertThat(lines(listing.files())).containsExactly("644 small");
		assertThat(refusals(listing))
			.containsExactly("outputs/huge: left out: with its 1099511627776 bytes there are more than 10000000");
	}

	@Test
	void whatCannotBeReadIsRefused() throws IOException, InterruptedException {
		assumeTrue(Subprocess.isRoot(), "changing the user needs root");
		write("outputs/good", "1");
		write("outputs/closed/inside", "1");
		write("outputs/locked", "1");
		Files.setPosixFilePermissions(this.outputs.resolve("closed"), Set.of());
		Files.setPosixFilePermissions(this.outputs.resolve("locked"), Set.of());
		this.store.close();
		Subprocess.run("chown", "-R", "65534:65534", this.root.toString());
		Process process = Subprocess.java(
				List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--bounding-set=-all"),
				CollectsAndPrints.class, this.root.toString());
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assumeTrue(!output.contains("Could not find or load"), "the classes are not readable for others");
		assertThat(output).isEqualTo("file good\nrefused outputs/closed\nrefused outputs/locked\n");
	}

	@Test
	void deletedDoesNotNameWhatWasReplacedOrCannotBeSeen() throws IOException {
		codeIs("a.py", "1", "pkg/b.py", "2", "data/c.py", "3", "gone.py", "4");
		this.inputs = Set.of("data");
		Files.delete(this.work.resolve("a.py"));
		Files.createSymbolicLink(this.work.resolve("a.py"), Path.of("/etc/passwd"));
		Files.delete(this.work.resolve("pkg/b.py"));
		Files.delete(this.work.resolve("pkg"));
		Files.createSymbolicLink(this.work.resolve("pkg"), Path.of("/etc"));
		Files.delete(this.work.resolve("gone.py"));
		assertThat(collect().deleted()).containsExactly("gone.py");
	}

	@Test
	void aFullStoreIsNotTheJobsFault() throws IOException {
		Disk full = new Disk() {
			@Override
			public void write(java.nio.channels.FileChannel file, java.nio.ByteBuffer bytes) throws IOException {
				throw new IOException("No space left on device");
			}
		};
		write("outputs/a", "1");
		write("outputs/b", "2");
		try (BlobStore filled = new BlobStore(this.root.resolve("full"), full)) {
			assertThatExceptionOfType(BlobStoreException.Full.class)
				.isThrownBy(() -> new Collector(filled).collect(left()));
		}
	}

	@Test
	void twoRunsThatLeftTheSameHaveOneListing() throws IOException {
		for (int i = 0; i < 300; i++) {
			write("outputs/" + (i * 7919) % 300 + "/file", Integer.toString(i % 5));
		}
		assertThat(new Collector(this.store, 4).collect(left()))
			.isEqualTo(new Collector(this.store, 1).collect(left()));
	}

	private OutputListing collect() throws IOException {
		return new Collector(this.store).collect(left());
	}

	private Collector.Left left() {
		return new Collector.Left(this.work, this.outputs, this.code, this.patterns, this.inputs, this.limits);
	}

	private void codeIs(String... pathsAndContents) throws IOException {
		List<ListedFile> files = new ArrayList<>();
		for (int i = 0; i < pathsAndContents.length; i += 2) {
			write("work/" + pathsAndContents[i], pathsAndContents[i + 1]);
			files.add(new ListedFile(pathsAndContents[i], "644", pathsAndContents[i + 1].length(),
					digest(pathsAndContents[i + 1])));
		}
		this.code = new Listing(files);
	}

	private static Digest digest(String content) {
		return Digest.of(content.getBytes(StandardCharsets.UTF_8));
	}

	private void write(String path, String content) throws IOException {
		Path file = this.root.resolve(path);
		Files.createDirectories(file.getParent());
		Files.writeString(file, content);
	}

	private static Path raw(Path folder, String escaped) {
		return Path.of(URI.create("file://" + folder + "/" + escaped));
	}

	private static List<String> lines(List<ListedFile> files) {
		return files.stream().map((file) -> file.mode() + " " + file.path()).toList();
	}

	private static List<String> refusals(OutputListing listing) {
		return listing.refused().stream().map((refused) -> refused.path() + ": " + refused.reason()).toList();
	}

	static final class CollectsAndPrints {

		private CollectsAndPrints() {
		}

		public static void main(String[] arguments) throws IOException {
			Path root = Path.of(arguments[0]);
			try (BlobStore store = new BlobStore(root.resolve("data"))) {
				OutputListing listing = new Collector(store).collect(new Collector.Left(root.resolve("work"),
						root.resolve("outputs"), new Listing(List.of()), List.of(), Set.of(), Limits.DEFAULT));
				String lines = Stream
					.concat(listing.files().stream().map((file) -> "file " + file.path()),
							listing.refused().stream().map((refused) -> "refused " + refused.path()))
					.map((line) -> line + "\n")
					.reduce("", String::concat);
				System.out.write(lines.getBytes(StandardCharsets.UTF_8));
				System.out.flush();
			}
		}

	}

}
