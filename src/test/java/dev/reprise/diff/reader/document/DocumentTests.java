package dev.reprise.diff.reader.document;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

import dev.reprise.diff.reader.ContentDifference;
import dev.reprise.diff.reader.FormatFiles;
import dev.reprise.diff.reader.part.PartsComparison;
import dev.reprise.diff.reader.tensor.Tolerance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static dev.reprise.diff.reader.FormatFiles.fixture;
import static dev.reprise.diff.reader.FormatFiles.parts;
import static dev.reprise.diff.reader.FormatFiles.setApart;
import static org.assertj.core.api.Assertions.assertThat;

class DocumentTests {

	@TempDir
	Path folder;

	@Test
	void dateOfAPdfIsSetApart() throws Exception {
		PartsComparison comparison = compare("plot.pdf", fixture("plot-a.pdf"), fixture("plot-b.pdf"));
		assertThat(comparison.equalButForSetApart()).isTrue();
		assertThat(setApart(comparison)).containsExactly("/CreationDate");
	}

	@Test
	void objectsOfAPdfThatDifferAreNamed() throws Exception {
		PartsComparison comparison = compare("plot.pdf", fixture("plot-a.pdf"), fixture("plot-c.pdf"));
		assertThat(comparison.parts()).isNotEmpty()
			.allSatisfy((part) -> assertThat(part.part()).matches("object .*|the cross-reference table"));
		assertThat(comparison.equalButForSetApart()).isFalse();
	}

	@Test
	void dateElsewhereInAPdfIsNoDateOfIt() throws Exception {
		byte[] left = pdf("D:20260101000000Z", "/CreationDate (D:20260101000000Z)");
		byte[] right = pdf("D:20260101000000Z", "/CreationDate (D:20260202000000Z)");
		PartsComparison comparison = compare("a.pdf", left, right);
		assertThat(comparison.setApart()).isEmpty();
		assertThat(comparison.parts()).extracting("part").containsExactly("object 1 0");
		assertThat(compare("a.pdf", pdf("D:20260101000000Z", "x"), pdf("D:20270101000000Z", "x")).equalButForSetApart())
			.isTrue();
		assertThat(compare("a.pdf", pdf("D:20260101000000Z", "x"), pdf("hidden 0.12345678", "x")).equalButForSetApart())
			.isFalse();
		assertThat(compare("a.pdf", pdf("D:20260101000000Z", "2 0 obj <<>> endobj\n2 0 obj"),
				pdf("D:20270101000000Z", "2 0 obj <<>> endobj\n2 0 obj"))
			.setApart()).isEmpty();
	}

	@Test
	void pdfThatIsCutShortIsNotRead() throws Exception {
		byte[] whole = fixture("plot-b.pdf");
		assertThat(compare("plot.pdf", fixture("plot-a.pdf"), Arrays.copyOf(whole, whole.length - 20)).notRead())
			.contains("no whole PDF");
	}

	@Test
	void textsOfAPngAreSetApart() throws Exception {
		PartsComparison comparison = compare("plot.png", fixture("plot-a.png"), fixture("plot-b.png"));
		assertThat(comparison.equalButForSetApart()).isTrue();
		assertThat(comparison.setApartInWords())
			.isEqualTo("chunk tEXt Creation Time (\"plot-a\" on the left, \"plot-b\" on the right)");
	}

	@Test
	void pixelsThatDifferAreCounted() throws Exception {
		PartsComparison comparison = compare("plot.png", fixture("plot-a.png"), fixture("plot-c.png"));
		assertThat(comparison.parts()).singleElement()
			.satisfies((part) -> assertThat(part.part())
				.matches("pixels: \\d+ of 256 differ, first in column \\d+, row \\d+"));
		byte[] black = png(2, 1, new byte[] { 0, 10, 20 }, 9);
		assertThat(parts(compare("a.png", black, png(2, 1, new byte[] { 0, 10, 21 }, 9))))
			.containsExactly("pixels: 1 of 2 differ, first in column 1, row 0: 14 | 15");
		// Filter 1 adds the pixel before: the same two pixels.
		assertThat(compare("a.png", black, png(2, 1, new byte[] { 1, 10, 10 }, 9)).otherLayout()).isTrue();
		byte[] many = new byte[2001];
		Arrays.fill(many, 1, 2001, (byte) 7);
		PartsComparison packed = compare("a.png", png(2000, 1, many, 0), png(2000, 1, many, 9));
		assertThat(packed.parts()).isEmpty();
		assertThat(packed.equalButForSetApart()).isFalse();
		assertThat(packed.otherLayout()).isTrue();
	}

