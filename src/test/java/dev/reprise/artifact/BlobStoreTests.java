package dev.reprise.artifact;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class BlobStoreTests {

	private static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);

	private static final Digest HELLO_DIGEST = new Digest(
			"sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");

	@TempDir
	Path root;

	@Test
	void bytesAreKeptUnderTheirDigestReadOnly() throws IOException {
		try (BlobStore store = new BlobStore(this.root)) {
			Digest digest = store.put(new ByteArrayInputStream(HELLO), 5);
			assertThat(digest).isEqualTo(HELLO_DIGEST);
			assertThat(store.path(digest)).hasBinaryContent(HELLO)
				.isEqualTo(this.root.resolve("blobs", "sha256", "2c", digest.hex()));
			assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(store.path(digest))))
				.isEqualTo("r--r--r--");
			assertThat(store.has(digest)).isTrue();
			assertThat(store.size(digest)).isEqualTo(5);
		}
	}

	@Test
	void anEmptyFileIsABlobToo() throws IOException {
		try (BlobStore store = new BlobStore(this.root)) {
			assertThat(store.size(store.put(InputStream.nullInputStream(), 0))).isZero();
		}
	}

	@Test
	void aFileOfManyBuffersIsCopiedWhole() throws IOException {
		byte[] bytes = new byte[3_000_001];
		new Random(1).nextBytes(bytes);
		Path file = Files.write(this.root.resolve("file"), bytes);
		try (BlobStore store = new BlobStore(this.root)) {
			Digest digest = store.putFile(file, bytes.length);
			assertThat(digest).isEqualTo(Digest.of(bytes));
			assertThat(store.path(digest)).hasBinaryContent(bytes);
		}
	}

	@Test
	void aLinkIsNotFollowed() throws IOException {
		Path link = Files.createSymbolicLink(this.root.resolve("link"), Path.of("/etc/passwd"));
		try (BlobStore store = new BlobStore(this.root)) {
			assertThatIOException().isThrownBy(() -> store.putFile(link, Long.MAX_VALUE));
			assertNothingIsLeft(store);
		}
	}

	@Test
	void moreBytesThanAllowedAreRefusedAndNothingIsLeft() throws IOException {
		try (BlobStore store = new BlobStore(this.root)) {
			assertThatExceptionOfType(BlobStoreException.TooLarge.class)
				.isThrownBy(() -> store.put(new ByteArrayInputStream(HELLO), 4))
				.withMessageContaining("more than 4 bytes");
			assertNothingIsLeft(store);
		}
	}

	@Test
	void anEndlessStreamIsGivenUpAtTheBound() throws IOException {
		try (BlobStore store = new BlobStore(this.root); InputStream endless = new Endless()) {
			assertThatExceptionOfType(BlobStoreException.TooLarge.class)
				.isThrownBy(() -> store.put(endless, 10_000_000));
			assertNothingIsLeft(store);
		}
	}

	@Test
	void bytesOfAnotherDigestAreRefusedAndNothingIsLeft() throws IOException {
		Digest other = Digest.of(new byte[1]);
		try (BlobStore store = new BlobStore(this.root)) {
			assertThatExceptionOfType(BlobStoreException.Mismatch.class)
				.isThrownBy(() -> store.put(other, new ByteArrayInputStream(HELLO), 5))
				.withMessageContaining(HELLO_DIGEST.value())
				.withMessageContaining(other.value());
			assertNothingIsLeft(store);
			assertThat(store.put(HELLO_DIGEST, new ByteArrayInputStream(HELLO), 5)).isEqualTo(HELLO_DIGEST);
		}
	}

	@Test
	void anUploadThatBreaksOffLeavesNothing() throws IOException {
		try (BlobStore store = new BlobStore(this.root)) {
			assertThatIOException()
				.isThrownBy(() -> store
					.put(new java.io.SequenceInputStream(new ByteArrayInputStream(HELLO), new BrokenStream()), 1000))
				.withMessage("connection reset");
			assertNothingIsLeft(store);
		}
	}

	@Test
	void theNameIsGivenOnlyToWhatIsOnTheDiskAndThenTheFolderIsForced() throws IOException {
		RecordingDisk disk = new RecordingDisk();
		try (BlobStore store = new BlobStore(this.root, disk)) {
			disk.steps.clear();
			Path blob = store.path(HELLO_DIGEST);
			disk.watched = blob;
			store.put(new ByteArrayInputStream(HELLO), 5);
			assertThat(disk.steps).containsExactly("write, not there", "force, not there", "rename, there",
					"forceFolder 2c, there");
		}
	}

	@Test
	void whatIsThereAlreadyIsForcedByItsFolderAgain() throws IOException {
		RecordingDisk disk = new RecordingDisk();
		try (BlobStore store = new BlobStore(this.root, disk)) {
			store.put(new ByteArrayInputStream(HELLO), 5);
			disk.steps.clear();
			disk.watched = store.path(HELLO_DIGEST);
			store.put(new ByteArrayInputStream(HELLO), 5);
			assertThat(disk.steps).containsExactly("write, there", "forceFolder 2c, there");
		}
	}

	@Test
	void aBlobCutShortIsReplacedByAWholeOne() throws IOException {
		try (BlobStore store = new BlobStore(this.root)) {
			store.put(new ByteArrayInputStream(HELLO), 5);
			Files.delete(store.path(HELLO_DIGEST));
			Files.write(store.path(HELLO_DIGEST), new byte[2]);
			store.put(new ByteArrayInputStream(HELLO), 5);
			assertThat(store.path(HELLO_DIGEST)).hasBinaryContent(HELLO);
		}
	}

	@Test
	void afterAFailedForceThePutFailsAndNothingIsNamed() throws IOException {
		Disk failing = new Disk() {
			@Override
			public void force(FileChannel file) throws IOException {
				throw new IOException("Input/output error");
			}
		};
		try (BlobStore store = new BlobStore(this.root, failing)) {
			assertThatIOException().isThrownBy(() -> store.put(new ByteArrayInputStream(HELLO), 5))
				.withMessage("Input/output error");
			assertNothingIsLeft(store);
		}
	}

	@Test
	void afterAFailedForceOfTheFolderThePutFails() throws IOException {
		Disk failing = new Disk() {
			@Override
			public void forceFolder(Path folder) throws IOException {
				if (folder.endsWith("2c")) {
					throw new IOException("Input/output error");
				}
			}
		};
		try (BlobStore store = new BlobStore(this.root, failing)) {
			assertThatIOException().isThrownBy(() -> store.put(new ByteArrayInputStream(HELLO), 5))
				.withMessage("Input/output error");
		}
	}

	@Test
	void aShortWriteIsNoticed() throws IOException {
		Disk shortening = new Disk() {
			@Override
			public void write(FileChannel file, ByteBuffer bytes) throws IOException {
				Disk.REAL.write(file, bytes.limit(bytes.limit() - 1));
			}
		};
		try (BlobStore store = new BlobStore(this.root, shortening)) {
			assertThatIOException().isThrownBy(() -> store.put(new ByteArrayInputStream(HELLO), 5))
				.withMessageContaining("wrote 5 bytes");
			assertNothingIsLeft(store);
		}
	}

	@Test
	void aFullDiskIsSaidToBeFullAndTheStoreGoesOn() throws IOException, InterruptedException {
		assumeTrue(Subprocess.isRoot(), "mounting needs root");
		Path small = Files.createDirectory(this.root.resolve("small"));
		assumeTrue(new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", small.toString()).start()
			.waitFor() == 0, "this root may not mount");
		try (BlobStore store = new BlobStore(small); InputStream endless = new Endless()) {
			assertThatExceptionOfType(BlobStoreException.Full.class).isThrownBy(() -> store.put(endless, 10_000_000))
				.withMessageContaining("full");
			assertNothingIsLeft(store);
			store.put(new ByteArrayInputStream(HELLO), 5);
			store.verify(HELLO_DIGEST);
		}
		finally {
			Subprocess.run("umount", small.toString());
		}
	}

	@Test
	void manyMayPutOneBlobAtOnce() throws Exception {
		byte[] bytes = new byte[700_000];
		new Random(2).nextBytes(bytes);
		CyclicBarrier start = new CyclicBarrier(8);
		try (BlobStore store = new BlobStore(this.root); ExecutorService threads = Executors.newFixedThreadPool(8)) {
			Callable<Digest> put = () -> {
				start.await();
				return store.put(new ByteArrayInputStream(bytes), bytes.length);
			};
			for (Future<Digest> digest : threads.invokeAll(java.util.Collections.nCopies(8, put))) {
				assertThat(digest.get()).isEqualTo(Digest.of(bytes));
			}
			store.verify(Digest.of(bytes));
			assertThat(parts()).isEmpty();
		}
	}

	@Test
	void aFlippedBitIsFound() throws IOException {
		try (BlobStore store = new BlobStore(this.root)) {
			store.put(new ByteArrayInputStream(HELLO), 5);
			Files.delete(store.path(HELLO_DIGEST));
			Files.writeString(store.path(HELLO_DIGEST), "hellp");
			assertThatExceptionOfType(BlobStoreException.Damaged.class).isThrownBy(() -> store.verify(HELLO_DIGEST))
				.withMessageContaining(HELLO_DIGEST.value());
		}
	}

	@Test
	void aBlobThatIsNotThereIsMissing() throws IOException {
		try (BlobStore store = new BlobStore(this.root)) {
			assertThat(store.has(HELLO_DIGEST)).isFalse();
			assertThatExceptionOfType(BlobStoreException.Missing.class).isThrownBy(() -> store.size(HELLO_DIGEST));
			assertThatExceptionOfType(BlobStoreException.Missing.class).isThrownBy(() -> store.open(HELLO_DIGEST));
		}
	}

	@Test
	void whatWasPutAgainIsNotCollectedAsGarbage() throws IOException {
		Instant old = Instant.parse("2020-01-01T00:00:00Z");
		try (BlobStore store = new BlobStore(this.root)) {
			store.put(new ByteArrayInputStream(HELLO), 5);
			Files.setLastModifiedTime(store.path(HELLO_DIGEST), FileTime.from(old));
			store.put(new ByteArrayInputStream(HELLO), 5);
			assertThat(store.removeIfPutBefore(HELLO_DIGEST, old.plusSeconds(1))).isFalse();
			Files.setLastModifiedTime(store.path(HELLO_DIGEST), FileTime.from(old));
			assertThat(store.removeIfPutBefore(HELLO_DIGEST, old.plusSeconds(1))).isTrue();
			assertThat(store.removeIfPutBefore(HELLO_DIGEST, old.plusSeconds(1))).isFalse();
		}
	}

	@Test
	void everyBlobIsListed() throws IOException {
		List<Digest> found = new ArrayList<>();
		try (BlobStore store = new BlobStore(this.root)) {
			Digest first = store.put(new ByteArrayInputStream(HELLO), 5);
			Digest second = store.put(InputStream.nullInputStream(), 5);
			Files.writeString(this.root.resolve("blobs", "sha256", "00", "stray"), "");
			store.forEach(found::add);
			assertThat(found).containsExactlyInAnyOrder(first, second);
		}
	}

	@Test
	void aKilledPutLeavesOnlyATemporaryFileWhichTheNextLifeRemoves() throws IOException, InterruptedException {
		Process writer = Subprocess.java(List.of(), PutsForever.class, this.root.toString());
		assertThat(writer.inputReader().readLine()).isEqualTo("writing");
		assertThat(parts()).hasSize(1);
		try (BlobStore second = new BlobStore(this.root)) {
			assertThat(parts()).as("the other process lives").hasSize(1);
			assertThat(second.has(HELLO_DIGEST)).isFalse();
		}
		writer.destroyForcibly().waitFor();
		assertThat(parts()).hasSize(1);
		try (BlobStore third = new BlobStore(this.root)) {
			assertNothingIsLeft(third);
		}
	}

	@Test
	void aSecondStoreInTheSameProcessLeavesTheFirstAlone() throws IOException {
		try (BlobStore first = new BlobStore(this.root)) {
			try (BlobStore second = new BlobStore(this.root)) {
				second.put(new ByteArrayInputStream(HELLO), 5);
			}
			assertThat(first.put(new ByteArrayInputStream(HELLO), 5)).isEqualTo(HELLO_DIGEST);
		}
	}

	@Test
	void aLargeBlobIsKnownFromItsPutUntilSomebodyWritesIt() throws IOException {
		byte[] bytes = new byte[(int) HashedFiles.MIN_BYTES];
		try (BlobStore store = new BlobStore(this.root)) {
			Digest digest = store.put(new ByteArrayInputStream(bytes), bytes.length);
			assertThat(store.witness(digest).knew(digest)).isTrue();
			store.put(new ByteArrayInputStream(bytes), bytes.length);
			store.hold(digest);
			assertThat(store.witness(digest).knew(digest)).isTrue();
			HashedFiles.Witness before = store.witness(digest);
			Files.setPosixFilePermissions(store.path(digest), PosixFilePermissions.fromString("rw-r--r--"));
			try (FileChannel out = FileChannel.open(store.path(digest), StandardOpenOption.WRITE)) {
				out.write(ByteBuffer.wrap(new byte[] { 1 }), 7);
			}
			assertThat(before.unchanged()).isFalse();
			assertThat(store.witness(digest).knew(digest)).isFalse();
			// Its bytes are still the wrong ones, so that putting or holding it must not
			// make it known.
			store.hold(digest);
			assertThat(store.witness(digest).knew(digest)).isFalse();
		}
	}

	@Test
	void aBlobThatIsKnownToBeDamagedIsNotTakenForUnchanged() throws IOException {
		byte[] bytes = new byte[(int) HashedFiles.MIN_BYTES];
		try (BlobStore store = new BlobStore(this.root)) {
			Digest digest = store.put(new ByteArrayInputStream(bytes), bytes.length);
			Files.createDirectories(this.root.resolve("blobs", "damaged"));
			Files.createFile(this.root.resolve("blobs", "damaged", digest.hex()));
			assertThat(store.witness(digest).knew(digest)).isFalse();
		}
	}

	@Test
	void aSmallBlobIsHashedEachTime() throws IOException {
		try (BlobStore store = new BlobStore(this.root)) {
			store.put(new ByteArrayInputStream(HELLO), 5);
			assertThat(store.witness(HELLO_DIGEST).knew(HELLO_DIGEST)).isFalse();
		}
	}

	private void assertNothingIsLeft(BlobStore store) throws IOException {
		assertThat(parts()).isEmpty();
		List<Digest> blobs = new ArrayList<>();
		store.forEach(blobs::add);
		assertThat(blobs).isEmpty();
	}

	private List<Path> parts() throws IOException {
		try (Stream<Path> files = Files.walk(this.root)) {
			return files.filter((file) -> file.toString().endsWith(".part")).toList();
		}
	}

	static final class PutsForever {

		private PutsForever() {
		}

		public static void main(String[] arguments) throws IOException {
			BlobStore store = new BlobStore(Path.of(arguments[0]));
			store.put(new InputStream() {

				private int reads;

				@Override
				public int read() {
					throw new UnsupportedOperationException();
				}

				@Override
				public int read(byte[] bytes, int offset, int length) throws IOException {
					if (this.reads++ == 1) {
						System.out.println("writing");
						System.out.flush();
						return System.in.read();
					}
					System.arraycopy(HELLO, 0, bytes, offset, HELLO.length);
					return HELLO.length;
				}
			}, Long.MAX_VALUE);
		}

	}

	private static final class Endless extends InputStream {

		@Override
		public int read() {
			return 0;
		}

		@Override
		public int read(byte[] bytes, int offset, int length) {
			Arrays.fill(bytes, offset, offset + length, (byte) 1);
			return length;
		}

	}

	private static final class BrokenStream extends InputStream {

		@Override
		public int read() throws IOException {
			throw new IOException("connection reset");
		}

		@Override
		public int read(byte[] bytes, int offset, int length) throws IOException {
			return read();
		}

	}

	private static final class RecordingDisk implements Disk {

		private final List<String> steps = new ArrayList<>();

		private Path watched = Path.of("/nowhere");

		private void step(String name) {
			this.steps.add(name + (Files.exists(this.watched) ? ", there" : ", not there"));
		}

		@Override
		public void write(FileChannel file, ByteBuffer bytes) throws IOException {
			Disk.REAL.write(file, bytes);
			step("write");
		}

		@Override
		public void force(FileChannel file) throws IOException {
			Disk.REAL.force(file);
			step("force");
		}

		@Override
		public void rename(Path from, Path to) throws IOException {
			Disk.REAL.rename(from, to);
			step("rename");
		}

		@Override
		public void forceFolder(Path folder) throws IOException {
			Disk.REAL.forceFolder(folder);
			step("forceFolder " + folder.getFileName());
		}

	}

}
