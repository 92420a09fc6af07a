package dev.reprise.environment.lock;

import java.util.ArrayList;
import java.util.List;

import tools.jackson.databind.JsonNode;

/**
 * Reads a {@code pylock.toml} (PEP 751) into requirements. The addresses in it are left
 * out: whoever wrote the lock does not choose where this machine connects to.
 */
final class PylockReader {

	private static final String MEND = "lock versions of packages in an index, with hashes, as uv export --format pylock.toml does";

	private PylockReader() {
	}

	static Lock.Requirements read(JsonNode lock) throws BadLockException {
		String version = lock.path("lock-version").asString("");
		if (!version.matches("1\\.[0-9]{1,3}")) {
			throw new BadLockException("has the lock-version " + LockText.shown(version) + ", which is not read",
					"lock again with a lock-version of 1.0");
		}
		JsonNode packages = lock.path("packages");
		if (!packages.isArray() || packages.isEmpty()) {
			throw new BadLockException("names no package", MEND);
		}
		if (packages.size() > Lock.MAX_PACKAGES) {
			throw new BadLockException("names more than " + Lock.MAX_PACKAGES + " packages",
					"lock the packages that the program needs, and no others");
		}
		Problems problems = new Problems();
		List<String> lines = new ArrayList<>();
		for (JsonNode one : packages) {
			lines.add(requirement(one, problems));
		}
		problems.throwIfAny();
		return new Lock.Requirements(lines);
	}

	private static String requirement(JsonNode one, Problems problems) {
		String name = one.path("name").asString("");
		String place = "package " + LockText.shown(name);
		String version = one.path("version").asString("");
		String marker = one.path("marker").asString("");
		for (String elsewhere : List.of("vcs", "directory", "archive")) {
			if (one.has(elsewhere)) {
				problems.add(place, "comes from elsewhere than an index (" + elsewhere + ")", MEND);
				return "";
			}
		}
		if (!Requirement.isName(name) || !Requirement.isVersion(version)) {
			problems.add(place, "has no name and exact version", MEND);
			return "";
		}
		if (!Requirement.isMarker(marker) || marker.contains("extras") || marker.contains("dependency_groups")) {
			problems.add(place, "has a marker that is not taken, " + LockText.shown(marker),
					"export what one machine installs: no optional extras and no dependency groups");
		}
		List<String> hashes = new ArrayList<>();
		for (JsonNode wheel : one.path("wheels")) {
			add(wheel, place, hashes, problems);
		}
		if (one.has("sdist")) {
			add(one.path("sdist"), place, hashes, problems);
		}
		if (hashes.isEmpty() || hashes.size() > Requirement.MAX_HASHES) {
			problems.add(place, "has no file with a hash, or more than " + Requirement.MAX_HASHES, MEND);
		}
		return new Requirement(name, version, marker, hashes).line();
	}

	private static void add(JsonNode file, String place, List<String> hashes, Problems problems) {
		String hash = "sha256:" + file.path("hashes").path("sha256").asString("");
		if (Requirement.isHash(hash)) {
			hashes.add(hash);
		}
		else {
			problems.add(place, "has a file without a sha256 hash", MEND);
		}
	}

}
