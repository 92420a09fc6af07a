package dev.reprise.diff.reader.tensor.torch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import dev.reprise.diff.reader.bytes.Extent;
import dev.reprise.diff.reader.bytes.InMemory;
import dev.reprise.diff.reader.bytes.JobFile;
import dev.reprise.diff.reader.bytes.NotReadException;
import dev.reprise.diff.reader.bytes.PlainText;
import dev.reprise.diff.reader.pickle.Pickle;
import dev.reprise.diff.reader.pickle.PickleInput;
import dev.reprise.diff.reader.zip.ZipDirectory;
import dev.reprise.diff.reader.zip.ZipEntry;

/**
 * What {@code torch.save} writes since version 1.6: a zip of one folder that holds a
 * pickle, {@code data.pkl}, and each storage under its number in {@code data/}. Whatever
 * else it holds must be known too.
 *
 * @see <a href=
 * "https://docs.pytorch.org/docs/stable/notes/serialization.html">serialization
 * semantics</a>
 */
final class TorchZip implements Beside {

	private static final String PICKLE = "/data.pkl";

	private static final int MAX_PACKED_PICKLE = 32 * 1024 * 1024;

	/** About the file, not about what is saved in it. */
	private static final Set<String> ABOUT = Set.of("version", ".format_version", ".storage_alignment", "byteorder",
			".data/serialization_id");

	private final Map<String, ZipEntry> storages = new HashMap<>();

	private final Set<String> used = new HashSet<>();

	private final boolean bigEndian;

	private final Extent pickle;

	private TorchZip(ZipDirectory directory) throws IOException {
		String folder = folder(directory);
		boolean big = false;
		Extent found = null;
		for (ZipEntry entry : directory.entries()) {
			String name = entry.name().startsWith(folder) ? entry.name().substring(folder.length()) : "";
			if (name.equals("data.pkl")) {
				found = entry.content();
			}
			else if (name.startsWith("data/") && name.length() > 5) {
				this.storages.put(name.substring(5), entry);
			}
			else if (name.equals("constants.pkl") || name.startsWith("code/")) {
				throw new NotReadException("it is a program of TorchScript, which is not read here");
			}
			else if (name.equals("byteorder")) {
				big = bigEndian(new String(entry.content().bytes(16, "its byte order"), StandardCharsets.UTF_8));
			}
			else if (!ABOUT.contains(name)) {
				throw new NotReadException(
						"it holds " + PlainText.of(entry.name(), 200) + ", which torch.save does not write");
			}
		}
		if (found == null) {
			throw new NotReadException("it is a zip without data.pkl");
		}
		this.pickle = found.direct() ? found : new InMemory(found.bytes(MAX_PACKED_PICKLE, "its pickle"));
		this.bigEndian = big;
	}

	private static String folder(ZipDirectory directory) throws NotReadException {
		String folder = null;
		for (ZipEntry entry : directory.entries()) {
			if (entry.name().endsWith(PICKLE) && entry.name().indexOf('/') == entry.name().lastIndexOf('/')) {
				if (folder != null) {
					throw new NotReadException("it holds data.pkl twice");
				}
				folder = entry.name().substring(0, entry.name().length() - PICKLE.length() + 1);
			}
		}
		if (folder == null) {
			throw new NotReadException("it is a zip without data.pkl");
		}
		return folder;
	}

	private static boolean bigEndian(String order) throws NotReadException {
		return switch (order) {
			case "little" -> false;
			case "big" -> true;
			default -> throw new NotReadException("its byte order is neither little nor big");
		};
	}

	static Contents read(JobFile file) throws IOException {
		TorchZip zip = new TorchZip(ZipDirectory.read(file));
		PickleInput input = new PickleInput(zip.pickle);
		Pickle.Content content = Pickle.read(input, Known.NAMES);
		if (input.position() != zip.pickle.size()) {
			throw new NotReadException("its pickle ends before its entry does");
		}
		Contents contents = new Contents(zip, zip.storages.values().stream().mapToLong(ZipEntry::size).sum());
		contents.add(content.value());
		if (zip.used.size() != zip.storages.size()) {
			throw new NotReadException("it holds a storage that its pickle does not name");
		}
		return contents;
	}

	@Override
	public Extent bytes(StorageId id) throws IOException {
		ZipEntry entry = this.storages.get(id.key());
		if (entry == null) {
			throw new NotReadException("its pickle names a storage that is not there");
		}
		if (entry.size() != id.bytes()) {
			throw new NotReadException("the size of a storage lies");
		}
		this.used.add(id.key());
		return entry.content();
	}

	@Override
	public boolean bigEndian() {
		return this.bigEndian;
	}

}
