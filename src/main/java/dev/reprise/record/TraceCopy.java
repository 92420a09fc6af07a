package dev.reprise.record;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.TreeSet;

/**
 * Copies the traces of a run's processes, segment by segment and without reading them,
 * within bounds for each and for all of them together. Where not all of a trace is kept,
 * a file {@value RecordFiles#CUT} in it says so: what is left of it must not pass for a
 * whole one.
 */
final class TraceCopy {

	private static final long CHUNK = 64L << 20;

	private final RecordCopy.Room room;

	private final RecordCopy.Bounds bounds;

	private long allLeft;

	private long bytesLeft;

	private int segmentsLeft = RecordFiles.MAX_ALL_SEGMENTS;

	/**
	 * Begins.
	 * @param bounds most bytes of the traces of the run
	 * @param room asked before each part that is written
	 */
	TraceCopy(RecordCopy.Bounds bounds, RecordCopy.Room room) {
		this.bounds = bounds;
		this.allLeft = bounds.all();
		this.room = room;
	}

	/**
	 * Copies the trace of a process, if it has one.
	 * @param process its folder
	 * @param target its folder in the copy
	 * @throws IOException if the copy cannot be written
	 */
	void copy(RecordFolder process, Path target) throws IOException {
		if (this.bounds.process() == 0 || !process.has(RecordFiles.TRACE)) {
			return;
		}
		this.bytesLeft = this.bounds.process();
		Path copy = Files.createDirectory(target.resolve(RecordFiles.TRACE));
		if (!segments(process, copy)) {
			Files.createFile(copy.resolve(RecordFiles.CUT));
		}
	}

	private boolean segments(RecordFolder process, Path copy) throws IOException {
		TreeSet<String> names = new TreeSet<>();
		boolean[] stranger = new boolean[1];
		try (RecordFolder trace = process.folder(RecordFiles.TRACE)) {
			boolean whole = trace.forEachName(2 * RecordFiles.MAX_SEGMENTS, (name) -> {
				if (RecordFiles.SEGMENT.matcher(name).matches()) {
					names.add(name);
				}
				else {
					stranger[0] = true;
				}
			});
			whole &= !stranger[0];
			int segments = 0;
			for (String name : names) {
				if (segments++ == RecordFiles.MAX_SEGMENTS || this.segmentsLeft-- == 0
						|| !segment(trace, name, copy.resolve(name))) {
					return false;
				}
			}
			return whole;
		}
		catch (UnreadableRecordException ex) {
			return false;
		}
	}

	/**
	 * Whether all of it is there.
	 */
	private boolean segment(RecordFolder trace, String name, Path target)
			throws IOException, UnreadableRecordException {
		try (FileChannel from = trace.channel(name);
				FileChannel to = FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
			long size = from.size();
			long most = Math.min(size, Math.min(this.bytesLeft, this.allLeft));
			long at = 0;
			while (at < most) {
				this.room.check();
				long moved = from.transferTo(at, Math.min(CHUNK, most - at), to);
				if (moved <= 0) {
					break;
				}
				at += moved;
			}
			this.bytesLeft -= at;
			this.allLeft -= at;
			return at == size;
		}
	}

}
