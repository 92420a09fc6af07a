package dev.reprise.artifact;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * A pattern for relative paths. {@code *} stands for any characters within one name,
 * {@code ?} for one of them, {@code **} for any characters and folders, and a name that
 * is {@code **} followed by a slash for any number of folders, none included:
 * {@code **}{@code /x.pt} is {@code x.pt} at any depth. Everything else stands for
 * itself. The whole path must match; case counts; nothing is special about names that
 * start with a dot. Matching takes time proportional to pattern and path, whatever they
 * are.
 */
public final class Glob {

	/**
	 * Longest pattern, in characters.
	 */
	public static final int MAX_LENGTH = 256;

	private static final int STAR = -1;

	private static final int QUESTION = -2;

	private static final int ANYTHING = -3;

	private static final int FOLDERS = -4;

	private static final int IN_FOLDERS = -5;

	private final String pattern;

	private final int[] tokens;

	private Glob(String pattern) {
		this.pattern = pattern;
		this.tokens = tokens(pattern);
	}

	/**
	 * Reads a pattern.
	 * @throws IllegalArgumentException naming what is wrong with it
	 */
	public static Glob of(String pattern) {
		if (pattern.length() > MAX_LENGTH) {
			throw new IllegalArgumentException("the pattern is longer than " + MAX_LENGTH + " characters");
		}
		String wrong = RelativePath.wrong(pattern);
		if (wrong != null) {
			throw new IllegalArgumentException(wrong.replace("path", "pattern"));
		}
		return new Glob(pattern);
	}

	private static int[] tokens(String pattern) {
		List<Integer> tokens = new ArrayList<>();
		int[] chars = pattern.codePoints().toArray();
		for (int i = 0; i < chars.length; i++) {
			boolean doubled = chars[i] == '*' && i + 1 < chars.length && chars[i + 1] == '*';
			if (doubled && (i == 0 || chars[i - 1] == '/') && i + 2 < chars.length && chars[i + 2] == '/') {
				tokens.add(FOLDERS);
				tokens.add(IN_FOLDERS);
				i += 2;
			}
			else if (doubled) {
				tokens.add(ANYTHING);
				i++;
			}
			else {
				tokens.add((chars[i] == '*') ? STAR : (chars[i] == '?') ? QUESTION : chars[i]);
			}
		}
		return tokens.stream().mapToInt(Integer::intValue).toArray();
	}

	/**
	 * Whether a path as a whole fits the pattern.
	 */
	public boolean matches(String path) {
		BitSet at = new BitSet(this.tokens.length + 1);
		reach(at, 0);
		for (int c : path.codePoints().toArray()) {
			BitSet next = new BitSet(this.tokens.length + 1);
			for (int i = at.nextSetBit(0); i >= 0 && i < this.tokens.length; i = at.nextSetBit(i + 1)) {
				step(i, c, next);
			}
			at = next;
		}
		return at.get(this.tokens.length);
	}

	private void step(int i, int c, BitSet next) {
		switch (this.tokens[i]) {
			case STAR -> {
				if (c != '/') {
					reach(next, i);
				}
			}
			case QUESTION -> {
				if (c != '/') {
					reach(next, i + 1);
				}
			}
			case ANYTHING -> reach(next, i);
			case FOLDERS -> next.set(i + 1);
			case IN_FOLDERS -> {
				next.set(i);
				if (c == '/') {
					reach(next, i + 1);
				}
			}
			default -> {
				if (this.tokens[i] == c) {
					reach(next, i + 1);
				}
			}
		}
	}

	private void reach(BitSet states, int i) {
		states.set(i);
		if (i < this.tokens.length) {
			switch (this.tokens[i]) {
				case STAR, ANYTHING -> reach(states, i + 1);
				case FOLDERS -> reach(states, i + 2);
				default -> {
				}
			}
		}
	}

	@Override
	public String toString() {
		return this.pattern;
	}

}
