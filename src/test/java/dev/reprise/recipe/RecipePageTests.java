package dev.reprise.recipe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds the tables of {@code docs/recipe.md} to the book. With
 * {@code -Dreprise.rewrite=true} they are written again.
 */
class RecipePageTests {

	private static final Path PAGE = Path.of("docs/recipe.md");

	@Test
	void tablesOfTheUsersPageAreCurrent() throws IOException {
		String page = Files.readString(PAGE);
		String current = withTable(
				withTable(withTable(page, "knobs", knobs(RecipeBook.allKnobs())), "jvm", knobs(own())), "variables",
				variables());
		if (Boolean.getBoolean("reprise.rewrite")) {
			Files.writeString(PAGE, current);
		}
		assertThat(Files.readString(PAGE)).isEqualTo(current);
	}

	private static String withTable(String page, String name, List<String> table) {
		int start = page.indexOf("<!-- " + name + ":");
		int from = page.indexOf("-->\n", start) + "-->\n".length();
		int to = page.indexOf("<!-- /" + name + " -->");
		assertThat(start).as("marker of " + name).isNotNegative();
		assertThat(to).as("end marker of " + name).isGreaterThanOrEqualTo(from);
		return page.substring(0, from) + String.join("\n", table) + "\n" + page.substring(to);
	}

	private static List<RecipeBook.Row> own() {
		return RecipeBook.jvmKnobs().stream().filter((row) -> !RecipeBook.allKnobs().contains(row)).toList();
	}

	private static List<String> knobs(List<RecipeBook.Row> all) {
		List<String> lines = new ArrayList<>();
		lines.add("| knob | value | when | from | why | source |");
		lines.add("|---|---|---|---|---|---|");
		for (Item item : Item.values()) {
			List<RecipeBook.Row> rows = all.stream().filter((row) -> row.item() == item).toList();
			if (!rows.isEmpty()) {
				lines.add("| **" + item.title() + "** | | | | | |");
			}
			for (RecipeBook.Row row : rows) {
				lines.add("| `" + row.name() + "` | " + row.shownValue() + " | " + row.when().wire() + " | "
						+ row.level().from().wire() + (row.portableOnly() ? ", portable" : "") + " | " + row.reason()
						+ " | " + row.source() + " |");
			}
		}
		return lines;
	}

	private static List<String> variables() {
		List<String> lines = new ArrayList<>();
		lines.add("| variable | why |");
		lines.add("|---|---|");
		for (Map.Entry<String, String> variable : Recipe.reservedVariables().entrySet()) {
			lines.add("| `" + variable.getKey() + "` | " + variable.getValue() + " |");
		}
		return lines;
	}

}
