package dev.reprise.record;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Keeps what a job's processes wrote about themselves: the files that a reader takes, as
 * far as a reader takes them, and nothing else that a job may have put beside them.
 */
public final class RecordCopy {

	private static final Pattern PROCESS = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");

	private static final int MAX_PROCESSES = 257;

	private static final String[] FILES = { "observed.json", "environment.json", "result.json", "operations.jsonl" };

	private RecordCopy() {
	}

	/**
	 * Copies {@code record/}. What cannot be read is left out, which a reader then
	 * reports as missing.
	 * @param from the folder that has {@code record/}; its processes are gone
	 * @param to the folder in which {@code record/} is made
	 * @throws IOException if the copy cannot be written
	 */
	public static void copy(Path from, Path to) throws IOException {
		Path target = Files.createDirectories(to.resolve("record"));
		TreeSet<String> names = new TreeSet<>();
		try (RecordFolder outer = RecordFolder.open(from); RecordFolder record = outer.folder("record")) {
			record.forEachName(100_000, (name) -> {
				if (PROCESS.matcher(name).matches()) {
					names.add(name);
				}
			});
			int copied = 0;
			for (String name : names) {
				if (copied++ < MAX_PROCESSES || name.equals(ProcessRecord.MAIN)) {
					process(record, name, target);
				}
			}
		}
		catch (UnreadableRecordException ex) {
			return;
		}
	}

	private static void process(RecordFolder record, String name, Path target) throws IOException {
		try (RecordFolder folder = record.folder(name)) {
			Path copy = Files.createDirectories(target.resolve(name));
			for (String file : FILES) {
				if (folder.has(file)) {
					file(folder, file, copy.resolve(file));
				}
			}
		}
		catch (UnreadableRecordException ex) {
			// Left out: the reader says that the process has no record.
			return;
		}
	}

	private static void file(RecordFolder folder, String name, Path target) throws IOException {
		// One byte past the bound, so that a reader of the copy refuses what a reader of
		// the original would have refused.
		long most = name.endsWith(".jsonl") ? 16L << 20 : BoundedJson.MAX_BYTES;
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
