package dev.reprise.diff.engine;

import java.util.Arrays;

/**
 * A pattern for paths. {@code ?} is one character and {@code *} any number of them within
 * a name; {@code **} any number across names; <code>**&#47;</code> at the start of a name
 * any number of whole names, none included. Everything else stands for itself, case
 * counts, and the whole path must match: {@code runs/**} is everything below
 * {@code runs}, <code>**&#47;*.log</code> every log, {@code *.log} those at the top.
 * <p>
 * The time to match grows with pattern times path, whatever is in them.
 */
final class Glob {

	static final int MAX_LENGTH = 256;

	private static final int ONE = -1;

	private static final int WITHIN = -2;

	private static final int ACROSS = -3;

	private static final int FOLDERS = -4;

	private final int[] tokens;

	/**
	 * Reads a pattern.
	 * @throws IllegalArgumentException if it is empty or too long
	 */
	Glob(String pattern) {
		if (pattern.isEmpty() || pattern.length() > MAX_LENGTH) {
			throw new IllegalArgumentException("a pattern has 1 to " + MAX_LENGTH + " characters");
		}
		this.tokens = tokens(pattern.codePoints().toArray());
	}

	private static int[] tokens(int[] pattern) {
		int[] tokens = new int[pattern.length];
		int count = 0;
		int at = 0;
		while (at < pattern.length) {
			boolean stars = pattern[at] == '*' && at + 1 < pattern.length && pattern[at + 1] == '*';
			boolean startsName = at == 0 || pattern[at - 1] == '/';
			if (stars && startsName && at + 2 < pattern.length && pattern[at + 2] == '/') {
				tokens[count++] = FOLDERS;
				at += 3;
			}
			else if (stars) {
				tokens[count++] = ACROSS;
				at += 2;
			}
			else {
				tokens[count++] = (pattern[at] == '*') ? WITHIN : (pattern[at] == '?') ? ONE : pattern[at];
				at++;
			}
		}
		return Arrays.copyOf(tokens, count);
	}

	boolean matches(String path) {
		int[] points = path.codePoints().toArray();
		boolean[] from = new boolean[points.length + 1];
		from[points.length] = true;
		for (int i = this.tokens.length - 1; i >= 0; i--) {
			from = before(this.tokens[i], from, points);
		}
		return from[0];
	}

	/**
	 * From where in the path a token and all that follow it match, given from where those
	 * that follow do.
	 */
	private static boolean[] before(int token, boolean[] next, int[] points) {
		boolean[] from = new boolean[next.length];
		boolean behindFolder = false;
		for (int at = points.length; at >= 0; at--) {
			boolean more = at < points.length;
			boolean inName = more && points[at] != '/';
			if (more && points[at] == '/') {
				behindFolder |= next[at + 1];
			}
			from[at] = switch (token) {
				case ONE -> inName && next[at + 1];
				case WITHIN -> next[at] || (inName && from[at + 1]);
				case ACROSS -> next[at] || (more && from[at + 1]);
				case FOLDERS -> next[at] || behindFolder;
				default -> more && points[at] == token && next[at + 1];
			};
		}
		return from;
	}

}
