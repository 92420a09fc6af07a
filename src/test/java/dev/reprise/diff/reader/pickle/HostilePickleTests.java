package dev.reprise.diff.reader.pickle;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

import dev.reprise.diff.reader.bytes.NotReadException;
import dev.reprise.diff.reader.tensor.TensorBytes;
import dev.reprise.diff.reader.tensor.TensorFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

/**
 * Pickles made to take time, memory or more than that.
 */
class HostilePickleTests {

	@TempDir
	Path folder;

	@Test
	void nameThatIsNotKnownEndsTheReadingWhateverBecomesOfIt() {
		notRead(new PickleBytes().op(0x80, 2).global("os", "system").op('0', 'N'), "os.system");
		notRead(new PickleBytes().op(0x80, 4).text("builtins").text("eval").op(0x93), "builtins.eval");
		notRead(new PickleBytes().op('(').op('i').raw("subprocess\nPopen\n".getBytes(StandardCharsets.US_ASCII)),
				"subprocess.Popen");
		notRead(new PickleBytes().global("torch", "load"), "torch.load");
		notRead(new PickleBytes().global("numpy", "load"), "numpy.load");
		notRead(new PickleBytes().global("torch.storage.FloatStorage", "__reduce__"), "__reduce__");
		notRead(new PickleBytes().global("builtins", "getattr"), "builtins.getattr");
		notRead(new PickleBytes().global("os\u001b[2J", "system"), "os\\u001b[2J.system");
	}

	@Test
	void whatIsMadeIsNeverCalled() {
		notRead(new PickleBytes().op(']', ')', 'R'), "calls what is no name");
		notRead(new PickleBytes().global("builtins", "set").op(')', 'R', ')', 'R'), "calls what is no name");
		notRead(new PickleBytes().op(']', '}', 'b'), "changes what it has made");
		notRead(new PickleBytes().op(0x82, 1), "registry");
		notRead(new PickleBytes().global("builtins", "set").op(')', '}', 0x92), "named arguments");
		notRead(new PickleBytes().global("builtins", "int").text("1").op(0x85, 'R'), "converts a number");
		notRead(new PickleBytes().global("_codecs", "encode").text("a").text("rot13").op(0x86, 'R'), "encodes");
	}

	@Test
	void containersThatGrowByTheirOwnCopiesEndAtABound() {
		PickleBytes nested = new PickleBytes().op('N', 'q', 0);
		for (int i = 0; i < 60; i++) {
			nested.op('0', 'h', 0, 'h', 0, 0x86, 'q', 0);
		}
		notReadSoon(nested, "more");
		PickleBytes copies = new PickleBytes().op(']', 'q', 0).op('N', 'a');
		for (int i = 0; i < 60; i++) {
			copies.op('(', 'h', 0, 'h', 0, 'e').global("builtins", "list").op('h', 0, 0x85, 'R', 'q', 0);
			copies.op('(', 'h', 0, 'h', 0, 't', '0');
		}
		notReadSoon(copies.op('h', 0), "");
	}

	@Test
	void valueThatHoldsItselfIsNotRead() {
		notReadSoon(new PickleBytes().op(']', 'q', 0, 'h', 0, 'a'), "holds itself");
		notReadSoon(new PickleBytes().op('}', 'q', 0).text("a").op('h', 0, 's'), "holds itself");
	}

	@Test
	void deepNestingIsNotRead() {
		PickleBytes deep = new PickleBytes();
		for (int i = 0; i < 5000; i++) {
			deep.op(']');
		}
		for (int i = 0; i < 4999; i++) {
			deep.op('a');
		}
		notReadSoon(deep, "nested deeper");
		PickleBytes marks = new PickleBytes();
		for (int i = 0; i < 20_000; i++) {
			marks.op('(');
		}
		notReadSoon(marks, "marks");
	}

	@Test
	void lengthsThatLieTakeNoMemory() {
		notReadSoon(new PickleBytes().four(0x8b, Integer.MAX_VALUE), "number of 2147483647 bytes");
		notReadSoon(new PickleBytes().four(0x8b, -1), "number of 4294967295 bytes");
		notReadSoon(new PickleBytes().four('X', Integer.MAX_VALUE), "texts of over");
		notReadSoon(new PickleBytes().eight(0x8d, Long.MAX_VALUE), "texts of over");
		notReadSoon(new PickleBytes().eight(0x8d, -1), "texts of over");
		notReadSoon(new PickleBytes().eight(0x8e, Long.MAX_VALUE), "behind its own end");
		notReadSoon(new PickleBytes().eight(0x96, -5), "behind its own end");
		notReadSoon(new PickleBytes().op('N').four('r', -1), "pieces");
		notReadSoon(new PickleBytes().op('N').four('j', -1), "damaged");
		notReadSoon(new PickleBytes().raw(("I" + "9".repeat(5000) + "\n").getBytes(StandardCharsets.US_ASCII)), "line");
		notReadSoon(new PickleBytes().raw("Ix\n".getBytes(StandardCharsets.US_ASCII)), "damaged");
		notReadSoon(new PickleBytes().raw("F1e99999\n".getBytes(StandardCharsets.US_ASCII)), "damaged");
	}

