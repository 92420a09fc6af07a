package dev.reprise.diff.reader;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;

import dev.reprise.diff.reader.apart.Turning;
import dev.reprise.diff.reader.bytes.JobFile;
import dev.reprise.diff.reader.bytes.NotReadException;
import dev.reprise.diff.reader.tensor.TensorFile;
import dev.reprise.diff.reader.tensor.numpy.Npy;
import dev.reprise.diff.reader.tensor.numpy.NpyHeader;
import dev.reprise.diff.reader.tensor.numpy.Npz;
import dev.reprise.diff.reader.tensor.onnx.OnnxModel;
import dev.reprise.diff.reader.tensor.safetensors.Safetensors;
import dev.reprise.diff.reader.tensor.torch.TorchFiles;
import dev.reprise.diff.reader.zip.ZipDirectory;

import org.jspecify.annotations.Nullable;

/**
 * Tells files that hold tensors from others, and reads them.
 */
public final class TensorFiles {

	/** As much as the name of a first entry of a zip may take. */
	private static final int HEAD = 512;

	private static final byte[] HDF5 = { (byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1A, '\n' };

	private TensorFiles() {
	}

	/**
	 * The format of a file by how it begins, and by its name where that says nothing;
	 * null where it is none that holds tensors.
	 * @throws NotReadException if it cannot be read
	 */
	public static TensorFile.@Nullable Format format(JobFile file) throws NotReadException {
		byte[] head = file.read(0, (int) Math.min(HEAD, file.size()));
		String name = file.path().toLowerCase(Locale.ROOT);
		if (isHdf5(head)) {
			return TensorFile.Format.HDF5;
		}
		if (NpyHeader.begins(head)) {
			return TensorFile.Format.NPY;
		}
		if (name.endsWith(".safetensors") || Safetensors.begins(head, file.size())) {
			return TensorFile.Format.SAFETENSORS;
		}
		if (name.endsWith(".npz") && ZipDirectory.begins(head)) {
			return TensorFile.Format.NPZ;
		}
		if (Shards.isIndex(name)) {
			return TensorFile.Format.SHARDS;
		}
		return name.endsWith(".onnx") ? TensorFile.Format.ONNX : TorchFiles.format(head, name);
	}

	private static boolean isHdf5(byte[] head) {
		return head.length >= HDF5.length && Arrays.equals(head, 0, HDF5.length, HDF5, 0, HDF5.length);
	}

	/**
	 * Reads what one file holds, though not yet its tensors' bytes.
	 * @throws NotReadException saying what is wrong with it
	 */
	public static TensorFile read(JobFile file, TensorFile.Format format) throws NotReadException {
		return read(file, format, new Turning());
	}

	/**
	 * Reads what one of many files holds, though not yet its tensors' bytes.
	 * @param turning turns those that a library reads
	 * @throws NotReadException saying what is wrong with it
	 */
	public static TensorFile read(JobFile file, TensorFile.Format format, Turning turning) throws NotReadException {
		try {
			return switch (format) {
				case SAFETENSORS -> Safetensors.read(file);
				case NPY -> Npy.read(file);
				case NPZ -> Npz.read(file);
				case TORCH -> TorchFiles.read(file);
				case PICKLE -> TorchFiles.readPickle(file);
				case SHARDS -> Shards.read(file);
				case ONNX -> OnnxModel.read(file);
				case HDF5 -> hdf5(file, turning);
			};
		}
		catch (NotReadException ex) {
			throw ex;
		}
		catch (IOException ex) {
			throw new NotReadException("it is damaged");
		}
	}

	private static TensorFile hdf5(JobFile file, Turning turning) throws NotReadException {
		TensorFile turned = Safetensors.read(turning.hdf5(file));
		return new TensorFile(TensorFile.Format.HDF5, turned.tensors(), turned.metadata());
	}

}
