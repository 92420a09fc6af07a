package dev.reprise.artifact;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.Zip64Mode;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ArchivesTests {

	private static final Bounds SMALL = new Bounds(1000, 64 << 20, 32 << 20, 200);

	@TempDir
	Path folder;

	@ParameterizedTest
	@EnumSource
	void filesFoldersAndTheOwnersExecuteBitAreUnpacked(Form form) throws IOException {
		Path archive = form.pack(this.folder, (out) -> {
			out.folder("./");
			out.folder("./pkg/");
			out.file("./train.py", 0644, "print()");
			out.file("pkg/tool.sh", 0777, "#!/bin/sh");
			out.file("deep/er/größe-模型.txt", 0600, "x");
			out.file("__MACOSX/._train.py", 0644, "junk");
			out.file("a?/why?", 0644, "?");
		});
		Archives.unpack(archive, target(), SMALL);
		assertThat(unpacked()).containsExactly("644 __MACOSX/._train.py", "644 a?/why?", "644 deep/er/größe-模型.txt",
				"755 pkg/tool.sh", "644 train.py");
		assertThat(target().resolve("train.py")).hasContent("print()");
	}

	@ParameterizedTest
	@EnumSource
	void namesThatClimbAreRefused(Form form) throws IOException {
		for (String name : List.of("../out.txt", "a/../../out.txt", "/etc/out.txt", "a//b", "a/./b", "a\\..\\b",
				"line\nbreak", "n".repeat(256), "a/".repeat(600) + "b", "././../out.txt")) {
			assertRefused(form.pack(this.folder, (out) -> {
				out.file("first.txt", 0644, "1");
				out.file(name, 0644, "bad");
			}), "the entry '");
		}
	}

	@ParameterizedTest
	@EnumSource
	void aLinkIsRefusedByName(Form form) throws IOException {
		assertRefused(form.pack(this.folder, (out) -> out.link("innocent", "/etc")), "'innocent'", "symbolic link");
	}

	@ParameterizedTest
	@EnumSource
	void oneNameTwiceIsRefused(Form form) throws IOException {
		assertRefused(form.pack(this.folder, (out) -> {
			out.file("a", 0644, "1");
			out.file("./a", 0644, "2");
		}), "two entries of this name");
		assertRefused(form.pack(this.folder, (out) -> {
			out.file("a", 0644, "1");
			out.file("a/b", 0644, "2");
		}), "a file and a folder");
		assertRefused(form.pack(this.folder, (out) -> {
			out.file("a/b", 0644, "1");
			out.file("a", 0644, "2");
		}), "two entries of this name");
	}

	@ParameterizedTest
	@EnumSource
	void whatUnpacksToFarMoreThanItsSizeIsRefused(Form form) throws IOException {
		Path bomb = form.pack(this.folder, (out) -> out.zeros("zeros", 30 << 20));
		if (form == Form.TAR) {
			Archives.unpack(bomb, target(), SMALL);
		}
		else {
			assertRefused(bomb, "200 times its size");
		}
	}

	@ParameterizedTest
	@EnumSource
	void boundsOnEntriesAndBytesHold(Form form) throws IOException {
		Path three = form.pack(this.folder, (out) -> {
			out.file("a", 0644, "12345");
			out.file("b", 0644, "12345");
			out.file("c", 0644, "12345");
		});
		assertRefused(three, new Bounds(2, 100, 100, 200), "more than 2 entries");
		assertRefused(three, new Bounds(3, 14, 100, 200), "more than 14 bytes");
		assertRefused(three, new Bounds(3, 100, 4, 200), "'a'", "more than 4 bytes");
	}

	@Test
	void aZipOfAMillionEntriesIsRefusedUnread() throws IOException {
		ByteBuffer record = ByteBuffer.allocate(47).order(ByteOrder.LITTLE_ENDIAN);
		record.putInt(0, 0x02014b50).putShort(28, (short) 1).put(46, (byte) 'a');
		ByteBuffer end = ByteBuffer.allocate(56 + 20 + 22).order(ByteOrder.LITTLE_ENDIAN);
		end.putInt(0, 0x06064b50).putLong(32, 1_000_000);
		end.putInt(56, 0x07064b50).putLong(56 + 8, 47_000_000);
		end.putInt(76, 0x06054b50).putShort(76 + 10, (short) 0xffff).putInt(76 + 16, 0xffffffff);
		Path zip = this.folder.resolve("million.zip");
		try (OutputStream out = new java.io.BufferedOutputStream(Files.newOutputStream(zip))) {
			for (int i = 0; i < 1_000_000; i++) {
				out.write(record.array());
			}
			out.write(end.array());
		}
		try (FileChannel file = FileChannel.open(zip)) {
			assertThat(new ZipReader(file).count()).isEqualTo(1_000_000);
		}
		byte[] bytes = Files.readAllBytes(zip);
		bytes[2] = 3;
		bytes[3] = 4;
		assertRefused(Files.write(zip, bytes), Bounds.DEFAULT, "more than 100000 entries");
	}

	@Test
	void aTarOfAMillionEntriesIsRefusedEarly() throws IOException {
		byte[] header = new byte[512];
		new TarArchiveEntry("a/").writeEntryHeader(header);
		Path tar = this.folder.resolve("million.tar.gz");
		try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(tar))) {
			for (int i = 0; i < 1_000_000; i++) {
				out.write(header);
			}
		}
		assertRefused(tar, new Bounds(100_000, 1L << 40, 1L << 40, 200), "more than 100000 entries");
	}

	@Test
	void aZipThatHidesEntriesBehindItsCountIsRefused() throws IOException {
		byte[] bytes = Files.readAllBytes(Form.ZIP.pack(this.folder, (out) -> {
			out.file("a", 0644, "1");
			out.file("b", 0644, "2");
		}));
		bytes[lastIndexOf(bytes, new byte[] { 'P', 'K', 5, 6 }) + 10] = 1;
		assertRefused(Files.write(this.folder.resolve("hidden.zip"), bytes), "damaged");
	}

	@ParameterizedTest
	@EnumSource
	void anArchiveCutShortIsRefusedWhereverItIsCut(Form form) throws IOException {
		byte[] whole = Files.readAllBytes(form.pack(this.folder, (out) -> {
			out.file("a.txt", 0644, "some text that is long enough to be cut");
			out.file("b.txt", 0644, "and some more");
		}));
		int end = (form == Form.TAR) ? 1500 : whole.length - 1;
		for (int length = 0; length <= end; length += 13) {
			Path cut = Files.write(this.folder.resolve("cut"), java.util.Arrays.copyOf(whole, length));
			assertRefused(cut, "");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "ZIP", "TAR_GZ" })
	void aWrongChecksumIsRefused(Form form) throws IOException {
		byte[] bytes = Files.readAllBytes(form.pack(this.folder, (out) -> out.file("a.txt", 0644, "text")));
		if (form == Form.ZIP) {
			int central = lastIndexOf(bytes, new byte[] { 'P', 'K', 1, 2 });
			bytes[central + 16] ^= 1;
		}
		else {
			bytes[bytes.length - 8] ^= 1;
		}
		assertRefused(Files.write(this.folder.resolve("wrong"), bytes), "");
	}

	@ParameterizedTest
	@ValueSource(bytes = { TarConstants.LF_LINK, TarConstants.LF_SYMLINK, TarConstants.LF_CHR, TarConstants.LF_BLK,
			TarConstants.LF_FIFO, TarConstants.LF_GNUTYPE_SPARSE, 'M', 'V' })
	void inATarOnlyFilesAndFoldersAreTaken(byte type) throws IOException {
		assertRefused(Form.TAR_GZ.pack(this.folder, (out) -> out.special("odd", type)), "");
	}

	@Test
	void inAZipOnlyFilesAndFoldersAreTaken() throws IOException {
		for (int type : new int[] { 0120777, 0010644, 0020644, 0060644, 0140644 }) {
			Path zip = this.folder.resolve("special.zip");
			try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(zip)) {
				ZipArchiveEntry entry = new ZipArchiveEntry("odd");
				entry.setUnixMode(type);
				out.putArchiveEntry(entry);
				out.closeArchiveEntry();
			}
			assertRefused(zip, "'odd'");
		}
	}

	@Test
	void aLongNameThatFillsTheMemoryIsRefused() throws IOException {
		Path tar = this.folder.resolve("long.tar.gz");
		try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(tar))) {
			byte[] header = new byte[512];
			TarArchiveEntry entry = new TarArchiveEntry("././@LongLink", TarConstants.LF_GNUTYPE_LONGNAME);
			entry.setSize(1L << 31);
			entry.writeEntryHeader(header);
			out.write(header);
			byte[] name = new byte[1 << 20];
			java.util.Arrays.fill(name, (byte) 'n');
			for (int i = 0; i < 16; i++) {
				out.write(name);
			}
		}
		assertRefused(tar, "headers of more than");
	}

	@Test
	void namesInAnotherEncodingAreRefused() throws IOException {
		Path tar = this.folder.resolve("latin.tar");
		try (TarArchiveOutputStream out = new TarArchiveOutputStream(Files.newOutputStream(tar), "ISO-8859-1")) {
			out.putArchiveEntry(new TarArchiveEntry("größe"));
			out.closeArchiveEntry();
		}
		assertRefused(tar, "not UTF-8");
		Path zip = this.folder.resolve("latin.zip");
		try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip), StandardCharsets.ISO_8859_1)) {
			out.putNextEntry(new ZipEntry("größe"));
		}
		assertRefused(zip, "not UTF-8");
	}

	@Test
	void overlappingEntriesOfAZipAreBoundedByTheTotal() throws IOException {
		Path zip = this.folder.resolve("overlap.zip");
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (ZipOutputStream out = new ZipOutputStream(bytes)) {
			out.putNextEntry(new ZipEntry("a"));
			out.write(new byte[1 << 20]);
		}
		byte[] one = bytes.toByteArray();
		int central = lastIndexOf(one, new byte[] { 'P', 'K', 1, 2 });
		int end = lastIndexOf(one, new byte[] { 'P', 'K', 5, 6 });
		ByteArrayOutputStream many = new ByteArrayOutputStream();
		many.write(one, 0, central);
		for (int i = 0; i < 50; i++) {
			byte[] copy = java.util.Arrays.copyOfRange(one, central, end);
			copy[46] = (byte) ('A' + i);
			many.write(copy);
		}
		byte[] tail = java.util.Arrays.copyOfRange(one, end, one.length);
		tail[10] = 50;
		many.write(tail);
		Files.write(zip, many.toByteArray());
		assertRefused(zip, "200 times its size");
	}

	@Test
	void aZipThatLiesAboutASizeIsRefused() throws IOException {
		byte[] bytes = Files.readAllBytes(Form.ZIP.pack(this.folder, (out) -> out.file("a", 0644, "12345678")));
		int central = lastIndexOf(bytes, new byte[] { 'P', 'K', 1, 2 });
		bytes[central + 24] = 4;
		assertRefused(Files.write(this.folder.resolve("lie.zip"), bytes), "length or the checksum");
	}

	@Test
	void aZipWithWideFieldsIsRead() throws IOException {
		Path zip = this.folder.resolve("wide.zip");
		try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(zip)) {
			out.setUseZip64(Zip64Mode.AlwaysWithCompatibility);
			out.putArchiveEntry(new ZipArchiveEntry("a.txt"));
			out.write("wide".getBytes(StandardCharsets.UTF_8));
			out.closeArchiveEntry();
		}
		Archives.unpack(zip, target(), SMALL);
		assertThat(target().resolve("a.txt")).hasContent("wide");
	}

	@Test
	void anEncryptedZipIsRefused() throws IOException {
		byte[] bytes = Files.readAllBytes(Form.ZIP.pack(this.folder, (out) -> out.file("a", 0644, "secret")));
		bytes[lastIndexOf(bytes, new byte[] { 'P', 'K', 1, 2 }) + 8] |= 1;
		assertRefused(Files.write(this.folder.resolve("locked.zip"), bytes), "encrypted");
	}

	@Test
	void whatIsNoArchiveIsRefusedWithTheMend() throws IOException {
		assertRefused(Files.writeString(this.folder.resolve("text"), "no archive"), "pack it as one of these");
		assertRefused(Files.writeString(this.folder.resolve("nothing"), ""), "pack it as one of these");
	}

	@Test
	void anEmptyZipIsAnEmptyTree() throws IOException {
		Archives.unpack(Form.ZIP.pack(this.folder, (out) -> {
		}), target(), SMALL);
		assertThat(unpacked()).isEmpty();
	}

	@Test
	void whatIsThereIsNotUnpackedOver() throws IOException {
		Path archive = Form.ZIP.pack(this.folder, (out) -> out.file("a", 0644, "1"));
		Files.createDirectories(target());
		assertThatIllegalArgumentException().isThrownBy(() -> Archives.unpack(archive, target(), SMALL));
	}

	private static int lastIndexOf(byte[] bytes, byte[] wanted) {
		return new String(bytes, StandardCharsets.ISO_8859_1)
			.lastIndexOf(new String(wanted, StandardCharsets.ISO_8859_1));
	}

	private Path target() {
		return this.folder.resolve("into", "target");
	}

	private List<String> unpacked() throws IOException {
		try (Stream<Path> files = Files.walk(target())) {
			return files.filter(Files::isRegularFile)
				.map((file) -> (isExecutable(file) ? "755 " : "644 ") + target().relativize(file))
				.sorted(java.util.Comparator.comparing((String line) -> line.substring(4)))
				.toList();
		}
	}

	private static boolean isExecutable(Path file) {
		try {
			String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
			assertThat(mode).isIn("rwxr-xr-x", "rw-r--r--");
			return mode.equals("rwxr-xr-x");
		}
		catch (IOException ex) {
			throw new java.io.UncheckedIOException(ex);
		}
	}

	private void assertRefused(Path archive, String... says) throws IOException {
		assertRefused(archive, SMALL, says);
	}

	private void assertRefused(Path archive, Bounds bounds, String... says) throws IOException {
		assertThatExceptionOfType(BadArchiveException.class)
			.isThrownBy(() -> Archives.unpack(archive, target(), bounds))
			.satisfies((ex) -> assertThat(ex.getMessage()).contains(says).doesNotContain("\n", this.folder.toString()));
		try (Stream<Path> left = Files.list(this.folder.resolve("into"))) {
			assertThat(left).isEmpty();
		}
		try (Stream<Path> beside = Files.walk(this.folder)) {
			assertThat(beside.map((path) -> path.getFileName().toString())).doesNotContain("out.txt");
		}
	}

	interface Packing {

		void folder(String name) throws IOException;

		void file(String name, int mode, String content) throws IOException;

		void link(String name, String to) throws IOException;

		void zeros(String name, int size) throws IOException;

		void special(String name, byte type) throws IOException;

	}

	@FunctionalInterface
	interface Content {

		void pack(Packing out) throws IOException;

	}

	enum Form {

		ZIP, TAR, TAR_GZ;

		Path pack(Path folder, Content content) throws IOException {
			Path file = folder.resolve("archive." + this);
			if (this == ZIP) {
				try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(file)) {
					content.pack(new Zip(out));
				}
				return file;
			}
			try (OutputStream raw = new java.io.BufferedOutputStream(Files.newOutputStream(file));
					OutputStream packed = (this == TAR_GZ) ? new GZIPOutputStream(raw) : raw;
					TarArchiveOutputStream out = new TarArchiveOutputStream(packed, "UTF-8")) {
				out.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
				out.setAddPaxHeadersForNonAsciiNames(true);
				content.pack(new Tar(out));
			}
			return file;
		}

	}

	private record Zip(ZipArchiveOutputStream out) implements Packing {

		@Override
		public void folder(String name) throws IOException {
			this.out.putArchiveEntry(new ZipArchiveEntry(name));
			this.out.closeArchiveEntry();
		}

		@Override
		public void file(String name, int mode, String content) throws IOException {
			entry(name, 0100000 | mode, content.getBytes(StandardCharsets.UTF_8));
		}

		@Override
		public void link(String name, String to) throws IOException {
			entry(name, 0120777, to.getBytes(StandardCharsets.UTF_8));
		}

		@Override
		public void zeros(String name, int size) throws IOException {
			entry(name, 0100644, new byte[size]);
		}

		@Override
		public void special(String name, byte type) {
			throw new UnsupportedOperationException();
		}

		private void entry(String name, int mode, byte[] bytes) throws IOException {
			ZipArchiveEntry entry = new ZipArchiveEntry(name);
			entry.setUnixMode(mode);
			this.out.putArchiveEntry(entry);
			this.out.write(bytes);
			this.out.closeArchiveEntry();
		}

	}

	private record Tar(TarArchiveOutputStream out) implements Packing {

		@Override
		public void folder(String name) throws IOException {
			this.out.putArchiveEntry(new TarArchiveEntry(name));
			this.out.closeArchiveEntry();
		}

		@Override
		public void file(String name, int mode, String content) throws IOException {
			entry(name, mode, content.getBytes(StandardCharsets.UTF_8));
		}

		@Override
		public void link(String name, String to) throws IOException {
			TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
			entry.setLinkName(to);
			this.out.putArchiveEntry(entry);
			this.out.closeArchiveEntry();
		}

		@Override
		public void zeros(String name, int size) throws IOException {
			entry(name, 0644, new byte[size]);
		}

		@Override
		public void special(String name, byte type) throws IOException {
			this.out.putArchiveEntry(new TarArchiveEntry(name, type));
			this.out.closeArchiveEntry();
		}

		private void entry(String name, int mode, byte[] bytes) throws IOException {
			TarArchiveEntry entry = new TarArchiveEntry(name, true);
			entry.setMode(mode);
			entry.setSize(bytes.length);
			this.out.putArchiveEntry(entry);
			this.out.write(bytes);
			this.out.closeArchiveEntry();
		}

	}

}
