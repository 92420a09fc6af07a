package dev.reprise.diff.reader.document;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.reprise.artifact.Digest;
import dev.reprise.diff.reader.bytes.JobFile;
import dev.reprise.diff.reader.bytes.NotReadException;
import dev.reprise.diff.reader.part.Findings;
import dev.reprise.diff.reader.part.PartReader;

/**
 * Reads PNG: by pixels and chunks, the time and the chunks of text apart.
 */
public final class Png implements PartReader {

	@Override
	public boolean reads(String name, byte[] head) {
		return PngChunks.begins(head);
	}

	@Override
	public void compare(JobFile left, JobFile right, Findings findings) throws IOException {
		PngChunks a = PngChunks.read(left);
		PngChunks b = PngChunks.read(right);
		texts(a.texts(), b.texts(), findings);
		if (!same(a.chunks(), b.chunks())) {
			long parts = findings.parts();
			others(a, b, findings);
			if (!a.samePacked(b)) {
				pixels(a, b, findings);
			}
			if (parts == findings.parts()) {
				findings.otherLayout();
			}
		}
	}

	private static boolean same(List<PngChunks.Chunk> left, List<PngChunks.Chunk> right) {
		if (left.size() != right.size()) {
			return false;
		}
		for (int i = 0; i < left.size(); i++) {
			if (!left.get(i).sameAs(right.get(i))) {
				return false;
			}
		}
		return true;
	}

	private static void texts(Map<String, String> left, Map<String, String> right, Findings findings) {
		List<String> names = new ArrayList<>(left.keySet());
		right.keySet().stream().filter((name) -> !left.containsKey(name)).forEach(names::add);
		for (String name : names) {
			String a = left.get(name);
			String b = right.get(name);
			if (a == null || !a.equals(b)) {
				findings.setApart(name, a, b);
			}
		}
		if (!names.isEmpty() && left.equals(right) && !List.copyOf(left.keySet()).equals(List.copyOf(right.keySet()))) {
			findings.otherLayout();
		}
	}

	/**
	 * Chunks that are neither packed pixels nor text, by type and number.
	 */
	private static void others(PngChunks left, PngChunks right, Findings findings) {
		Map<String, byte[]> a = byName(left);
		Map<String, byte[]> b = byName(right);
		a.forEach((name, data) -> {
			byte[] other = b.remove(name);
			if (other == null || !java.util.Arrays.equals(data, other)) {
				findings.differs("chunk " + name, shown(name, data), (other != null) ? shown(name, other) : null);
			}
		});
		b.forEach((name, data) -> findings.differs("chunk " + name, null, shown(name, data)));
	}

	private static Map<String, byte[]> byName(PngChunks chunks) {
		Map<String, byte[]> byName = new LinkedHashMap<>();
		Map<String, Integer> seen = new LinkedHashMap<>();
		for (PngChunks.Chunk chunk : chunks.chunks()) {
			if (!chunk.type().equals("IDAT")) {
				int number = seen.merge(chunk.type(), 1, Integer::sum);
				byName.put((number == 1) ? chunk.type() : chunk.type() + " (" + number + ")", chunk.data());
			}
		}
		return byName;
	}

	private static String shown(String name, byte[] data) {
		if (name.equals("IHDR")) {
			ByteBuffer header = ByteBuffer.wrap(data);
			return header.getInt(0) + "x" + header.getInt(4) + ", " + data[8] + " bits, colour " + data[9];
		}
		return data.length + " bytes, " + Digest.of(data).value().substring(0, 23);
	}

	private static void pixels(PngChunks a, PngChunks b, Findings findings) throws IOException {
		if (!a.chunks().getFirst().sameAs(b.chunks().getFirst())) {
			return;
		}
		try {
			Pixels pixels = new Pixels(a.chunks().getFirst().data());
			pixels.compare(a.packed(), b.packed());
			if (!pixels.same()) {
				findings.differs(pixels.inWords(), pixels.left(), pixels.right());
			}
		}
		catch (NotReadException ex) {
			findings.notRead("its pixels were not compared: " + ex.getMessage());
		}
	}

}
