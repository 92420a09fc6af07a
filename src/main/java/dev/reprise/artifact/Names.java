package dev.reprise.artifact;

import java.util.HashSet;
import java.util.Set;

/**
 * The paths of a tree that is being put together, in which no file may be the folder of
 * another.
 */
final class Names {

	private final Set<String> files = new HashSet<>();

	private final Set<String> folders = new HashSet<>();

	boolean has(String path) {
		return this.files.contains(path);
	}

	boolean isFree(String path) {
		if (this.files.contains(path) || this.folders.contains(path)) {
			return false;
		}
		for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
			if (this.files.contains(path.substring(0, slash))) {
				return false;
			}
		}
		return true;
	}

	void take(String path) {
		this.files.add(path);
		for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
			if (!this.folders.add(path.substring(0, slash))) {
				return;
			}
		}
	}

}
