package dev.reprise.agent;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Looks for texts among the constants of a class file without parsing it: most classes
 * name nothing that would be changed, and parsing each would take most of a start.
 */
final class ConstantTexts {

	private final byte[] file;

	/**
	 * The constants of a class file.
	 */
	ConstantTexts(byte[] file) {
		this.file = file;
	}

	/**
	 * Whether there is one of the keys, and one of its own texts.
	 * @param pairs texts that belong to a key; all keys begin with {@code ja}
	 */
	boolean hasOneOf(Map<String, Set<String>> pairs) {
		for (String key : find(pairs.keySet(), true)) {
			if (!find(pairs.getOrDefault(key, Set.of()), false).isEmpty()) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Whether there is one of some texts.
	 */
	boolean has(Set<String> texts) {
		return !find(texts, false).isEmpty();
	}

	private Set<String> find(Set<String> texts, boolean java) {
		Set<String> found = new HashSet<>();
		int count = number(8);
		int at = 10;
		for (int i = 1; i < count; i++) {
			// The tags of section 4.4 of the specification of the JVM.
			switch (this.file[at]) {
				case 1 -> {
					int length = number(at + 1);
					if (!java || (length > 2 && this.file[at + 3] == 'j' && this.file[at + 4] == 'a')) {
						String text = new String(this.file, at + 3, length, StandardCharsets.ISO_8859_1);
						if (texts.contains(text)) {
							found.add(text);
						}
					}
					at += 3 + length;
				}
				case 7, 8, 16, 19, 20 -> at += 3;
				case 15 -> at += 4;
				case 3, 4, 9, 10, 11, 12, 17, 18 -> at += 5;
				case 5, 6 -> {
					at += 9;
					i++;
				}
				default -> throw new IllegalArgumentException("a constant of unknown kind " + this.file[at]);
			}
		}
		return found;
	}

	private int number(int at) {
		return ((this.file[at] & 0xFF) << 8) | (this.file[at + 1] & 0xFF);
	}

}
