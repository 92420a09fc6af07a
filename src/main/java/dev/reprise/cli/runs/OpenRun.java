package dev.reprise.cli.runs;

import java.nio.file.Path;

import dev.reprise.diff.engine.folder.Listings;
import dev.reprise.diff.engine.folder.RecordFolder;
import dev.reprise.record.UnreadableRecordException;

/**
 * A run that can be read now.
 *
 * @param name as a person named it
 * @param folder what lies there but for the outputs' bytes
 * @param record what was read of it
 */
record OpenRun(String name, Path folder, RecordFolder record) {

	static OpenRun of(String name, Path folder) throws UnreadableRunException {
		try {
			return new OpenRun(name, folder, RecordFolder.open(folder));
		}
		catch (UnreadableRecordException ex) {
			throw new UnreadableRunException(name + ": " + ex.getMessage()
					+ "; give the folder that ./reprise local named, or one that ./reprise export can read");
		}
	}

	/**
	 * One whose outputs are elsewhere.
	 * @param outputs gives the place of an output's bytes, whether or not they are there
	 */
	static OpenRun of(String name, Path folder, RecordFolder.Kept outputs) throws UnreadableRunException {
		try {
			return new OpenRun(name, folder, RecordFolder.open(folder, outputs));
		}
		catch (UnreadableRecordException ex) {
			throw new UnreadableRunException(name + ": " + ex.getMessage());
		}
	}

	/**
	 * The listing.
	 * @throws UnreadableRunException if there is none that can be read
	 */
	Listings listings() throws UnreadableRunException {
		Listings listings = this.record.listings();
		if (listings == null) {
			throw new UnreadableRunException(this.name + ": " + String.join("; ", this.record.gaps()));
		}
		return listings;
	}

}
