package dev.reprise.record;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.TreeSet;

/**
 * Keeps what a job's processes wrote about themselves: the files that a reader takes, as
 * far as a reader takes them, and nothing else that a job may have put beside them.
 */
public final class RecordCopy {

	private static final int MAX_PROCESSES = 257;

	private RecordCopy() {
	}

	/**
	 * Says whether there is room to write more.
	 */
	@FunctionalInterface
	public interface Room {

		/**
		 * Looks.
		 * @throws IOException if there is none
		 */
		void check() throws IOException;

	}

	/**
	 * Most bytes that are kept of traces.
	 *
	 * @param process of the trace of one process
	 * @param all of the traces of all processes together
	 */
	public record Bounds(long process, long all) {

		/**
		 * Where no trace was asked for.
		 */
		public static final Bounds NONE = new Bounds(0, 0);

	}

	/**
	 * Copies {@code record/}. What cannot be read is left out, which a reader then
	 * reports as missing.
	 * @param from the folder that has {@code record/}; its processes are gone
	 * @param to the folder in which {@code record/} is made
	 * @param traces what is kept of the traces
	 * @param room asked before each part of a trace
	 * @throws IOException if the copy cannot be written
	 */
	public static void copy(Path from, Path to, Bounds traces, Room room) throws IOException {
		Path target = Files.createDirectories(to.resolve("record"));
		// The main process first: what others leave must not take the room of its trace.
		TreeSet<String> names = new TreeSet<>(RecordFiles.MAIN_FIRST);
		try (RecordFolder outer = RecordFolder.open(from); RecordFolder record = outer.folder("record")) {
			record.forEachName(100_000, (name) -> {
				if (RecordFiles.PROCESS.matcher(name).matches()) {
					names.add(name);
				}
			});
			TraceCopy trace = new TraceCopy(traces, room);
			int copied = 0;
			for (String name : names) {
				if (copied++ < MAX_PROCESSES) {
					process(record, name, target, trace);
				}
			}
		}
		catch (UnreadableRecordException ex) {
			return;
		}
	}

	private static void process(RecordFolder record, String name, Path target, TraceCopy trace) throws IOException {
		try (RecordFolder folder = record.folder(name)) {
			Path copy = Files.createDirectories(target.resolve(name));
			for (var file : RecordFiles.OF_PROCESS.entrySet()) {
				if (folder.has(file.getKey())) {
					file(folder, file.getKey(), file.getValue(), copy.resolve(file.getKey()));
				}
			}
			trace.copy(folder, copy);
		}
		catch (UnreadableRecordException ex) {
			// Left out: the reader says that the process has no record.
			return;
		}
	}

	private static void file(RecordFolder folder, String name, long most, Path target) throws IOException {
		// One byte past the bound, so that a reader of the copy refuses what a reader of
		// the original would have refused.
		try (InputStream in = folder.open(name);
				OutputStream out = Files.newOutputStream(target, StandardOpenOption.CREATE_NEW)) {
			byte[] buffer = new byte[64 * 1024];
			long left = most + 1;
			for (int read; left > 0 && (read = in.read(buffer, 0, (int) Math.min(buffer.length, left))) > 0;) {
				out.write(buffer, 0, read);
				left -= read;
			}
		}
		catch (UnreadableRecordException ex) {
			Files.deleteIfExists(target);
		}
	}

}
