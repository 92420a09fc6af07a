package dev.reprise.diff.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.reprise.diff.engine.folder.Facts;
import dev.reprise.diff.engine.folder.RecordFolder;
import tools.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

/**
 * The environment of both sides, package by package: what was asked for, below
 * {@code spec}, and what the process found. The RECORD of a package says which files were
 * installed; where versions differ it differs as a matter of course and is left away.
 */
final class EnvironmentPremise {

	private static final String PACKAGES = "packages.";

	private static final String VERSION = ".version";

	private static final String RECORD = ".record";

	private static final String CHANGED = ".changed.";

	private static final int MAX_NAMED = 5;

	private final SortedMap<String, Object> left;

	private final SortedMap<String, Object> right;

	private EnvironmentPremise(SortedMap<String, Object> left, SortedMap<String, Object> right) {
		this.left = left;
		this.right = right;
	}

	static Diff.Premise of(RecordFolder left, RecordFolder right) {
		SortedMap<String, Object> a = facts(left);
		SortedMap<String, Object> b = facts(right);
		if (a == null || b == null) {
			return Premises.premise(Layer.ENVIRONMENT, a, b);
		}
		return new EnvironmentPremise(a, b).premise().noted(RebuiltEnvironment.note(left, right));
	}

	private static @Nullable SortedMap<String, Object> facts(RecordFolder folder) {
		JsonNode found = folder.record().environment();
		JsonNode spec = folder.spec();
		if (found == null || spec == null) {
			return null;
		}
		SortedMap<String, Object> environment = new TreeMap<>(Facts.of(found.path("environment")).values());
		Facts.of(spec.path("environment")).values().forEach((key, value) -> environment.put("spec." + key, value));
		String installed = RebuiltEnvironment.installed(folder);
		if (installed != null) {
			environment.put("installed", installed);
		}
		return environment;
	}

	private Diff.Premise premise() {
		List<String> unknown = new ArrayList<>();
		for (String name : packages()) {
			String record = PACKAGES + name + RECORD;
			if (!Objects.equals(version(this.left, name), version(this.right, name))) {
				this.left.remove(record);
				this.right.remove(record);
			}
			else if (!this.left.containsKey(record) && !this.right.containsKey(record)) {
				unknown.add(name);
			}
		}
		Diff.Premise premise = Premises.premise(Layer.ENVIRONMENT, this.left, this.right);
		if (Boolean.TRUE.equals(premise.same()) && !unknown.isEmpty()) {
			return new Diff.Premise(Layer.ENVIRONMENT, null, "no RECORD says which files " + some(unknown) + " has",
					null, List.of(), 0);
		}
		return premise.with(premise.differences().stream().map(this::noted).toList());
	}

	private List<String> packages() {
		SortedMap<String, Object> all = new TreeMap<>(this.left);
		all.putAll(this.right);
		return all.keySet()
			.stream()
			.filter((key) -> key.startsWith(PACKAGES) && key.endsWith(VERSION)
					&& key.length() > PACKAGES.length() + VERSION.length())
			.map((key) -> key.substring(PACKAGES.length(), key.length() - VERSION.length()))
			.toList();
	}

	private static @Nullable Object version(SortedMap<String, Object> facts, String name) {
		return facts.get(PACKAGES + name + VERSION);
	}

	private Diff.KeyDifference noted(Diff.KeyDifference difference) {
		String key = difference.key();
		if (!key.startsWith(PACKAGES) || difference.note() != null) {
			return difference;
		}
		if (key.endsWith(VERSION)) {
			return (difference.left() == null) ? difference.noted("only on the right")
					: (difference.right() == null) ? difference.noted("only on the left") : difference;
		}
		if (key.endsWith(RECORD)) {
			Object version = version(this.left, key.substring(PACKAGES.length(), key.length() - RECORD.length()));
			return difference.noted("version " + version + " on both sides, and "
					+ ((difference.left() == null || difference.right() == null)
							? "only one of them says which files were installed" : "other files were installed"));
		}
		if (key.contains(CHANGED)) {
			return difference
				.noted("a file that the program imported, changed after it was installed" + ((difference.left() == null)
						? "; on the left it is as it was installed or was not imported" : (difference.right() == null)
								? "; on the right it is as it was installed or was not imported" : ""));
		}
		return difference;
	}

	private static String some(List<String> names) {
		String first = String.join(", ", names.subList(0, Math.min(MAX_NAMED, names.size())));
		return (names.size() > MAX_NAMED) ? first + " and " + (names.size() - MAX_NAMED) + " more" : first;
	}

}
