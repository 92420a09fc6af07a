package dev.reprise.diff.reader.tensor.torch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;

import dev.reprise.diff.reader.bytes.JobFile;
import dev.reprise.diff.reader.bytes.LittleEndian;
import dev.reprise.diff.reader.bytes.NotReadException;
import dev.reprise.diff.reader.bytes.Stretch;
import dev.reprise.diff.reader.pickle.Pickle;
import dev.reprise.diff.reader.pickle.PickleInput;
import dev.reprise.diff.reader.tensor.TensorFile;
import dev.reprise.diff.reader.zip.ZipDirectory;

import org.jspecify.annotations.Nullable;

/**
 * Files that {@code torch.save} and {@code pickle.dump} write.
 */
public final class TorchFiles {

	private static final Set<String> CHECKPOINTS = Set.of("pt", "pth", "ckpt", "bin");

	private static final Set<String> PICKLES = Set.of("pkl", "pickle", "joblib");

	/** Protocol 2, the magic number, stop. */
	private static final byte[] LEGACY = HexFormat.of().parseHex("80028a0a6cfc9c46f9206aa850192e");

	private TorchFiles() {
	}

	/**
	 * The format of a file that begins so and has that name, in lower case; null where it
	 * is none of these.
	 */
	public static TensorFile.@Nullable Format format(byte[] head, String name) {
		String suffix = name.substring(name.lastIndexOf('.') + 1);
		if (begins(head, LEGACY) || (ZipDirectory.begins(head)
				&& (firstEntry(head).endsWith("/data.pkl") || Set.of("pt", "pth", "ckpt").contains(suffix)))) {
			return TensorFile.Format.TORCH;
		}
		boolean binary = head.length > 1 && (head[0] & 0xFF) == 0x80 && head[1] >= 2 && head[1] < 10;
		boolean text = head.length > 0 && "(]})cIFSVNLd".indexOf(head[0]) >= 0;
		if ((binary && (CHECKPOINTS.contains(suffix) || PICKLES.contains(suffix)))
				|| (text && PICKLES.contains(suffix))) {
			return TensorFile.Format.PICKLE;
		}
		return null;
	}

	private static boolean begins(byte[] head, byte[] with) {
		return head.length >= with.length && Arrays.equals(head, 0, with.length, with, 0, with.length);
	}

	private static String firstEntry(byte[] head) {
		if (head.length < 30) {
			return "";
		}
		int length = Math.min(LittleEndian.two(head, 26), head.length - 30);
		return new String(head, 30, length, StandardCharsets.UTF_8);
	}

	/**
	 * Reads a checkpoint, as a zip or as it was written before version 1.6.
	 * @throws NotReadException saying what is wrong with it, or what is not known
	 */
	public static TensorFile read(JobFile file) throws IOException {
		byte[] head = file.read(0, (int) Math.min(LEGACY.length, file.size()));
		Contents contents = begins(head, LEGACY) ? LegacyFile.read(Stretch.of(file, 0, file.size()))
				: TorchZip.read(file);
		return contents.file(TensorFile.Format.TORCH);
	}

	/**
	 * Reads a pickle.
	 * @throws NotReadException saying what is wrong with it, or what is not known
	 */
	public static TensorFile readPickle(JobFile file) throws IOException {
		PickleInput input = new PickleInput(Stretch.of(file, 0, file.size()));
		Pickle.Content content = Pickle.read(input, Known.NAMES);
		if (input.position() != file.size()) {
			throw new NotReadException("its pickle ends before the file does");
		}
		Contents contents = new Contents(Beside.NOTHING, file.size());
		contents.add(content.value());
		return contents.file(TensorFile.Format.PICKLE);
	}

}
