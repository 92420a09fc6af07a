package dev.reprise.diff.reader.apart;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.reprise.artifact.Folders;
import dev.reprise.diff.reader.bytes.NotReadException;

/**
 * The process in which a library reads one file.
 */
final class TurningProcess {

	/** Exit code where the reason is in the folder. */
	static final int NOT_READ = 4;

	private static final int DAMAGED = 5;

	private TurningProcess() {
	}

	public static void main(String[] arguments) {
		Turning.Workplace place = new Turning.Workplace(Path.of(arguments[1]));
		Thread.ofPlatform().daemon().start(() -> endWithParent(place.folder()));
		int code = 0;
		try {
			if (Turning.Into.TENSORS.name().equalsIgnoreCase(arguments[0])) {
				Hdf5.turn(place.original(), place.turned());
			}
			else {
				ParquetRows.turn(place.original(), place.turned());
			}
		}
		catch (NotReadException ex) {
			code = explained(place, String.valueOf(ex.getMessage())) ? NOT_READ : DAMAGED;
		}
		catch (OutOfMemoryError ex) {
			code = Turning.OUT_OF_MEMORY;
		}
		catch (IOException | RuntimeException | StackOverflowError | LinkageError ex) {
			code = DAMAGED;
		}
		// Threads of a library may still run.
		Runtime.getRuntime().halt(code);
	}

	private static boolean explained(Turning.Workplace place, String why) {
		try {
			Files.writeString(place.reason(), why);
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

	private static void endWithParent(Path folder) {
		try {
			System.in.transferTo(OutputStream.nullOutputStream());
			Folders.remove(folder);
		}
		catch (IOException ex) {
			// Whatever became of the pipe, nobody waits for this process.
		}
		finally {
			Runtime.getRuntime().halt(DAMAGED);
		}
	}

}
