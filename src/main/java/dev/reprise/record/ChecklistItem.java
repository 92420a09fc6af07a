package dev.reprise.record;

import dev.reprise.recipe.Item;
import tools.jackson.databind.JsonNode;

/**
 * One line of a checklist.
 *
 * @param item the group of knobs
 * @param title what a person is shown
 * @param requested by knob, the value that was requested; empty where none was
 * @param observed by knob, what the main process read back: {@code status}, {@code start}
 * and {@code end}; for the children, what was started
 * @param held whether it held
 * @param why a sentence that says why, with the place where there is one
 */
public record ChecklistItem(Item item, String title, JsonNode requested, JsonNode observed, Held held, String why) {
}
