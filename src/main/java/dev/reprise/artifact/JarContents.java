package dev.reprise.artifact;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Looks for a few entries of a jar that a client sent, within bounds.
 */
public final class JarContents {

	private static final int MAX_ENTRIES = 200_000;

	private static final int MAX_BYTES = 64 * 1024;

	private JarContents() {
	}

	/**
	 * The bytes of those entries that are there.
	 * @param jar a file
	 * @param names of entries; of each 64 KiB are read
	 * @throws BadArchiveException if it is no jar that is read
	 * @throws IOException if it cannot be read
	 */
	public static Map<String, byte[]> find(Path jar, Set<String> names) throws IOException {
		Map<String, byte[]> found = new HashMap<>();
		try (FileChannel file = FileChannel.open(jar)) {
			ZipReader reader = new ZipReader(file);
			if (reader.count() > MAX_ENTRIES) {
				throw new BadArchiveException("it has more than " + MAX_ENTRIES + " entries");
			}
			for (ZipReader.@Nullable Entry entry = reader.next(); entry != null; entry = reader.next()) {
				if (names.contains(entry.name())) {
					try (InputStream in = reader.open(entry)) {
						found.putIfAbsent(entry.name(), in.readNBytes(MAX_BYTES));
					}
				}
			}
		}
		return found;
	}

}
