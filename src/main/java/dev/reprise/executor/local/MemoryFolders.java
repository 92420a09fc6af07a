package dev.reprise.executor.local;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The attempt's own {@code /tmp}, {@code /dev/shm} and home, which lie in memory. The
 * supervisor mounts them before the sandbox stands, since bubblewrap cannot limit how
 * many files there are: each takes a KiB of the kernel's memory, which only a control
 * group counts.
 *
 * @param memory bytes that the job may have; two of them have half of it, the third a
 * quarter
 * @param user whose the home is, null for the one who mounts it
 */
record MemoryFolders(long memory, @Nullable Integer user) {

	/**
	 * One of them.
	 *
	 * @param name of its folder
	 * @param place where the job sees it
	 * @param options for mount
	 */
	record One(String name, Path place, String options) {
	}

	List<One> all() {
		List<One> all = new ArrayList<>();
		all.add(new One("tmp", Path.of("/tmp"), "mode=1777," + bounds(this.memory / 2)));
		all.add(new One("shm", Path.of("/dev/shm"), "mode=1777," + bounds(this.memory / 2)));
		String owner = (this.user != null) ? ",uid=" + this.user + ",gid=" + this.user : "";
		all.add(new One("home", Path.of("/home/job"), "mode=755" + owner + "," + bounds(this.memory / 4)));
		return all;
	}

	private static String bounds(long memory) {
		long bytes = Math.max(memory, 64 * 1024);
		return "size=" + bytes + ",nr_inodes=" + files(bytes);
	}

	/**
	 * How many files and folders so many bytes may hold: one for each 16 KiB, and 4,096
	 * at least.
	 */
	static long files(long bytes) {
		return Math.max(4096, bytes / 16_384);
	}

}
