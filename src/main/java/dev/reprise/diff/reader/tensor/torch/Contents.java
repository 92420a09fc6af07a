package dev.reprise.diff.reader.tensor.torch;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.reprise.diff.reader.bytes.Extent;
import dev.reprise.diff.reader.bytes.NotReadException;
import dev.reprise.diff.reader.pickle.Value;
import dev.reprise.diff.reader.tensor.Tensor;
import dev.reprise.diff.reader.tensor.TensorFile;

/**
 * A value of a pickle laid out flat: tensors and simple values by their paths,
 * {@code optimizer.state.0.exp_avg}. A container says of itself what it is and how much
 * it holds, so that an empty list is not nothing.
 */
final class Contents {

	static final int MAX_DEPTH = 200;

	static final int MAX_PATHS = 200_000;

	/** Characters of all paths and words together. */
	static final int MAX_TEXT = 16 * 1024 * 1024;

	static final int MAX_PATH = 2048;

	/** The path of what a file holds, where that is no dictionary. */
	static final String WHOLE = "(whole)";

	private final SortedMap<String, Tensor> tensors = new TreeMap<>();

	private final Map<String, String> words = new HashMap<>();

	private final Rebuilding rebuilding;

	private long reading;

	private int text;

	/**
	 * Begins with nothing.
	 * @param beside the storages beside the pickle
	 * @param stored bytes of all of them; tensors may show each several times, but not
	 * without end
	 */
	Contents(Beside beside, long stored) {
		this.rebuilding = new Rebuilding(beside);
		this.reading = 4 * stored + (256L << 20);
	}

	/**
	 * Takes in what a pickle describes.
	 * @throws NotReadException if it holds something that is not known, or too much
	 */
	void add(Value value) throws IOException {
		add("", value, 0);
	}

	TensorFile file(TensorFile.Format format) {
		return new TensorFile(format, this.tensors, this.words);
	}

	private void add(String path, Value value, int depth) throws IOException {
		if (depth > MAX_DEPTH) {
			throw new NotReadException("it is nested deeper than " + MAX_DEPTH + ", or holds itself");
		}
		switch (value) {
			case Value.Items items -> items(path, items, depth);
			case Value.Table table -> table(path, table, depth);
			case Value.Made made -> made(path, made, depth);
			case Value.Persistent persistent -> {
				Stored stored = this.rebuilding.stored(persistent);
				tensor(new View(stored, stored.dtype(), 0, List.of(stored.elements()), List.of(1L)), path, "storage");
			}
			default -> {
				String words = Words.of(value);
				if (words == null) {
					throw new NotReadException("it holds a value that is not known");
				}
				spend((value instanceof Value.Blob blob) ? blob.bytes().size() : 0);
				say(path, words);
			}
		}
	}

	private void items(String path, Value.Items items, int depth) throws IOException {
		say(path, items.kind() + " of " + items.values().size());
		boolean unordered = items.is("set") || items.is("frozenset");
		int number = 0;
		if (unordered) {
			List<String> all = new ArrayList<>();
			for (Value item : items.values()) {
				String words = Words.inOne(item);
				if (words == null) {
					throw new NotReadException("a set holds something that has no order");
				}
				all.add(words);
			}
			all.sort(null);
			for (String words : all) {
				say(join(path, Integer.toString(number++)), words);
			}
			return;
		}
		for (Value item : items.values()) {
			add(join(path, Integer.toString(number++)), item, depth + 1);
		}
	}

	private void table(String path, Value.Table table, int depth) throws IOException {
		say(path, table.kind() + " of " + table.keys().size());
		for (int i = 0; i < table.keys().size(); i++) {
			String key = Words.key(table.keys().get(i));
			if (key == null) {
				throw new NotReadException("a dictionary has a key that is not read here");
			}
			add(join(path, key), table.values().get(i), depth + 1);
		}
		if (table.state() != null) {
			add(join(path, "(attributes)"), table.state(), depth + 1);
		}
	}

	private void made(String path, Value.Made made, int depth) throws IOException {
		if (Known.REBUILD.contains(made.what().inFull())) {
			Rebuilding.Rebuilt rebuilt = this.rebuilding.rebuild(made);
			tensor(rebuilt.view(), path, rebuilt.about());
		}
		else if (made.what().inFull().equals(Known.LOAD)) {
			Stored stored = this.rebuilding.stored(made);
			tensor(new View(stored, stored.dtype(), 0, List.of(stored.elements()), List.of(1L)), path, "storage");
		}
		else if (Known.numpy(made.what(), "_reconstruct") || Known.numpy(made.what(), "_frombuffer")
				|| Known.numpy(made.what(), "scalar")) {
			keep(PickledArray.tensor(path.isEmpty() ? WHOLE : path, made));
		}
		else {
			say(path, made.what().inFull());
			for (int i = 0; i < made.arguments().size(); i++) {
				add(join(path, "(" + i + ")"), made.arguments().get(i), depth + 1);
			}
			if (made.state() != null) {
				add(join(path, "(state)"), made.state(), depth + 1);
			}
		}
	}

	private void tensor(View view, String path, String about) throws IOException {
		keep(view.tensor(path.isEmpty() ? WHOLE : path));
		if (!about.isEmpty()) {
			say(join(path, "(about)"), about);
		}
	}

	private void keep(Tensor tensor) throws NotReadException {
		Extent source = tensor.source();
		long before = (source instanceof Extent.Part part && !part.direct()) ? part.from() : 0;
		spend(before + ((source instanceof Gathered gathered) ? gathered.span().size() : 0));
		spend(tensor.bytes());
		count(tensor.name(), "");
		if (this.words.containsKey(tensor.name()) || this.tensors.put(tensor.name(), tensor) != null) {
			throw twice();
		}
	}

	private void say(String path, String words) throws NotReadException {
		String name = path.isEmpty() ? WHOLE : path;
		count(name, words);
		if (this.tensors.containsKey(name) || this.words.put(name, words) != null) {
			throw twice();
		}
	}

	private static NotReadException twice() {
		return new NotReadException("two of its values have one path");
	}

	private void count(String path, String words) throws NotReadException {
		this.text += path.length() + words.length();
		if (this.tensors.size() + this.words.size() >= MAX_PATHS || this.text > MAX_TEXT) {
			throw new NotReadException("it holds more values than what is read here");
		}
	}

	private void spend(long bytes) throws NotReadException {
		this.reading -= bytes;
		if (bytes < 0 || this.reading < 0) {
			throw new NotReadException("its tensors show more bytes than what is read here");
		}
	}

	private static String join(String path, String key) throws NotReadException {
		if (path.length() + key.length() > MAX_PATH) {
			throw new NotReadException("a path in it is longer than " + MAX_PATH + " characters");
		}
		return path.isEmpty() ? key : path + "." + key;
	}

}
