package dev.reprise.agent;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.classfile.AccessFlags;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassElement;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.MethodModel;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

import dev.reprise.agent.Points.Point;
import org.jspecify.annotations.Nullable;

/**
 * Writes a {@link WovenJar}, in a JVM of its own with the agent in it, which shows the
 * classes of the JDK as the JVM has them.
 */
public final class WovenJarWriter {

	private final JarOutputStream out;

	private ClassFile files = ClassFile.of();

	private WovenJarWriter(JarOutputStream out) {
		this.out = out;
	}

	/**
	 * Writes it.
	 * @param args the folder of DJL, and the file to write
	 * @throws IOException if a jar cannot be read or the file not be written
	 * @throws ReflectiveOperationException if this JVM does not let us
	 * @throws UnmodifiableClassException if this JVM does not let us
	 */
	public static void main(String[] args)
			throws IOException, ReflectiveOperationException, UnmodifiableClassException {
		Instrumentation instrumentation = Agent.instrumentation();
		if (instrumentation == null) {
			throw new IllegalStateException("this is run with the agent");
		}
		try (OutputStream file = Files.newOutputStream(Path.of(args[1]));
				JarOutputStream out = new JarOutputStream(file)) {
			WovenJarWriter writer = new WovenJarWriter(out);
			writer.entry();
			writer.jdk(instrumentation);
			writer.djl(Path.of(args[0], "lib"));
		}
	}

	/**
	 * The JDK calls {@code premain} by method handles, the first of a process, which take
	 * it tens of milliseconds to make; and natively where none can be made, as for a
	 * method that is flagged to take a variable number of arguments and whose last is no
	 * array ({@code jdk.internal.reflect.MethodHandleAccessorFactory}). Nothing else
	 * reads that flag.
	 */
	private void entry() throws IOException {
		String file = Agent.class.getName().replace('.', '/') + ".class";
		try (InputStream in = Objects.requireNonNull(Agent.class.getClassLoader()).getResourceAsStream(file)) {
			add(file, this.files.transformClass(this.files.parse(Objects.requireNonNull(in).readAllBytes()),
					WovenJarWriter::flagged));
		}
	}

	private static void flagged(ClassBuilder type, ClassElement element) {
		if (element instanceof MethodModel method && method.methodName().equalsString("premain")) {
			type.transformMethod(method, (changed, part) -> {
				if (part instanceof AccessFlags flags) {
					changed.withFlags(flags.flagsMask() | ClassFile.ACC_VARARGS);
				}
				else {
					changed.with(part);
				}
			});
		}
		else {
			type.with(element);
		}
	}

	private void jdk(Instrumentation instrumentation)
			throws IOException, ReflectiveOperationException, UnmodifiableClassException {
		Map<String, byte[]> seen = new TreeMap<>();
		// In this order, as the harness does it: one that is loaded before looks another.
		JdkClasses.open(instrumentation, JdkClasses.hook(), (what, value) -> {
		});
		instrumentation.addTransformer(new ClassFileTransformer() {

			@Override
			public byte @Nullable [] transform(@Nullable ClassLoader loader, @Nullable String name,
					@Nullable Class<?> redefined, @Nullable ProtectionDomain domain, byte[] bytes) {
				if (name != null && JdkClasses.isChanged(name, true)) {
					seen.put(name, bytes);
				}
				return null;
			}

		}, true);
		JdkClasses.retransform(instrumentation, true);
		JdkClasses.load();
		for (Map.Entry<String, byte[]> one : seen.entrySet()) {
			add(WovenJar.BEFORE + one.getKey(), one.getValue());
			byte[] changed = JdkClasses.change(this.files, one.getKey(), one.getValue());
			if (changed != null) {
				add(WovenJar.AFTER + one.getKey(), changed);
			}
		}
		add(WovenJar.HOOK, JdkClasses.hook());
	}

	private void djl(Path folder) throws IOException {
		List<Path> jars = new ArrayList<>();
		try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*.jar")) {
			found.forEach(jars::add);
		}
		Collections.sort(jars);
		URL[] urls = new URL[jars.size()];
		for (int i = 0; i < urls.length; i++) {
			urls[i] = jars.get(i).toUri().toURL();
		}
		int watched = 0;
		try (URLClassLoader loader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader())) {
			this.files = ClassFile.of(ClassFile.ClassHierarchyResolverOption
				.of(ClassHierarchyResolver.ofResourceParsing(loader).orElse(ClassHierarchyResolver.defaultResolver())));
			for (Path path : jars) {
				try (JarFile jar = new JarFile(path.toFile())) {
					for (JarEntry entry : Collections.list(jar.entries())) {
						watched += weave(jar, entry);
					}
				}
			}
		}
		if (watched != EngineClasses.watched()) {
			throw new IllegalStateException(
					watched + " classes of DJL were woven, and there should be " + EngineClasses.watched());
		}
	}

	/**
	 * Weaves one class.
	 * @return how many classes that must be watched it is, 0 or 1
	 */
	private int weave(JarFile jar, JarEntry entry) throws IOException {
		String file = entry.getName();
		if (!file.endsWith(".class") || file.startsWith("META-INF/")) {
			return 0;
		}
		byte[] bytes;
		try (InputStream in = jar.getInputStream(entry)) {
			bytes = in.readAllBytes();
		}
		List<Point> points = EngineClasses.points(file.substring(0, file.length() - ".class".length()), true);
		if (!points.isEmpty()) {
			add(file, Points.weave(this.files, this.files.parse(bytes), points));
			return 1;
		}
		CallSites sites = new CallSites(true, false);
		if (sites.mayBeIn(bytes)) {
			add(file, sites.rewrite(this.files, this.files.parse(bytes)));
		}
		return 0;
	}

	private void add(String name, byte[] bytes) throws IOException {
		JarEntry entry = new JarEntry(name);
		entry.setTime(0);
		this.out.putNextEntry(entry);
		this.out.write(bytes);
	}

}
