package dev.reprise.diff.reader.tensor.torch;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

import dev.reprise.diff.reader.bytes.Extent;
import dev.reprise.diff.reader.bytes.LittleEndian;
import dev.reprise.diff.reader.bytes.NotReadException;
import dev.reprise.diff.reader.pickle.Pickle;
import dev.reprise.diff.reader.pickle.PickleInput;
import dev.reprise.diff.reader.pickle.Value;
import dev.reprise.diff.reader.tensor.Dtype;

/**
 * What {@code torch.save} wrote before version 1.6, and for a storage within a pickle
 * still does: a magic number, a version, what the machine was, the value and the keys of
 * its storages, each a pickle, then each storage behind its number of elements.
 */
final class LegacyFile implements Beside {

	private static final long VERSION = 1001;

	private final Map<String, Extent> storages = new HashMap<>();

	private LegacyFile() {
	}

	static Contents read(Extent file) throws IOException {
		LegacyFile legacy = new LegacyFile();
		Value value = legacy.value(file);
		Contents contents = new Contents(legacy, file.size());
		contents.add(value);
		return contents;
	}

	/**
	 * The one storage that is written within a pickle.
	 */
	static Stored storage(Extent file) throws IOException {
		LegacyFile legacy = new LegacyFile();
		if (legacy.value(file) instanceof Value.Persistent persistent) {
			StorageId id = StorageId.of(persistent);
			return new Stored(id.dtype(), id.elements(), legacy.bytes(id), false, id.device());
		}
		throw new NotReadException("its pickle holds a storage that is none");
	}

	private Value value(Extent file) throws IOException {
		PickleInput input = new PickleInput(file);
		Pickle.read(input, Known.NAMES);
		if (!(Pickle.read(input, Known.NAMES).value() instanceof Value.Int version) || version.value() != VERSION) {
			throw new NotReadException("it is of a version of torch.save that is not read here");
		}
		littleEndian(Pickle.read(input, Known.NAMES).value());
		Pickle.Content content = Pickle.read(input, Known.NAMES);
		Map<String, StorageId> named = new HashMap<>();
		for (Value.Persistent persistent : content.persistent()) {
			StorageId id = StorageId.of(persistent);
			StorageId before = named.put(id.key(), id);
			if (before != null && !before.equals(id)) {
				throw new NotReadException("its pickle names a storage in two ways");
			}
		}
		if (!(Pickle.read(input, Known.NAMES).value() instanceof Value.Items keys)) {
			throw new NotReadException("its list of storages is none");
		}
		long at = input.position();
		for (Value key : keys.values()) {
			StorageId id = (key instanceof Value.Text text) ? named.remove(text.value()) : null;
			if (id == null) {
				throw new NotReadException("it holds a storage that its pickle does not name");
			}
			long count = LittleEndian.eight(file.part(at, Long.BYTES).bytes(Long.BYTES, "a length"), 0);
			if (!fits(id, count)) {
				throw new NotReadException("the size of a storage lies");
			}
			this.storages.put(id.key(), file.part(at + Long.BYTES, id.bytes()));
			at += Long.BYTES + id.bytes();
		}
		if (!named.isEmpty()) {
			throw new NotReadException("its pickle names a storage that is not there");
		}
		if (at != file.size()) {
			throw new NotReadException("its storages do not end where the file does");
		}
		return content.value();
	}

	/**
	 * Of a storage of bytes that are elements of a larger type, the number of those is
	 * written.
	 */
	private static boolean fits(StorageId id, long count) {
		if (id.dtype() != Dtype.U8) {
			return count == id.elements();
		}
		return count >= 0 && (count == id.elements() || (count > 0 && id.elements() % count == 0
				&& Set.of(1L, 2L, 4L, 8L, 16L).contains(id.elements() / count)));
	}

	/**
	 * Where the machine was big-endian the storages were turned when they were written;
	 * no such file was seen, so none is read.
	 */
	private static void littleEndian(Value system) throws NotReadException {
		if (system instanceof Value.Table table) {
			for (int i = 0; i < table.keys().size(); i++) {
				if (table.keys().get(i).equals(new Value.Text("little_endian"))
						&& table.values().get(i) == Value.Constant.TRUE) {
					return;
				}
			}
		}
		throw new NotReadException("it does not say that it was written on a little-endian machine");
	}

	@Override
	public Extent bytes(StorageId id) throws NotReadException {
		Extent bytes = this.storages.get(id.key());
		if (bytes == null) {
			throw new NotReadException("its pickle names a storage that is not there");
		}
		return bytes;
	}

	@Override
	public boolean bigEndian() {
		return false;
	}

}
