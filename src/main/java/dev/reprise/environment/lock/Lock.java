package dev.reprise.environment.lock;

import java.util.List;

/**
 * What a lock file asks for, read strictly. No address is in it: packages come from the
 * index that the operator set, and their hashes say which they are.
 */
public sealed interface Lock {

	/**
	 * The most bytes that a lock file may have.
	 */
	int MAX_BYTES = 4 << 20;

	/**
	 * The most packages that a lock file may name.
	 */
	int MAX_PACKAGES = 2000;

	/**
	 * Packages, a line each.
	 *
	 * @param lines such as {@code six==1.17.0 --hash=sha256:…}, as pip and uv read them
	 */
	record Requirements(List<String> lines) implements Lock {

		public Requirements {
			lines = List.copyOf(lines);
		}

	}

	/**
	 * A {@code uv.lock}: which of its packages a machine gets, uv works out from it.
	 *
	 * @param project the name of the project that it is the lock of
	 * @param requiresPython what the lock says of Python, such as {@code >=3.11}
	 */
	record UvProject(String project, String requiresPython) implements Lock {
	}

	/**
	 * Reads a lock file of any kind; which it is, is seen from what is in it.
	 * @throws BadLockException naming what is wrong, with the lines or packages
	 */
	static Lock read(byte[] bytes) throws BadLockException {
		if (bytes.length > MAX_BYTES) {
			throw new BadLockException("has " + bytes.length + " bytes, more than the " + MAX_BYTES + " that are read",
					"lock the packages that the program needs, and no others");
		}
		String text = LockText.decode(bytes);
		return switch (LockText.kind(text)) {
			case REQUIREMENTS -> RequirementsReader.read(text);
			case PYLOCK -> PylockReader.read(LockText.toml(text));
			case UV -> UvLockReader.read(LockText.toml(text));
		};
	}

}
