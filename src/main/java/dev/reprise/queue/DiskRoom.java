package dev.reprise.queue;

import java.io.IOException;

import dev.reprise.artifact.BlobStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;

/**
 * Keeps runs from starting while the disk has no more than its reserve: what they write
 * would take from the database what it needs to go on, and their outputs could not be
 * kept.
 */
@Component
class DiskRoom {

	static final String WHY = "nothing starts while the disk has less free than reprise.reserve: make room on it";

	private static final Logger log = LoggerFactory.getLogger(DiskRoom.class);

	private final BlobStore store;

	private boolean had = true;

	DiskRoom(BlobStore store) {
		this.store = store;
	}

	/**
	 * Whether a run may start as far as the disk goes.
	 */
	synchronized boolean isThere() {
		boolean has;
		try {
			has = this.store.hasRoom();
		}
		catch (IOException ex) {
			log.warn("the disk does not say how much is free on it", ex);
			has = false;
		}
		if (has != this.had) {
			this.had = has;
			if (has) {
				log.info("there is room on the disk again: runs that wait are started");
			}
			else {
				log.warn("{}", WHY);
			}
		}
		return has;
	}

}
