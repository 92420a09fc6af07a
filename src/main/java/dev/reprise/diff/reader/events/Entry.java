package dev.reprise.diff.reader.events;

import org.jspecify.annotations.Nullable;

/**
 * One thing that an event says.
 *
 * @param key what it is about, and at which step
 * @param number the number that it holds, as a {@link Float} or a {@link Double}; null
 * where it holds something else
 * @param shown in words
 * @param rest digest of its bytes but for the number and for what is set apart
 */
record Entry(Key key, @Nullable Number number, String shown, String rest) {

	/**
	 * What an entry is about.
	 *
	 * @param name kind and tag
	 * @param step as the event gives it
	 * @param occurrence of that name at that step, from 0
	 */
	record Key(String name, long step, int occurrence) {

		String inWords() {
			return this.name + " step " + this.step + ((this.occurrence > 0) ? " (" + (this.occurrence + 1) + ")" : "");
		}

	}

}
