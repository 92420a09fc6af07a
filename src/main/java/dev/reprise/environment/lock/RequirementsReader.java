package dev.reprise.environment.lock;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a requirements file of which every line names one version and its hashes.
 */
final class RequirementsReader {

	private static final int MAX_LINES = 200_000;

	private static final Pattern COMMENT = Pattern.compile("(^|[ \\t])#.*$");

	/**
	 * Many times what a package with all its wheels needs.
	 */
	private static final int MAX_LENGTH = 128 << 10;

	private static final Pattern OPTIONS = Pattern.compile("[ \\t]--");

	private static final Pattern PINNED = Pattern.compile(
			"(?<name>[A-Za-z0-9._-]{1,100}(?:[ \\t]*\\[[^\\]]{0,2000}\\])?)[ \\t]*==[ \\t]*(?<version>[^ \\t;=,]{1,100})[ \\t]*(?:;(?<marker>.*))?");

	private static final String MEND = "write name==version with its --hash options, as uv pip compile --generate-hashes does";

	private RequirementsReader() {
	}

	static Lock.Requirements read(String text) throws BadLockException {
		String[] physical = text.split("\r\n|\r|\n", MAX_LINES + 1);
		if (physical.length > MAX_LINES) {
			throw new BadLockException("has more than " + MAX_LINES + " lines",
					"lock the packages that the program needs, and no others");
		}
		Problems problems = new Problems();
		List<String> lines = new ArrayList<>();
		StringBuilder logical = new StringBuilder();
		int begin = 1;
		for (int i = 0; i < physical.length; i++) {
			if (logical.isEmpty()) {
				begin = i + 1;
			}
			String line = COMMENT.matcher(physical[i]).replaceFirst("$1");
			if (line.endsWith("\\") && i + 1 < physical.length) {
				logical.append(line, 0, line.length() - 1).append(' ');
				continue;
			}
			logical.append(line);
			String whole = logical.toString().strip();
			if (whole.length() > MAX_LENGTH) {
				throw new BadLockException("has a line of more than " + MAX_LENGTH + " characters", MEND);
			}
			logical.setLength(0);
			if (!whole.isEmpty()) {
				if (lines.size() == Lock.MAX_PACKAGES) {
					throw new BadLockException("names more than " + Lock.MAX_PACKAGES + " packages",
							"lock the packages that the program needs, and no others");
				}
				lines.add(requirement(whole, "line " + begin, problems));
			}
		}
		if (lines.isEmpty()) {
			problems.add("", "names no package", MEND);
		}
		problems.throwIfAny();
		return new Lock.Requirements(lines);
	}

	private static String requirement(String line, String place, Problems problems) {
		if (line.startsWith("-")) {
			String option = LockText.shown(line.split("[ \\t=]", 2)[0]);
			problems.add(place, "is the option " + option + ", which no lock may have",
					"leave it out: packages come from the index that the operator set, by name, version and hash");
			return "";
		}
		String before = line.split("[ \\t]--|;", 2)[0];
		if (before.contains("@") || before.contains("/") || line.contains("://")) {
			problems.add(place, "names an address or a path, " + LockText.shown(before),
					"name a version of a package in the index: name==version with its hashes");
			return "";
		}
		Matcher options = OPTIONS.matcher(line);
		int end = options.find() ? options.start() : line.length();
		Matcher pinned = PINNED.matcher(line.substring(0, end).strip());
		if (!pinned.matches()) {
			problems.add(place, "is no exact version of a package, " + LockText.shown(before.strip()), MEND);
			return "";
		}
		String name = pinned.group("name").strip();
		String version = pinned.group("version");
		String marker = (pinned.group("marker") != null) ? pinned.group("marker").strip() : "";
		if (!Requirement.isName(name)) {
			problems.add(place, "names no package, " + LockText.shown(name), MEND);
		}
		if (!Requirement.isVersion(version)) {
			problems.add(place, "has no exact version, " + LockText.shown(version), MEND);
		}
		if (!Requirement.isMarker(marker)) {
			problems.add(place, "has a marker that is not taken, " + LockText.shown(marker), MEND);
		}
		List<String> hashes = new ArrayList<>();
		for (String option : line.substring(end).strip().split("[ \\t]+", -1)) {
			if (option.startsWith("--hash=")) {
				hashes.add(option.substring("--hash=".length()));
			}
			else if (!option.isEmpty()) {
				problems.add(place, "has the option " + LockText.shown(option) + ", which no lock may have", MEND);
			}
		}
		if (hashes.isEmpty()) {
			problems.add(place, "has no --hash, " + LockText.shown(name + "==" + version), MEND);
		}
		else if (hashes.size() > Requirement.MAX_HASHES) {
			problems.add(place, "has more than " + Requirement.MAX_HASHES + " hashes", MEND);
		}
		hashes.stream()
			.filter((hash) -> !Requirement.isHash(hash))
			.findFirst()
			.ifPresent((hash) -> problems.add(place, "has a hash that is not taken, " + LockText.shown(hash),
					"give sha256:, sha384: or sha512: and the lower-case hexadecimal digits"));
		return new Requirement(name, version, marker, hashes).line();
	}

}
