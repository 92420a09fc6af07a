package dev.reprise.agent;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

import dev.reprise.agent.Points.Point;
import org.jspecify.annotations.Nullable;

/**
 * A jar with those classes of DJL and its libraries that calls are woven into, woven
 * beforehand. It stands before theirs on the class path: so the JDK can keep these
 * classes in its cache, and one that it loads from there before the agent is in place is
 * woven all the same.
 */
public final class WovenJar {

	private WovenJar() {
	}

	/**
	 * Makes it.
	 * @param args the folder of DJL, and the file to write
	 * @throws IOException if a jar cannot be read or the file not be written
	 */
	public static void main(String[] args) throws IOException {
		List<Path> jars = new ArrayList<>();
		try (DirectoryStream<Path> found = Files.newDirectoryStream(Path.of(args[0], "lib"), "*.jar")) {
			found.forEach(jars::add);
		}
		Collections.sort(jars);
		URL[] urls = new URL[jars.size()];
		for (int i = 0; i < urls.length; i++) {
			urls[i] = jars.get(i).toUri().toURL();
		}
		try (URLClassLoader loader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
				OutputStream out = Files.newOutputStream(Path.of(args[1]));
				JarOutputStream woven = new JarOutputStream(out)) {
			ClassFile files = ClassFile.of(ClassFile.ClassHierarchyResolverOption
				.of(ClassHierarchyResolver.ofResourceParsing(loader)
					.orElse(ClassHierarchyResolver.defaultResolver())));
			int watched = 0;
			for (Path path : jars) {
				try (JarFile jar = new JarFile(path.toFile())) {
					for (JarEntry entry : Collections.list(jar.entries())) {
						watched += add(files, jar, entry, woven);
					}
				}
			}
			if (watched != EngineClasses.watched()) {
				throw new IllegalStateException(
						watched + " classes of DJL were woven, and there should be " + EngineClasses.watched());
			}
		}
	}

	/**
	 * Weaves one class.
	 * @return how many classes that must be watched it is, 0 or 1
	 */
	private static int add(ClassFile files, JarFile jar, JarEntry entry, JarOutputStream out) throws IOException {
		String file = entry.getName();
		if (!file.endsWith(".class") || file.startsWith("META-INF/")) {
			return 0;
		}
		String name = file.substring(0, file.length() - ".class".length());
		byte[] bytes;
		try (InputStream in = jar.getInputStream(entry)) {
			bytes = in.readAllBytes();
		}
		List<Point> points = EngineClasses.points(name, true);
		byte[] changed = woven(files, points, bytes);
		if (changed != null) {
			JarEntry added = new JarEntry(file);
			added.setTime(0);
			out.putNextEntry(added);
			out.write(changed);
		}
		return points.isEmpty() ? 0 : 1;
	}

	private static byte @Nullable [] woven(ClassFile files, List<Point> points, byte[] bytes) {
		if (!points.isEmpty()) {
			return Points.weave(files, files.parse(bytes), points);
		}
		CallSites sites = new CallSites(true, false);
		return sites.mayBeIn(bytes) ? sites.rewrite(files, files.parse(bytes)) : null;
	}

}
