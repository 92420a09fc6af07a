package dev.reprise.record;

import java.util.Arrays;
import java.util.List;

import dev.reprise.recipe.Item;
import dev.reprise.recipe.Recipe;
import dev.reprise.recipe.RecipeBook;

/**
 * The recipe's knobs in the groups that people know, each read back. An item is never
 * held without a reading.
 *
 * @param items every item that the runtime has, in the checklist's order
 */
public record Checklist(List<ChecklistItem> items) {

	/**
	 * Copies what it is given.
	 */
	public Checklist {
		items = List.copyOf(items);
	}

	/**
	 * Judges what was requested by what was read back.
	 */
	public static Checklist of(Recipe recipe, RunRecord record, Program program) {
		ItemJudge judge = new ItemJudge(recipe, record, program);
		return new Checklist(Arrays.stream(Item.values()).filter(program::has).map(judge::judge).toList());
	}

	/**
	 * The line of an item.
	 */
	public ChecklistItem item(Item item) {
		return this.items.stream().filter((line) -> line.item() == item).findFirst().orElseThrow();
	}

	/**
	 * What a run starts, as its spec says it.
	 */
	public enum Program {

		/**
		 * A Python program: one that leaves no record is one that nothing is known about.
		 */
		PYTHON,

		/**
		 * A command, which may be a program of any kind.
		 */
		COMMAND,

		/**
		 * A program on the JVM.
		 */
		JVM;

		/**
		 * What the recipe has for it of an item.
		 */
		List<RecipeBook.Row> rows(Item item) {
			return (this == JVM) ? RecipeBook.jvmRows(item) : RecipeBook.rows(item);
		}

		boolean has(Item item) {
			return item == Item.CHILDREN || !rows(item).isEmpty();
		}

	}

}
