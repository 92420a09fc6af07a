package dev.reprise.diff.reader.pickle;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import dev.reprise.diff.reader.bytes.NotReadException;

/**
 * Follows the instructions of a pickle, protocols 0 to 5, and says what they describe.
 * Python would import and call what a pickle names; here a name is only a name, and one
 * that the reader does not know ends the reading, whatever was to become of it. Bounded
 * in instructions, values and text, whatever the pickle says of itself.
 *
 * @see <a href="https://github.com/python/cpython/blob/main/Lib/pickletools.py">
 * pickletools</a>
 */
public final class Pickle {

	private static final int STOP = '.';

	private static final int NEWEST = 5;

	private final PickleInput input;

	private final PickleLimits limits = new PickleLimits();

	private final PickleStack stack = new PickleStack(this.limits);

	private final Scalars scalars;

	private final Making making;

	private final List<Value.Persistent> persistent = new ArrayList<>();

	private Pickle(PickleInput input, Allowed allowed) {
		this.input = input;
		this.scalars = new Scalars(input, this.stack, this.limits);
		this.making = new Making(input, this.stack, this.limits, allowed);
	}

	/**
	 * What a pickle describes.
	 *
	 * @param value the value
	 * @param persistent what the pickle names beside itself, in its order
	 */
	public record Content(Value value, List<Value.Persistent> persistent) {

		public Content {
			persistent = List.copyOf(persistent);
		}

	}

	/**
	 * Reads the next pickle; the input stands behind it then.
	 * @throws NotReadException if it is damaged, beyond a bound, or asks for something
	 * that is not known
	 */
	public static Content read(PickleInput input, Allowed allowed) throws NotReadException {
		try {
			Pickle pickle = new Pickle(input, allowed);
			pickle.follow();
			return new Content(pickle.stack.result(), pickle.persistent);
		}
		catch (NotReadException ex) {
			throw ex;
		}
		catch (IOException ex) {
			throw Unread.damaged();
		}
	}

	private void follow() throws IOException {
		int instruction = this.input.one();
		while (instruction != STOP) {
			this.limits.instruction();
			if (!this.scalars.follow(instruction) && !this.making.follow(instruction)) {
				other(instruction);
			}
			instruction = this.input.one();
		}
	}

	private void other(int instruction) throws IOException {
		switch (instruction) {
			case 0x80 -> {
				if (this.input.one() > NEWEST) {
					throw Unread.odd("is of a protocol after " + NEWEST);
				}
			}
			case 0x95 -> this.input.eight();
			case '(' -> this.stack.mark();
			case '0' -> this.stack.drop();
			case '1' -> this.stack.toMark();
			case '2' -> this.stack.push(this.stack.top());
			case 'p' -> this.stack.put(this.scalars.index());
			case 'q' -> this.stack.put(this.input.one());
			case 'r' -> this.stack.put(this.input.four());
			case 0x94 -> this.stack.put();
			case 'g' -> this.stack.get(this.scalars.index());
			case 'h' -> this.stack.get(this.input.one());
			case 'j' -> this.stack.get(this.input.four());
			case 'P' -> beside(new Value.Text(this.input.line()));
			case 'Q' -> beside(this.stack.pop());
			case 0x82, 0x83, 0x84 -> throw Unread.odd("asks for a class by a number of a registry");
			case 0x97, 0x98 -> throw Unread.odd("has buffers beside itself");
			default -> throw Unread.damaged();
		}
	}

	private void beside(Value id) throws NotReadException {
		this.limits.hold(3);
		Value.Persistent named = new Value.Persistent(id);
		this.persistent.add(named);
		this.stack.push(named);
	}

}
