package dev.reprise.agent;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.instrument.ClassFileTransformer;
import java.net.URL;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.reprise.agent.Points.Point;
import org.jspecify.annotations.Nullable;

/**
 * Weaves calls into classes as they are loaded. The JVM ignores a transformer that
 * throws, so that whatever fails here ends the process.
 */
final class Weaver implements ClassFileTransformer {

	private final Harness harness;

	private final String service;

	private final @Nullable WovenJar before;

	private final boolean salt;

	private final boolean seeds;

	private final boolean warned;

	private final Set<String> woven = ConcurrentHashMap.newKeySet();

	private final ClassFile files = ClassFile.of();

	/**
	 * Makes a weaver.
	 * @param service folder of the service's own jars, ending in a slash
	 * @param before those classes that are woven beforehand, null for none
	 */
	Weaver(Harness harness, Job job, String service, @Nullable WovenJar before) {
		this.before = before;
		this.harness = harness;
		this.service = service;
		this.salt = job.asks(JdkClasses.SALT);
		this.seeds = job.asks(Randoms.KNOB);
		this.warned = "warn".equals(job.knobs().get(Torch.DETERMINISTIC));
	}

	/**
	 * The class by which those of the JDK reach us.
	 */
	byte[] hook() {
		return (this.before != null) ? this.before.hook() : JdkClasses.hook();
	}

	/**
	 * Whether a class was woven.
	 * @param name with slashes
	 */
	boolean hasWoven(String name) {
		return this.woven.contains(name);
	}

	/**
	 * Whether a loaded class is woven, here or beforehand.
	 */
	boolean isWoven(Class<?> type) {
		return hasWoven(type.getName().replace('.', '/')) || isWovenBefore(type.getProtectionDomain());
	}

	private boolean isWovenBefore(@Nullable ProtectionDomain domain) {
		return this.before != null && this.before.file().equals(location(domain));
	}

	@Override
	public byte @Nullable [] transform(Module module, @Nullable ClassLoader loader, @Nullable String name,
			@Nullable Class<?> redefined, @Nullable ProtectionDomain domain, byte[] bytes) {
		if (name == null) {
			return null;
		}
		try {
			return transform(loader, name, domain, bytes);
		}
		catch (Throwable ex) {
			this.harness.cannotWatch("the class " + name + " could not be instrumented: " + ex);
			return null;
		}
	}

	private byte @Nullable [] transform(@Nullable ClassLoader loader, String name, @Nullable ProtectionDomain domain,
			byte[] bytes) {
		if (loader == null) {
			if (!JdkClasses.isChanged(name, this.salt)) {
				return null;
			}
			byte[] changed = (this.before != null && this.before.knows(name, bytes)) ? this.before.after(name)
					: JdkClasses.change(this.files, name, bytes);
			if (changed != null) {
				this.woven.add(name);
			}
			return changed;
		}
		if (loader.equals(ClassLoader.getPlatformClassLoader()) || name.startsWith("dev/reprise/agent/")
				|| name.startsWith("jdk/") || domain == null) {
			return null;
		}
		if (isWovenBefore(domain)) {
			return null;
		}
		boolean own = !isService(domain);
		if (own) {
			this.harness.places().own(name);
		}
		List<Point> points = EngineClasses.points(name, this.warned);
		if (!loader.equals(ClassLoader.getSystemClassLoader()) && !sees(loader)) {
			if (!points.isEmpty()) {
				throw new IllegalStateException("DJL is loaded by " + loader + ", which does not see the harness");
			}
			this.harness.gap("classes of " + loader.getClass().getName() + " were not watched, as " + name);
			return null;
		}
		CallSites sites = new CallSites(this.seeds, own);
		if (points.isEmpty() && !sites.mayBeIn(bytes)) {
			return null;
		}
		ClassFile files = ClassFile.of(ClassFile.ClassHierarchyResolverOption
			.of(ClassHierarchyResolver.ofResourceParsing(loader).orElse(ClassHierarchyResolver.defaultResolver())));
		ClassModel model = files.parse(bytes);
		if (!points.isEmpty()) {
			byte[] result = Points.weave(files, model, points);
			this.woven.add(name);
			return result;
		}
		return sites.rewrite(files, model);
	}

	private boolean isService(ProtectionDomain domain) {
		String location = location(domain);
		return location != null && location.startsWith(this.service);
	}

	private static @Nullable String location(@Nullable ProtectionDomain domain) {
		CodeSource source = (domain != null) ? domain.getCodeSource() : null;
		URL location = (source != null) ? source.getLocation() : null;
		return (location != null) ? location.getPath() : null;
	}

	private static boolean sees(ClassLoader loader) {
		try {
			return Class.forName(Hooks.class.getName(), false, loader) == Hooks.class;
		}
		catch (ClassNotFoundException ex) {
			return false;
		}
	}

}
