package dev.reprise.diff.reader.archive;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import dev.reprise.artifact.Digest;
import dev.reprise.diff.reader.bytes.NotReadException;
import dev.reprise.diff.reader.part.Findings;
import dev.reprise.diff.reader.part.Nested;

/**
 * Compares two tars that may be packed: first by digests, then, where their members come
 * in one order, those that differ by their own formats.
 */
final class Tars {

	private final Source left;

	private final Source right;

	private final Nested nested;

	private final Findings findings;

	Tars(Source left, Source right, Nested nested, Findings findings) {
		this.left = left;
		this.right = right;
		this.nested = nested;
		this.findings = findings;
	}

	/**
	 * Opens the tar from its beginning.
	 */
	@FunctionalInterface
	interface Source {

		InputStream open() throws IOException;

	}

	/** What a tar holds, and the zeros behind it. */
	private record Contents(List<Member> members, long zeros) {
	}

	void compare() throws IOException {
		Contents a = contents(this.left);
		Contents b = contents(this.right);
		Set<String> differing = Members.compare(a.members(), b.members(), this.findings);
		if (a.zeros() != b.zeros()) {
			this.findings.otherLayout();
		}
		if (!differing.isEmpty()) {
			boolean inOrder = a.members()
				.stream()
				.map(Member::name)
				.toList()
				.equals(b.members().stream().map(Member::name).toList());
			if (inOrder) {
				members(differing);
			}
			else {
				differing.stream()
					.sorted()
					.forEach((name) -> this.findings.differs(name, shown(a, name), shown(b, name)));
			}
		}
	}

	private static String shown(Contents contents, String name) {
		return contents.members()
			.stream()
			.filter((member) -> member.name().equals(name))
			.map(Member::shown)
			.findFirst()
			.orElse("");
	}

	private static Contents contents(Source source) throws IOException {
		try (InputStream in = new BufferedInputStream(source.open(), 1 << 16)) {
			TarStream tar = new TarStream(in);
			List<Member> members = new ArrayList<>();
			byte[] buffer = new byte[1 << 16];
			TarStream.Header header = tar.next();
			while (header != null) {
				if (members.size() == Member.MAX_COUNT || header.name().length() > Member.MAX_NAME) {
					throw new NotReadException("it has more than " + Member.MAX_COUNT
							+ " members, or a name longer than " + Member.MAX_NAME);
				}
				MessageDigest sha256 = Digest.sha256();
				int read = tar.read(buffer, 0, buffer.length);
				while (read >= 0) {
					sha256.update(buffer, 0, read);
					read = tar.read(buffer, 0, buffer.length);
				}
				members.add(new Member(header.name(), header.size(), Digest.of(sha256).value(), header.rest(),
						header.time()));
				header = tar.next();
			}
			return new Contents(members, tar.zeros());
		}
	}

	private void members(Set<String> differing) throws IOException {
		try (InputStream a = new BufferedInputStream(this.left.open(), 1 << 16);
				InputStream b = new BufferedInputStream(this.right.open(), 1 << 16)) {
			TarStream onLeft = new TarStream(a);
			TarStream onRight = new TarStream(b);
			TarStream.Header x = onLeft.next();
			TarStream.Header y = onRight.next();
			while (x != null && y != null) {
				if (differing.contains(x.name())) {
					member(x, onLeft, y, onRight);
				}
				x = onLeft.next();
				y = onRight.next();
			}
		}
	}

	private void member(TarStream.Header x, TarStream a, TarStream.Header y, TarStream b) throws IOException {
		if (Math.max(x.size(), y.size()) > Nested.MAX_HELD) {
			this.findings.differs(x.name(), x.size() + " bytes", y.size() + " bytes");
			return;
		}
		this.nested.compare(x.name(), all(a, x.size()), all(b, y.size()), this.findings);
	}

	private static byte[] all(TarStream tar, long size) throws IOException {
		byte[] bytes = new byte[(int) size];
		int done = 0;
		while (done < bytes.length) {
			done += tar.read(bytes, done, bytes.length - done);
		}
		return bytes;
	}

}
