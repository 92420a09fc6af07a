package dev.reprise.diff.engine;

import org.jspecify.annotations.Nullable;

/**
 * Something that is known to differ, or to be read without being decided by a seed.
 *
 * @param layer where it is
 * @param key which it is
 * @param family of what sort it is
 * @param why it may make a difference, where the family's words do not say
 * @param said what is known of it, in half a sentence with its values
 * @param generator of a seeding, whose state it decides; else null
 * @param step in which it came first, null where that is not known or means nothing
 */
record Suspect(Layer layer, String key, Family family, @Nullable String why, String said, @Nullable String generator,
		@Nullable Long step) {

	Suspect(Layer layer, String key, Family family, String said) {
		this(layer, key, family, null, said, null, null);
	}

	/**
	 * Whether it can make two traces part where they do.
	 */
	boolean fits(Scene scene) {
		if (after(scene) || !scene.where().families().contains(this.family)) {
			return false;
		}
		return this.generator == null || !scene.ofGenerator() || this.generator.equals(scene.generator());
	}

	/**
	 * Whether it came later than the difference.
	 */
	boolean after(Scene scene) {
		return this.step != null && scene.step() != null && this.step > scene.step();
	}

	/**
	 * Whether it came in the very step in which the traces part, and not at the start.
	 */
	boolean inTheStepOf(Scene scene) {
		return this.step != null && scene.step() != null && this.step > 0 && !after(scene)
				&& this.step > scene.step() - scene.every();
	}

}
