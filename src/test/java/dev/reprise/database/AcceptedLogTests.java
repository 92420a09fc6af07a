package dev.reprise.database;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class AcceptedLogTests {

	private static final long SOON = 4096;

	private final Set<String> files = new HashSet<>();

	@TempDir
	private Path folder;

	private Path file() {
		return this.folder.resolve("accepted.jsonl");
	}

	private AcceptedLog open() throws IOException {
		return new AcceptedLog(file(), this.files::contains, SOON);
	}

	@Test
	void whatWasAppendedIsReadInTheNextLife() throws IOException {
		try (AcceptedLog log = open()) {
			log.append(Map.of("a.run.json", "{\"name\": \"één\"}"));
			log.append(Map.of("b.run.json", "{}"));
			log.force();
		}
		try (AcceptedLog log = open()) {
			assertThat(log.read()).containsOnly(Map.entry("a.run.json", "{\"name\": \"één\"}"),
					Map.entry("b.run.json", "{}"));
		}
	}

	@Test
	void whatHasAFileIsLeftOutWhenItIsOpened() throws IOException {
		try (AcceptedLog log = open()) {
			log.append(Map.of("a.run.json", "{\"of\": \"a\"}"));
			log.append(Map.of("b.run.json", "{\"of\": \"b\"}"));
		}
		this.files.add("a.run.json");
		try (AcceptedLog log = open()) {
			assertThat(log.read()).containsOnlyKeys("b.run.json");
			assertThat(file()).hasContent("b.run.json {\"of\": \"b\"}\n");
		}
	}

	@Test
	void itIsShortenedWhenItHasGrownAndGoesOn() throws IOException {
		try (AcceptedLog log = open()) {
			log.append(Map.of("kept.run.json", "{\"kept\": true}"));
			for (int i = 0; i < 2000; i++) {
				String name = i + ".run.json";
				log.append(Map.of(name, "{\"filler\": \"" + "x".repeat(100) + "\"}"));
				this.files.add(name);
				assertThat(Files.size(file())).as("after %d", i).isLessThan(3 * SOON);
			}
			log.append(Map.of("last.run.json", "{}"));
			log.force();
			assertThat(log.read()).containsKeys("kept.run.json", "last.run.json").hasSizeLessThan(60);
			assertThat(log.read().get("kept.run.json")).isEqualTo("{\"kept\": true}");
		}
	}

	/**
	 * Where nothing can be left out, it is not gone through again at every line.
	 */
	@Test
	void whatIsAllNeededIsNotWrittenAgainAndAgain() throws IOException {
		try (AcceptedLog log = open()) {
			Object key = null;
			int rewritten = 0;
			for (int i = 0; i < 1000; i++) {
				log.append(Map.of(i + ".run.json", "x".repeat(100)));
				Object now = Files.getAttribute(file(), "unix:ino");
				rewritten += now.equals(key) ? 0 : 1;
				key = now;
			}
			assertThat(log.read()).hasSize(1000);
			assertThat(rewritten).isLessThan(12);
		}
	}

	/**
	 * Cut at each of its bytes, in the middle of a character too.
	 */
	@Test
	void aTornLastLineIsDroppedAndHarmsNothingThatComesAfter() throws IOException {
		byte[] torn = "b.run.json {\"name\": \"één \\u0000 日本\"}".getBytes(StandardCharsets.UTF_8);
		for (int length = 1; length <= torn.length; length++) {
			Files.deleteIfExists(file());
			try (AcceptedLog log = open()) {
				log.append(Map.of("a.run.json", "{\"name\": \"één\"}"));
			}
			Files.write(file(), java.util.Arrays.copyOf(torn, length), StandardOpenOption.APPEND);
			try (AcceptedLog log = open()) {
				assertThat(log.read()).as("%d bytes", length).containsOnlyKeys("a.run.json");
				log.append(Map.of("c.run.json", "{}"));
			}
			try (AcceptedLog log = open()) {
				assertThat(log.read()).as("%d bytes", length).containsOnlyKeys("a.run.json", "c.run.json");
				assertThat(log.read().get("a.run.json")).isEqualTo("{\"name\": \"één\"}");
			}
		}
	}

	/**
	 * After a loss of power, pages that were not forced may be anything.
	 */
	@Test
	void bytesThatAreNoTextHarmNoOtherLine() throws IOException {
		Files.write(file(), new byte[] { 'a', ' ', '{', '}', '\n', (byte) 0xff, 0, 0, (byte) 0xc3, '\n', 'b', ' ', '{',
				'}', '\n' });
		try (AcceptedLog log = open()) {
			log.append(Map.of("c", "{}"));
			assertThat(log.read()).containsKeys("a", "b", "c");
		}
	}

}
