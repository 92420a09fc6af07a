package dev.reprise.diff.reader.events;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

import dev.reprise.artifact.Digest;
import dev.reprise.diff.reader.bytes.NotReadException;
import dev.reprise.diff.reader.part.Spans;

import org.jspecify.annotations.Nullable;

/**
 * One value of a summary: a tag and what it has at a step.
 *
 * @see <a href=
 * "https://github.com/tensorflow/tensorboard/blob/master/tensorboard/compat/proto/summary.proto">
 * summary.proto</a>
 */
final class SummaryValue {

	private static final int TAG = 1;

	private static final int SIMPLE_VALUE = 2;

	private static final int IMAGE = 4;

	private static final int HISTOGRAM = 5;

	private static final int AUDIO = 6;

	private static final int TENSOR = 8;

	private static final int METADATA = 9;

	private static final int DT_FLOAT = 1;

	private static final int DT_DOUBLE = 2;

	private static final int MAX_TAG = 1024;

	private final byte[] bytes;

	private final Wire value;

	private final long step;

	private final List<Event.Time> times;

	private final Spans setApart;

	/** Stretches that are no part of {@link Entry#rest}, as pairs. */
	private final List<Integer> cut = new ArrayList<>();

	private String tag = "";

	private String kind = "values";

	private @Nullable Number number;

	private String shown = "";

	SummaryValue(byte[] bytes, Wire value, long step, List<Event.Time> times, Spans setApart) {
		this.bytes = bytes;
		this.value = value;
		this.step = step;
		this.times = times;
		this.setApart = setApart;
	}

	Entry entry() throws NotReadException {
		this.shown = Digests.digest(this.bytes, this.value.from(), this.value.to());
		Wire field = this.value.message();
		int numbers = 0;
		while (field.next()) {
			if (field.is(TAG, Wire.BYTES)) {
				this.tag = (field.length() <= MAX_TAG) ? field.text() : field.text().substring(0, MAX_TAG / 4) + "… "
						+ Digests.of(this.bytes, field.from(), field.to());
			}
			else if (field.is(SIMPLE_VALUE, Wire.FIXED32)) {
				this.kind = "scalars";
				number(field.float32(), field.from(), field.to());
				numbers++;
			}
			else if (field.is(TENSOR, Wire.BYTES)) {
				numbers += tensor(field.message());
			}
			else if (field.is(METADATA, Wire.BYTES)) {
				metadata(field.message());
			}
			else {
				other(field);
			}
		}
		if (numbers > 1) {
			this.number = null;
			this.cut.clear();
		}
		else if (this.number != null && TrainerDurations.isOne(this.tag)) {
			// Its bytes prove nothing of the layout; whether the number is judged is for
			// who
			// knows whose file it is.
			this.setApart.add(this.cut.get(0), this.cut.get(1));
		}
		return new Entry(new Entry.Key(this.kind + "/" + this.tag, this.step, 0), this.number, this.shown, rest());
	}

	private void number(Number number, int from, int to) {
		this.number = number;
		this.shown = number.toString();
		this.cut.add(from);
		this.cut.add(to);
	}

	private void other(Wire field) throws NotReadException {
		if (field.is(IMAGE, Wire.BYTES)) {
			this.kind = "images";
		}
		else if (field.is(AUDIO, Wire.BYTES)) {
			this.kind = "audio";
		}
		else if (field.is(HISTOGRAM, Wire.BYTES)) {
			this.kind = "histograms";
			this.shown = histogram(field.message());
		}
	}

	private String histogram(Wire field) throws NotReadException {
		List<String> words = new ArrayList<>();
		String[] names = { "", "min ", "max ", "count ", "sum " };
		while (field.next()) {
			if (field.field() < names.length && field.is(field.field(), Wire.FIXED64)) {
				words.add(names[field.field()] + field.float64());
			}
		}
		return String.join(", ", words) + " (" + Digests.digest(this.bytes, this.value.from(), this.value.to()) + ")";
	}

	/**
	 * A number where the tensor is a single one of a floating-point type.
	 */
	private int tensor(Wire field) throws NotReadException {
		long dtype = 0;
		int from = -1;
		int to = -1;
		int values = 0;
		while (field.next()) {
			if (field.is(1, Wire.VARINT)) {
				dtype = field.number();
			}
			else if (field.field() >= 4 && field.field() != 8) {
				from = field.from();
				to = field.to();
				values++;
			}
			else if (field.is(8, Wire.BYTES)) {
				this.shown = Digests.shown(this.bytes, field.from(), field.to());
			}
		}
		if (values == 1 && dtype == DT_FLOAT && to - from == Float.BYTES) {
			number(Wire.float32(this.bytes, from), from, to);
			return 1;
		}
		if (values == 1 && dtype == DT_DOUBLE && to - from == Double.BYTES) {
			number(Wire.float64(this.bytes, from), from, to);
			return 1;
		}
		return 0;
	}

	private void metadata(Wire field) throws NotReadException {
		while (field.next()) {
			if (field.is(1, Wire.BYTES)) {
				plugin(field.message());
			}
		}
	}

	private void plugin(Wire field) throws NotReadException {
		String name = "";
		Wire content = null;
		while (field.next()) {
			if (field.is(1, Wire.BYTES)) {
				name = field.text();
			}
			else if (field.is(2, Wire.BYTES)) {
				content = field.message();
			}
		}
		if (!name.isEmpty() && name.length() <= 64 && this.kind.equals("values")) {
			this.kind = name;
		}
		if (name.equals("hparams") && content != null) {
			hparams(content);
		}
	}

	/**
	 * When an experiment was made, and when a session began and ended.
	 */
	private void hparams(Wire field) throws NotReadException {
		while (field.next()) {
			int place = switch (field.field()) {
				case 2 -> 3;
				case 3 -> 5;
				case 4 -> 2;
				default -> 0;
			};
			if (place > 0 && field.is(field.field(), Wire.BYTES)) {
				Wire info = field.message();
				while (info.next()) {
					if (info.is(place, Wire.FIXED64)) {
						Event.time("time in hparams", info, this.times, this.setApart);
						this.cut.add(info.from());
						this.cut.add(info.to());
					}
				}
			}
		}
	}

	private String rest() {
		MessageDigest sha256 = Digest.sha256();
		int at = this.value.from();
		List<Integer> stretches = this.cut;
		List<Integer> order = new ArrayList<>();
		for (int i = 0; i < stretches.size(); i += 2) {
			order.add(i);
		}
		order.sort((a, b) -> Integer.compare(stretches.get(a), stretches.get(b)));
		for (int i : order) {
			sha256.update(this.bytes, at, stretches.get(i) - at);
			sha256.update("|".getBytes(StandardCharsets.US_ASCII));
			at = stretches.get(i + 1);
		}
		sha256.update(this.bytes, at, this.value.to() - at);
		return Digest.of(sha256).value();
	}

}
