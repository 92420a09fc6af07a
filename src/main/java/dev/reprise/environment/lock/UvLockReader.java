package dev.reprise.environment.lock;

import java.util.ArrayList;
import java.util.List;

import tools.jackson.databind.JsonNode;

/**
 * Checks a {@code uv.lock}: one project, whose packages all come from an index, each with
 * hashes.
 */
final class UvLockReader {

	private static final String MEND = "lock versions of packages in an index, or give the requirements file that uv export writes";

	private static final String PYTHON = "[<>=!~]{1,3} ?[0-9][0-9.*]{0,20}(, ?[<>=!~]{1,3} ?[0-9][0-9.*]{0,20}){0,9}";

	private UvLockReader() {
	}

	static Lock.UvProject read(JsonNode lock) throws BadLockException {
		if (lock.path("version").asInt(0) != 1) {
			throw new BadLockException(
					"has a version that is not read, " + LockText.shown(lock.path("version").toString()),
					"lock again with uv, whose locks have version 1");
		}
		JsonNode packages = lock.path("package");
		if (!packages.isArray() || packages.size() < 2) {
			throw new BadLockException("names no package beside the project", MEND);
		}
		if (packages.size() > Lock.MAX_PACKAGES) {
			throw new BadLockException("names more than " + Lock.MAX_PACKAGES + " packages",
					"lock the packages that the program needs, and no others");
		}
		String python = lock.path("requires-python").asString("");
		if (!python.matches(PYTHON)) {
			throw new BadLockException("has a requires-python that is not taken, " + LockText.shown(python),
					"write it as >=3.11");
		}
		Problems problems = new Problems();
		List<String> projects = new ArrayList<>();
		for (JsonNode one : packages) {
			String name = one.path("name").asString("");
			String place = "package " + LockText.shown(name);
			if (!Requirement.isName(name) || name.contains("[")) {
				problems.add(place, "has no name that is taken", MEND);
			}
			else if (isProject(one.path("source"))) {
				projects.add(name);
			}
			else {
				check(one, place, problems);
			}
		}
		problems.throwIfAny();
		if (projects.size() != 1) {
			throw new BadLockException("is of " + projects.size() + " projects, not one",
					"give the requirements file that uv export --package writes");
		}
		return new Lock.UvProject(projects.getFirst(), python);
	}

	private static boolean isProject(JsonNode source) {
		return List.of("virtual", "editable").stream().anyMatch((kind) -> source.path(kind).asString("").equals("."));
	}

	private static void check(JsonNode one, String place, Problems problems) {
		JsonNode source = one.path("source");
		if (source.size() != 1 || !source.has("registry")) {
			String kind = source.isObject() && !source.isEmpty() ? source.propertyNames().iterator().next() : "none";
			problems.add(place, "comes from elsewhere than an index (" + LockText.shown(kind) + ")", MEND);
			return;
		}
		if (!Requirement.isVersion(one.path("version").asString(""))) {
			problems.add(place, "has no exact version", MEND);
		}
		int files = 0;
		for (JsonNode wheel : one.path("wheels")) {
			files += hashed(wheel, place, problems);
		}
		if (one.has("sdist")) {
			files += hashed(one.path("sdist"), place, problems);
		}
		if (files == 0) {
			problems.add(place, "has no file with a hash", MEND);
		}
	}

	private static int hashed(JsonNode file, String place, Problems problems) {
		if (Requirement.isHash(file.path("hash").asString(""))) {
			return 1;
		}
		problems.add(place, "has a file without a hash", MEND);
		return 0;
	}

}
