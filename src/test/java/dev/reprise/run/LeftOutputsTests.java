package dev.reprise.run;

import java.util.ArrayList;
import java.util.List;

import dev.reprise.artifact.Digest;
import dev.reprise.artifact.ListedFile;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever names a job gives its files, what is kept of them fits its column.
 */
class LeftOutputsTests {

	private static final int COLUMN = 1_000_000;

	@Test
	void longNamesThatTakeMuchRoomInJsonAreBounded() {
		List<ListedFile> outputs = new ArrayList<>();
		for (int i = 0; i < 600; i++) {
			outputs.add(new ListedFile(("\"".repeat(250) + "/").repeat(4) + i, "644", 1,
					Digest.of(new byte[] { (byte) i })));
		}
		LeftOutputs left = LeftOutputs.of(outputs).comparedWith(List.of());
		assertThat(left.json().length()).isLessThan(COLUMN);
		assertThat(left.files()).isEqualTo(600);
		assertThat(left.digests()).isNotEmpty();
		assertThat(LeftOutputs.read(left.json())).isEqualTo(left);
	}

	@Test
	void noMoreThanTheFirstAreKept() {
		List<ListedFile> outputs = new ArrayList<>();
		for (int i = 0; i < LeftOutputs.MOST + 1; i++) {
			outputs.add(new ListedFile("f" + i, "644", 1, Digest.of(new byte[] { 1 })));
		}
		LeftOutputs left = LeftOutputs.of(outputs).comparedWith(outputs);
		assertThat(left.files()).isEqualTo(LeftOutputs.MOST + 1);
		assertThat(left.view().equal()).isEqualTo(LeftOutputs.MOST);
	}

}
