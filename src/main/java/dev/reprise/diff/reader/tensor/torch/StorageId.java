package dev.reprise.diff.reader.tensor.torch;

import java.util.List;

import dev.reprise.diff.reader.bytes.NotReadException;
import dev.reprise.diff.reader.pickle.Value;
import dev.reprise.diff.reader.tensor.Dtype;

/**
 * How a pickle names a storage beside it.
 *
 * @param key its name
 * @param dtype what its elements are, bytes where the tensors say it
 * @param elements how many
 * @param device where it was
 */
record StorageId(String key, Dtype dtype, long elements, String device) {

	/**
	 * Reads {@code ('storage', type, key, device, elements)}, after which the older
	 * layout has what a view is of.
	 */
	static StorageId of(Value.Persistent persistent) throws NotReadException {
		List<Value> id = (persistent.id() instanceof Value.Items items && items.is("tuple")) ? items.values()
				: List.of();
		boolean whole = id.size() == 5 || (id.size() == 6 && id.get(5) == Value.Constant.NONE);
		if (whole && id.get(0) instanceof Value.Text word && word.value().equals("storage")
				&& id.get(1) instanceof Value.Global type && id.get(2) instanceof Value.Text key
				&& id.get(3) instanceof Value.Text device && id.get(4) instanceof Value.Int count
				&& count.value() >= 0) {
			Dtype dtype = Known.storage(type);
			if (dtype != null && count.value() <= Long.MAX_VALUE / dtype.bytes()) {
				return new StorageId(key.value(), dtype, count.value(), device.value());
			}
		}
		throw new NotReadException("its pickle names something beside itself that is no storage known here");
	}

	long bytes() {
		return this.elements * this.dtype.bytes();
	}

}
