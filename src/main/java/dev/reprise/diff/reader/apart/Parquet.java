package dev.reprise.diff.reader.apart;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import dev.reprise.diff.reader.bytes.JobFile;
import dev.reprise.diff.reader.part.Findings;
import dev.reprise.diff.reader.part.PartReader;
import dev.reprise.diff.reader.values.JsonLines;

/**
 * Reads Parquet: by row and column. Rows are paired by their numbers. Where all cells are
 * equal the difference is one that is not named, since it may be in what the library does
 * not show.
 */
public final class Parquet implements PartReader {

	private final Turning turning;

	public Parquet(Turning turning) {
		this.turning = turning;
	}

	@Override
	public boolean reads(String name, byte[] head) {
		return new String(head, StandardCharsets.ISO_8859_1).startsWith("PAR1");
	}

	@Override
	public void compare(JobFile left, JobFile right, Findings findings) throws IOException {
		JsonLines.compare(this.turning.parquet(left), this.turning.parquet(right), findings,
				(number) -> (number == 1) ? "file" : "row " + (number - 1));
	}

}
