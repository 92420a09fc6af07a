package dev.reprise.diff.engine.trace;

import java.io.RandomAccessFile;
import java.nio.file.Path;

import dev.reprise.record.trace.Trace;

/**
 * A process that compares two traces until what does so is compiled, takes half of one
 * file away while it is mapped, and compares once more. It tells what it saw then, if it
 * lives to tell.
 */
final class ShrinksTrace {

	private ShrinksTrace() {
	}

	public static void main(String[] args) throws Exception {
		Path left = Path.of(args[0]);
		Path right = Path.of(args[1]);
		try (Trace one = Trace.open(left, "main").orElseThrow(); Trace two = Trace.open(right, "main").orElseThrow()) {
			for (int i = 0; i < Integer.parseInt(args[2]); i++) {
				new Pass(one, two, true).run();
			}
			try (RandomAccessFile file = new RandomAccessFile(right.resolve("record/main/trace/0000").toFile(), "rw")) {
				file.setLength(file.length() / 2);
			}
			Pass pass = new Pass(one, two, true);
			try {
				pass.run();
				System.out.println(pass.right().problems().isEmpty() ? "saw nothing" : "seen by its chain");
			}
			catch (InternalError ex) {
				System.out.println("thrown");
			}
		}
	}

}
