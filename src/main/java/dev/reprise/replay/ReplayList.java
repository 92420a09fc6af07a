package dev.reprise.replay;

import java.util.List;

import dev.reprise.replay.certificate.Certificate;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * All replays of a run, and what they say together.
 *
 * @param items oldest first
 * @param certificate over those that are no controls
 * @param next null: the list is whole
 */
@Schema(name = "Replays")
record ReplayList(List<ReplayRow.View> items, Certificate certificate, @Nullable String next) {

	ReplayList {
		items = List.copyOf(items);
	}

	static ReplayList of(List<ReplayRow> rows) {
		return new ReplayList(rows.stream().map(ReplayRow::view).toList(),
				Certificate.over(
						rows.stream().filter((row) -> row.kind() == ReplayKind.REPLAY).map(ReplayRow::judged).toList()),
				null);
	}

}
