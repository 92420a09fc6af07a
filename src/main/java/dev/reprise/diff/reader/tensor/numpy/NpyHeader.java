package dev.reprise.diff.reader.tensor.numpy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

import dev.reprise.diff.reader.bytes.LittleEndian;
import dev.reprise.diff.reader.bytes.NotReadException;
import dev.reprise.diff.reader.tensor.Dtype;
import dev.reprise.diff.reader.tensor.Tensor;

/**
 * How a npy file begins: magic, version, length, and a Python dictionary with three keys.
 *
 * @param dtype what the elements are
 * @param bigEndian whether their most significant byte comes first
 * @param columnsFirst Fortran's order
 * @param shape dimensions
 * @param length bytes before the first element
 * @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">
 * numpy.lib.format</a>
 */
public record NpyHeader(Dtype dtype, boolean bigEndian, boolean columnsFirst, List<Long> shape, int length) {

	public static final int MAX = 64 * 1024;

	private static final byte[] MAGIC = { (byte) 0x93, 'N', 'U', 'M', 'P', 'Y' };

	public NpyHeader {
		shape = List.copyOf(shape);
	}

	/**
	 * Whether a file that begins so is one.
	 */
	public static boolean begins(byte[] head) {
		return head.length >= MAGIC.length && Arrays.equals(head, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
	}

	/**
	 * Bytes that the elements take.
	 */
	long bytes() throws NotReadException {
		return Tensor.elements(this.shape, this.dtype) * this.dtype.bytes();
	}

	static NpyHeader read(InputStream in) throws IOException {
		byte[] head = exactly(in, MAGIC.length + 2);
		if (!begins(head)) {
			throw new NotReadException("it is no npy file");
		}
		int version = head[MAGIC.length];
		if (version < 1 || version > 3 || head[MAGIC.length + 1] != 0) {
			throw new NotReadException("its npy version is not read here");
		}
		int prefix = (version == 1) ? Short.BYTES : Integer.BYTES;
		byte[] count = exactly(in, prefix);
		long length = (version == 1) ? LittleEndian.two(count, 0) : LittleEndian.four(count, 0);
		if (length > MAX) {
			throw new NotReadException("its header is larger than " + MAX + " bytes");
		}
		String text = new String(exactly(in, (int) length),
				(version == 3) ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
		PythonDictionary dictionary = PythonDictionary.parse(text);
		String type = dictionary.descr();
		Dtype dtype = dtype(type);
		return new NpyHeader(dtype, type.charAt(0) == '>', dictionary.columnsFirst(), dictionary.shape(),
				head.length + prefix + (int) length);
	}

	/**
	 * The type that numpy writes so, its byte order first.
	 * @throws NotReadException if it is not read here
	 */
	public static Dtype dtype(String descr) throws NotReadException {
		if (descr.length() < 2 || "<>|=".indexOf(descr.charAt(0)) < 0) {
			throw new NotReadException("its elements have a type that is not read here");
		}
		return switch (descr.substring(1)) {
			case "f8" -> Dtype.F64;
			case "f4" -> Dtype.F32;
			case "f2" -> Dtype.F16;
			case "i8" -> Dtype.I64;
			case "i4" -> Dtype.I32;
			case "i2" -> Dtype.I16;
			case "i1" -> Dtype.I8;
			case "u8" -> Dtype.U64;
			case "u4" -> Dtype.U32;
			case "u2" -> Dtype.U16;
			case "u1" -> Dtype.U8;
			case "b1" -> Dtype.BOOL;
			case "c8" -> Dtype.C64;
			case "c16" -> Dtype.C128;
			case "O" ->
				throw new NotReadException("its elements are Python objects, which are pickled: never read here");
			default -> throw new NotReadException("its elements have a type that is not read here");
		};
	}

	private static byte[] exactly(InputStream in, int length) throws IOException {
		byte[] bytes = in.readNBytes(length);
		if (bytes.length < length) {
			throw new NotReadException("it ends within its header");
		}
		return bytes;
	}

}