	@Test
	void manyInstructionsEndAtABound() {
		byte[] many = new byte[20_000_000];
		Arrays.fill(many, (byte) 'N');
		notReadSoon(new PickleBytes().raw(many), "stack");
		for (int i = 0; i < many.length; i += 2) {
			many[i + 1] = '0';
		}
		notReadSoon(new PickleBytes().raw(many), "");
		for (int i = 0; i < many.length; i += 2) {
			many[i] = '(';
			many[i + 1] = '1';
		}
		notReadSoon(new PickleBytes().raw(many), "instructions");
		for (int i = 0; i < many.length; i += 2) {
			many[i] = ']';
			many[i + 1] = '0';
		}
		notReadSoon(new PickleBytes().raw(many), "pieces");
	}

	@Test
	void stackAndMarksAreHeldTo() {
		for (int instruction : new int[] { '0', '1', 'a', 'e', 's', 'u', 't', 'l', 'd', 'R', 'b', 'o', 0x81, 0x85, 0x86,
				0x87, 0x90, 0x91, 0x93, 0x94, 'Q', '2', '.', 0xFF, 0x97, 0x98 }) {
			notRead(new PickleBytes().op(instruction), "");
			notRead(new PickleBytes().op('(', instruction).op('('), "");
			notRead(new PickleBytes().op('N', '(', instruction).op('('), "");
		}
		notRead(new PickleBytes().op('N', 'N'), "damaged");
		notRead(new PickleBytes().op('(', 'N', 'd'), "damaged");
		notRead(new PickleBytes().op(0x80, 6, 'N'), "protocol");
	}

	@Test
	void twoValuesUnderOnePathAreNotRead() {
		notRead(new PickleBytes().op('}', '(').text("a").op('K', 1).text("a").op('K', 2).op('u'), "one path");
		notRead(new PickleBytes().op('}', '(').text("a.b").op('K', 1).text("a").op('}').text("b").op('K', 2, 's', 'u'),
				"one path");
	}

	@Test
	void whatFollowsThePickleIsNotPassedOver() {
		assertThatExceptionOfType(NotReadException.class)
			.isThrownBy(() -> read(new PickleBytes().op('N').op('.').op('N').stop()))
			.withMessageContaining("ends before the file does");
	}

	@Test
	void arrayWhoseShapeLiesIsNotRead() throws Exception {
		assertThat(read(array(2, 8)).tensors()).hasSize(1);
		assertThatExceptionOfType(NotReadException.class).isThrownBy(() -> read(array(3, 8)))
			.withMessageContaining("bytes that its shape says");
	}

	private static byte[] array(int elements, int bytes) {
		return new PickleBytes().global("numpy._core.numeric", "_frombuffer")
			.op('(')
			.op('C', bytes)
			.raw(new byte[bytes])
			.global("numpy", "dtype")
			.text("f4")
			.op(0x89, 0x88, 0x87, 'R', '(', 'K', 3)
			.text("<")
			.op('N', 'N', 'N', 'J', 255, 255, 255, 255, 'J', 255, 255, 255, 255, 'K', 0, 't', 'b')
			.op('K', elements, 0x85)
			.text("C")
			.op('t', 'R')
			.stop();
	}

	private void notReadSoon(PickleBytes pickle, String why) {
		byte[] bytes = pickle.stop();
		assertTimeoutPreemptively(Duration.ofSeconds(20), () -> notRead(bytes, why));
	}

	private void notRead(PickleBytes pickle, String why) {
		notRead(pickle.stop(), why);
	}

	private void notRead(byte[] pickle, String why) {
		assertThatExceptionOfType(NotReadException.class).isThrownBy(() -> read(pickle)).withMessageContaining(why);
	}

	private TensorFile read(byte[] pickle) throws Exception {
		byte[] withProtocol = (pickle.length > 0 && (pickle[0] & 0xFF) == 0x80) ? pickle
				: new PickleBytes().op(0x80, 4).raw(pickle).unstopped();
		return TensorBytes.read(this.folder, "a.pkl", withProtocol);
	}

}
