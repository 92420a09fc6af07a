package dev.reprise.environment;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/**
 * Locks by name, shared or exclusive, against other threads and other processes. A lock
 * file belongs to the whole process and is lost when any of its channels is closed, hence
 * one channel for each name, counted here. The files stay: one that is removed could be
 * locked by two.
 */
final class KeyLocks {

	private final Path folder;

	private final Map<String, Held> held = new HashMap<>();

	KeyLocks(Path folder) {
		this.folder = folder;
	}

	/**
	 * Takes a share.
	 * @return false where someone has it exclusively
	 */
	synchronized boolean tryShare(String name) throws IOException {
		Held now = this.held.get(name);
		if (now == null) {
			return open(name, true);
		}
		if (now.exclusive) {
			return false;
		}
		now.sharers++;
		return true;
	}

	/**
	 * Takes it exclusively.
	 * @return false where someone has it
	 */
	synchronized boolean tryExclude(String name) throws IOException {
		return !this.held.containsKey(name) && open(name, false);
	}

	/**
	 * Gives back a share, or what was exclusive.
	 */
	synchronized void release(String name) throws IOException {
		Held now = this.held.get(name);
		if (now == null) {
			throw new IllegalStateException("the lock " + name + " is not held");
		}
		now.sharers--;
		if (now.sharers == 0) {
			this.held.remove(name);
			now.channel.close();
		}
	}

	private boolean open(String name, boolean shared) throws IOException {
		FileChannel channel = FileChannel.open(this.folder.resolve(name), StandardOpenOption.CREATE,
				StandardOpenOption.READ, StandardOpenOption.WRITE);
		FileLock lock = null;
		try {
			lock = channel.tryLock(0, Long.MAX_VALUE, shared);
		}
		finally {
			if (lock == null) {
				channel.close();
			}
		}
		if (lock == null) {
			return false;
		}
		this.held.put(name, new Held(channel, !shared));
		return true;
	}

	private static final class Held {

		private final FileChannel channel;

		private final boolean exclusive;

		private int sharers = 1;

		Held(FileChannel channel, boolean exclusive) {
			this.channel = channel;
			this.exclusive = exclusive;
		}

	}

}
