package dev.reprise.diff.reader.archive;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;

import dev.reprise.diff.reader.bytes.NotReadException;

import org.jspecify.annotations.Nullable;

/**
 * The extended header of one member of a tar: lines of a length, a key and a value.
 */
final class Pax {

	private static final Set<String> TIMES = Set.of("mtime", "atime", "ctime");

	private final ByteArrayOutputStream rest = new ByteArrayOutputStream();

	private @Nullable String path;

	private final StringBuilder times = new StringBuilder();

	private long size = -1;

	void read(byte[] bytes) throws NotReadException {
		int at = 0;
		while (at < bytes.length) {
			int blank = at;
			while (blank < bytes.length && blank < at + 6 && bytes[blank] >= '0' && bytes[blank] <= '9') {
				blank++;
			}
			if (blank == at || blank >= bytes.length || bytes[blank] != ' ') {
				throw damaged();
			}
			int end = at + Integer.parseInt(new String(bytes, at, blank - at, StandardCharsets.US_ASCII));
			if (end <= blank + 1 || end > bytes.length || bytes[end - 1] != '\n') {
				throw damaged();
			}
			line(new String(bytes, blank + 1, end - blank - 2, StandardCharsets.UTF_8));
			at = end;
		}
	}

	private void line(String line) throws NotReadException {
		int equals = line.indexOf('=');
		String key = (equals > 0) ? line.substring(0, equals) : "";
		String value = line.substring(equals + 1);
		if (key.isEmpty() || key.startsWith("GNU.sparse")) {
			throw damaged();
		}
		if (TIMES.contains(key) && value.matches("-?[0-9]{1,15}(\\.[0-9]{0,12})?")) {
			this.times.append(key).append(' ').append(value).append(", ");
			this.rest.writeBytes((key + "\0").getBytes(StandardCharsets.UTF_8));
		}
		else if (key.equals("size") && value.matches("[0-9]{1,15}")) {
			this.size = Long.parseLong(value);
		}
		else {
			this.path = key.equals("path") ? value : this.path;
			this.rest.writeBytes((line + "\0").getBytes(StandardCharsets.UTF_8));
		}
	}

	@Nullable String path() {
		return this.path;
	}

	/** When the member was changed, and more of that kind; may be empty. */
	String times() {
		return this.times.toString();
	}

	/** Bytes of the member, or -1 where its own header says how many. */
	long size() {
		return this.size;
	}

	byte[] rest() {
		return this.rest.toByteArray();
	}

	private static NotReadException damaged() {
		return new NotReadException("an extended header of it is not read here");
	}

}