	@Test
	void pngThatIsDamagedOrUnpacksToTooMuchIsNotRead() throws Exception {
		byte[] good = png(2, 1, new byte[3], 9);
		byte[] damaged = good.clone();
		damaged[20]++;
		assertThat(compare("a.png", good, damaged).notRead()).contains("checksum");
		assertThat(compare("a.png", good, Arrays.copyOf(good, good.length - 5)).notRead()).contains("cut short");
		assertThat(compare("a.png", good, Arrays.copyOf(good, good.length + 12)).notRead()).contains("follow its end");
		byte[] bomb = png(1 << 20, 1 << 20, new byte[100], 9);
		assertThat(compare("a.png", bomb, png(1 << 20, 1 << 20, new byte[101], 9)).notRead())
			.contains("unpacks to more than");
	}

	@Test
	void datesAndRandomNamesOfMatplotlibsSvgAreSetApart() throws Exception {
		PartsComparison comparison = compare("plot.svg", fixture("plot-a.svg"), fixture("plot-b.svg"));
		assertThat(comparison.equalButForSetApart()).isTrue();
		assertThat(setApart(comparison)).containsExactly("dc:date", "names drawn at random, svg.hashsalt is not set");
	}

	@Test
	void svgThatDiffersOtherwiseIsShownAsText() throws Exception {
		ContentDifference difference = FormatFiles.difference(this.folder, "plot.svg", fixture("plot-a.svg"),
				fixture("plot-c.svg"), Tolerance.NONE);
		assertThat(difference.equalBut()).isNull();
		assertThat(difference.text()).isNotNull();
		String other = new String(fixture("plot-b.svg"), StandardCharsets.UTF_8).replaceFirst("url\\(#p[0-9a-f]{10}",
				"url(#p0123456789");
		assertThat(FormatFiles
			.difference(this.folder, "plot.svg", fixture("plot-a.svg"), FormatFiles.text(other), Tolerance.NONE)
			.equalBut()).isNull();
	}

	private PartsComparison compare(String name, byte[] left, byte[] right) throws Exception {
		return FormatFiles.compare(this.folder, name, left, right);
	}

	private static byte[] pdf(String date, String content) {
		return ("%PDF-1.4\n1 0 obj\n<< >>\nstream\n" + content + "\nendstream\nendobj\n2 0 obj\n<< /CreationDate ("
				+ date + ") >>\nendobj\nxref\n0 3\ntrailer\n<< /Size 3 /Info 2 0 R >>\nstartxref\n99\n%%EOF\n")
			.getBytes(StandardCharsets.ISO_8859_1);
	}

	private static byte[] png(int width, int height, byte[] rows, int level) throws Exception {
		ByteArrayOutputStream packed = new ByteArrayOutputStream();
		try (DeflaterOutputStream out = new DeflaterOutputStream(packed, new Deflater(level))) {
			out.write(rows);
		}
		ByteArrayOutputStream png = new ByteArrayOutputStream();
		png.writeBytes(new byte[] { (byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n' });
		png.writeBytes(chunk("IHDR",
				ByteBuffer.allocate(13).putInt(width).putInt(height).put(new byte[] { 8, 0, 0, 0, 0 }).array()));
		png.writeBytes(chunk("IDAT", packed.toByteArray()));
		png.writeBytes(chunk("IEND", new byte[0]));
		return png.toByteArray();
	}

	private static byte[] chunk(String type, byte[] data) {
		CRC32 crc = new CRC32();
		crc.update(type.getBytes(StandardCharsets.US_ASCII));
		crc.update(data);
		return ByteBuffer.allocate(12 + data.length)
			.putInt(data.length)
			.put(type.getBytes(StandardCharsets.US_ASCII))
			.put(data)
			.putInt((int) crc.getValue())
			.array();
	}

}
