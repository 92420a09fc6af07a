package dev.reprise.agent;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

import org.jspecify.annotations.Nullable;

/**
 * A jar of classes that were woven beforehand, see {@link WovenJarWriter}. Those of DJL
 * and its libraries stand before theirs on the class path: so the JDK can keep them in
 * its cache, and one that it loads from there before the agent is in place is woven all
 * the same. Of those of the JDK it has what is put in place of which bytes.
 */
final class WovenJar {

	static final String HOOK = "META-INF/reprise/hook";

	static final String BEFORE = "META-INF/reprise/before/";

	static final String AFTER = "META-INF/reprise/after/";

	private final String file;

	private final byte[] hook;

	private final Map<String, byte[]> befores = new HashMap<>();

	private final Map<String, byte[]> afters = new HashMap<>();

	/**
	 * Reads what is of the JDK.
	 * @throws IOException if it cannot be read
	 */
	WovenJar(String file) throws IOException {
		byte[] found = null;
		try (ZipFile jar = new ZipFile(file)) {
			for (Enumeration<? extends ZipEntry> entries = jar.entries(); entries.hasMoreElements();) {
				ZipEntry entry = entries.nextElement();
				String name = entry.getName();
				if (name.startsWith(BEFORE)) {
					this.befores.put(name.substring(BEFORE.length()), bytes(jar, entry));
				}
				else if (name.startsWith(AFTER)) {
					this.afters.put(name.substring(AFTER.length()), bytes(jar, entry));
				}
				else if (name.equals(HOOK)) {
					found = bytes(jar, entry);
				}
			}
		}
		if (found == null) {
			throw new IOException(file + " was not written to its end");
		}
		this.file = file;
		this.hook = found;
	}

	/**
	 * The jar.
	 */
	String file() {
		return this.file;
	}

	/**
	 * The class by which those of the JDK reach us.
	 */
	byte[] hook() {
		return this.hook;
	}

	private static byte[] bytes(ZipFile jar, ZipEntry entry) throws IOException {
		try (InputStream in = jar.getInputStream(entry)) {
			return in.readAllBytes();
		}
	}

	/**
	 * Whether it is known what is put in place of these bytes of a class of the JDK.
	 * @param name with slashes
	 */
	boolean knows(String name, byte[] bytes) {
		return Arrays.equals(bytes, this.befores.get(name));
	}

	/**
	 * What is put in place of a class of the JDK, null where it is left as it is.
	 * @param name with slashes
	 */
	byte @Nullable [] after(String name) {
		return this.afters.get(name);
	}

}
