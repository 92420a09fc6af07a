package dev.reprise.executor.local;

import java.nio.file.Path;

/**
 * What {@code mount -a -T} mounts, in its order and by one program: each program that is
 * started costs more time than what it mounts. Its form is that of fstab(5).
 */
final class MountTable {

	private final StringBuilder lines = new StringBuilder();

	/**
	 * Shows a file or folder, and what is mounted below it, at another place too.
	 */
	void bind(Path from, Path to) {
		add(from.toString(), to, "none", "rbind");
	}

	/**
	 * A file system in memory.
	 */
	void memory(Path place, String options) {
		add("reprise", place, "tmpfs", options);
	}

	private void add(String source, Path target, String type, String options) {
		this.lines.append(escaped(source)).append(' ').append(escaped(target.toString()));
		this.lines.append(' ').append(type).append(' ').append(options).append(" 0 0\n");
	}

	private static String escaped(String word) {
		return word.replace("\\", "\\134").replace(" ", "\\040").replace("\t", "\\011").replace("\n", "\\012");
	}

	@Override
	public String toString() {
		return this.lines.toString();
	}

}
