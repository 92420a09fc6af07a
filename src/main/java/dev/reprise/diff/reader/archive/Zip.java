package dev.reprise.diff.reader.archive;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.Checksum;

import dev.reprise.artifact.Digest;
import dev.reprise.diff.reader.bytes.Extent;
import dev.reprise.diff.reader.bytes.JobFile;
import dev.reprise.diff.reader.bytes.LittleEndian;
import dev.reprise.diff.reader.bytes.NotReadException;
import dev.reprise.diff.reader.part.Findings;
import dev.reprise.diff.reader.part.Nested;
import dev.reprise.diff.reader.part.PartReader;
import dev.reprise.diff.reader.zip.ZipDirectory;
import dev.reprise.diff.reader.zip.ZipEntry;

import org.jspecify.annotations.Nullable;

/**
 * Reads zip: by member, the times of members apart.
 */
public final class Zip implements PartReader {

	private static final int END = 22;

	/** Bytes of the checksum and the sizes that may follow a member. */
	private static final int DESCRIPTOR = 16;

	private static final int DESCRIPTOR_64 = 24;

	private final Nested nested;

	public Zip(Nested nested) {
		this.nested = nested;
	}

	@Override
	public boolean reads(String name, byte[] head) {
		return ZipDirectory.begins(head);
	}

	@Override
	public void compare(JobFile left, JobFile right, Findings findings) throws IOException {
		List<ZipEntry> a = ZipDirectory.read(left).entries();
		List<ZipEntry> b = ZipDirectory.read(right).entries();
		Set<String> differing = Members.compare(members(a), members(b), findings);
		if (!accounted(left, a) || !accounted(right, b)) {
			findings.otherLayout();
		}
		Map<String, ZipEntry> others = new HashMap<>();
		b.forEach((entry) -> others.put(entry.name(), entry));
		for (ZipEntry entry : a) {
			ZipEntry other = others.get(entry.name());
			if (other == null) {
				continue;
			}
			if (differing.contains(entry.name())) {
				member(entry, other, findings);
			}
			else if (!digest(entry.packed(), new CRC32()).equals(digest(other.packed(), new CRC32()))) {
				findings.otherLayout();
			}
		}
	}

	private void member(ZipEntry a, ZipEntry b, Findings findings) throws IOException {
		if (Math.max(a.size(), b.size()) > Nested.MAX_HELD) {
			findings.differs(a.name(), a.size() + " bytes", b.size() + " bytes");
		}
		else {
			this.nested.compare(a.name(), a.content().bytes(Nested.MAX_HELD, a.name()),
					b.content().bytes(Nested.MAX_HELD, b.name()), findings);
		}
	}

	private static List<Member> members(List<ZipEntry> entries) throws IOException {
		if (entries.size() > Member.MAX_COUNT) {
			throw new NotReadException("it has more than " + Member.MAX_COUNT + " members");
		}
		List<Member> members = new ArrayList<>();
		for (ZipEntry entry : entries) {
			if (entry.name().length() > Member.MAX_NAME) {
				throw new NotReadException("a name in it is longer than " + Member.MAX_NAME);
			}
			members.add(new Member(entry.name(), entry.size(), checked(entry),
					Digest
						.of((entry.header().rest() + "|" + entry.own().rest())
							.getBytes(java.nio.charset.StandardCharsets.UTF_8))
						.value(),
					entry.header().times().equals(entry.own().times()) ? entry.header().times()
							: entry.header().times() + ", in its own header " + entry.own().times()));
		}
		return members;
	}

	private static String checked(ZipEntry entry) throws IOException {
		CRC32 crc = new CRC32();
		String digest = digest(entry.content(), crc);
		if (crc.getValue() != entry.crc()) {
			throw new NotReadException("an entry does not have the checksum that the directory gives");
		}
		return digest;
	}

	private static String digest(Extent extent, Checksum checksum) throws IOException {
		MessageDigest sha256 = Digest.sha256();
		byte[] buffer = new byte[1 << 16];
		try (InputStream in = extent.open()) {
			int read = in.read(buffer, 0, buffer.length);
			while (read >= 0) {
				sha256.update(buffer, 0, read);
				checksum.update(buffer, 0, read);
				read = in.read(buffer, 0, buffer.length);
			}
		}
		return Digest.of(sha256).value();
	}

	/**
	 * Whether nothing stands before, between and behind the members but what describes
	 * them; otherwise the files may differ where nobody looks.
	 */
	private static boolean accounted(JobFile file, List<ZipEntry> entries) throws NotReadException {
		byte[] end = file.read(file.size() - END, END);
		long directory = LittleEndian.four(end, 16);
		if (LittleEndian.four(end, 0) != 0x06054B50L || directory + LittleEndian.four(end, 12) + END != file.size()) {
			return false;
		}
		List<ZipEntry> placed = new ArrayList<>(entries);
		placed.sort(Comparator.comparingLong(ZipEntry::offset));
		long at = 0;
		ZipEntry before = null;
		for (ZipEntry entry : placed) {
			if (!describes(file, at, entry.offset(), before)) {
				return false;
			}
			at = entry.packed().position() + entry.packed().size();
			before = entry;
		}
		return describes(file, at, directory, before);
	}

	/** Whether the bytes are none, or say again what the directory says of an entry. */
	private static boolean describes(JobFile file, long from, long to, @Nullable ZipEntry entry)
			throws NotReadException {
		if (to == from || entry == null || (to - from != DESCRIPTOR && to - from != DESCRIPTOR_64)) {
			return to == from;
		}
		byte[] bytes = file.read(from, (int) (to - from));
		boolean wide = bytes.length == DESCRIPTOR_64;
		return LittleEndian.four(bytes, 0) == 0x08074B50L && LittleEndian.four(bytes, 4) == entry.crc()
				&& (wide ? LittleEndian.eight(bytes, 8) : LittleEndian.four(bytes, 8)) == entry.packed().size()
				&& (wide ? LittleEndian.eight(bytes, 16) : LittleEndian.four(bytes, 12)) == entry.size();
	}

}
