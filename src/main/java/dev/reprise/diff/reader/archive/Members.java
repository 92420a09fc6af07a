package dev.reprise.diff.reader.archive;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.reprise.diff.reader.bytes.NotReadException;
import dev.reprise.diff.reader.part.Findings;

/**
 * Pairs the members of two archives by their names.
 */
final class Members {

	private Members() {
	}

	/**
	 * Compares everything but the bytes of the members that both have.
	 * @return names of those whose bytes differ
	 * @throws NotReadException if an archive has a name twice
	 */
	static Set<String> compare(List<Member> left, List<Member> right, Findings findings) throws NotReadException {
		Map<String, Member> a = byName(left);
		Map<String, Member> b = byName(right);
		Set<String> differing = new HashSet<>();
		a.forEach((name, member) -> {
			Member other = b.get(name);
			if (other == null) {
				findings.differs(name, member.shown(), null);
				return;
			}
			if (!member.rest().equals(other.rest())) {
				findings.differs(name + ": its header", "other mode, owner, kind or packing", "than here");
			}
			if (!member.time().equals(other.time())) {
				findings.setApart("time of members", name + " " + member.time(), other.time());
			}
			if (!member.digest().equals(other.digest())) {
				differing.add(name);
			}
		});
		b.forEach((name, member) -> {
			if (!a.containsKey(name)) {
				findings.differs(name, null, member.shown());
			}
		});
		if (!List.copyOf(a.keySet()).equals(List.copyOf(b.keySet()))) {
			findings.otherLayout();
		}
		return differing;
	}

	private static Map<String, Member> byName(List<Member> members) throws NotReadException {
		Map<String, Member> byName = new LinkedHashMap<>();
		for (Member member : members) {
			if (byName.put(member.name(), member) != null) {
				throw new NotReadException("two of its members have one name");
			}
		}
		return byName;
	}

}
