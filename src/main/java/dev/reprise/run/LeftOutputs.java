package dev.reprise.run;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.reprise.artifact.Digest;
import dev.reprise.artifact.ListedFile;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What an attempt had written when it was lost, by digests alone: another gives the run's
 * result, and is held against it.
 *
 * @param files how many outputs it had written
 * @param digests of the first of them, by path
 * @param compared with the last attempt's, null until that has ended
 */
public record LeftOutputs(int files, Map<String, Digest> digests, @Nullable Compared compared) {

	/**
	 * Most files whose digests are kept; the others count as neither equal nor different.
	 */
	static final int MOST = 500;

	/**
	 * Most characters of their paths together: each may take two in JSON and stands there
	 * twice, in a column of a million.
	 */
	static final int MOST_CHARACTERS = 60_000;

	/**
	 * Sorts by path.
	 */
	public LeftOutputs {
		digests = new TreeMap<>(digests);
	}

	/**
	 * Of outputs, sorted by path.
	 */
	public static LeftOutputs of(List<ListedFile> outputs) {
		Map<String, Digest> digests = new HashMap<>();
		int characters = 0;
		for (ListedFile file : outputs) {
			characters += file.path().length();
			if (digests.size() == MOST || characters > MOST_CHARACTERS) {
				break;
			}
			digests.put(file.path(), file.digest());
		}
		return new LeftOutputs(outputs.size(), digests, null);
	}

	/**
	 * Held against the outputs of the run.
	 */
	LeftOutputs comparedWith(List<ListedFile> outputs) {
		Map<String, Digest> last = new HashMap<>();
		outputs.forEach((file) -> last.put(file.path(), file.digest()));
		int equal = 0;
		List<String> different = new ArrayList<>();
		List<String> missing = new ArrayList<>();
		for (Map.Entry<String, Digest> file : this.digests.entrySet()) {
			Digest now = last.get(file.getKey());
			if (now == null) {
				missing.add(file.getKey());
			}
			else if (now.equals(file.getValue())) {
				equal++;
			}
			else {
				different.add(file.getKey());
			}
		}
		return new LeftOutputs(this.files, this.digests, new Compared(equal, different, missing));
	}

	static LeftOutputs read(String json) {
		return JsonMapper.shared().readValue(json, LeftOutputs.class);
	}

	String json() {
		return JsonMapper.shared().writeValueAsString(this);
	}

	/**
	 * What clients see of it.
	 */
	Left view() {
		Compared done = this.compared;
		return (done == null) ? new Left(this.files, null, null, null)
				: new Left(this.files, done.equal(), done.different(), done.missing());
	}

	/**
	 * How the last attempt's outputs compare.
	 *
	 * @param equal files that have the same bytes there
	 * @param different paths of those that have others
	 * @param missing paths of those that are not there
	 */
	public record Compared(int equal, List<String> different, List<String> missing) {
	}

	/**
	 * What a lost attempt left, as clients see it.
	 *
	 * @param files outputs that it had written
	 * @param equal how many of them have the same bytes among the run's outputs, null
	 * until the run has any; the first 500 are compared
	 * @param different paths of those that have other bytes there: each step of the run
	 * may not be the same again, or the attempt was lost while it wrote them
	 * @param missing paths of those that are not there
	 */
	public record Left(int files, @Nullable Integer equal, @Nullable List<String> different,
			@Nullable List<String> missing) {
	}

}
