package dev.reprise.diff.reader.tensor.torch;

import java.io.IOException;

import dev.reprise.diff.reader.bytes.Extent;
import dev.reprise.diff.reader.bytes.NotReadException;

/**
 * The storages that lie beside a pickle.
 */
interface Beside {

	/** A pickle that stands alone. */
	Beside NOTHING = new Beside() {

		@Override
		public Extent bytes(StorageId id) throws NotReadException {
			throw new NotReadException("its pickle names a storage that is not there");
		}

		@Override
		public boolean bigEndian() {
			return false;
		}

	};

	/**
	 * The bytes of a storage.
	 * @throws NotReadException if it is not there or has another size
	 */
	Extent bytes(StorageId id) throws IOException;

	/**
	 * Whether the most significant byte of an element comes first.
	 */
	boolean bigEndian();

}
