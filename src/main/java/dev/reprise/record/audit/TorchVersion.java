package dev.reprise.record.audit;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * A version of torch, without what comes behind its numbers: {@code 2.15.0+cu132} is
 * 2.15.0.
 */
record TorchVersion(int major, int minor, int patch) implements Comparable<TorchVersion> {

	private static final Pattern NUMBERS = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})(?:\\.(\\d{1,4}))?(?:\\D.*)?",
			Pattern.DOTALL);

	private static final Comparator<TorchVersion> ORDER = Comparator.comparingInt(TorchVersion::major)
		.thenComparingInt(TorchVersion::minor)
		.thenComparingInt(TorchVersion::patch);

	/**
	 * Null where the text is no version.
	 */
	static @Nullable TorchVersion of(@Nullable String text) {
		Matcher numbers = (text != null) ? NUMBERS.matcher(text) : null;
		if (numbers == null || !numbers.matches()) {
			return null;
		}
		String patch = numbers.group(3);
		return new TorchVersion(Integer.parseInt(numbers.group(1)), Integer.parseInt(numbers.group(2)),
				(patch != null) ? Integer.parseInt(patch) : 0);
	}

	boolean sameMinor(TorchVersion other) {
		return this.major == other.major && this.minor == other.minor;
	}

	@Override
	public int compareTo(TorchVersion other) {
		return ORDER.compare(this, other);
	}

	@Override
	public String toString() {
		return this.major + "." + this.minor + "." + this.patch;
	}

}
