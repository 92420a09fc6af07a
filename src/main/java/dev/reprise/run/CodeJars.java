package dev.reprise.run;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.Manifest;

import dev.reprise.artifact.BadArchiveException;
import dev.reprise.artifact.BlobStore;
import dev.reprise.artifact.CodeListing;
import dev.reprise.artifact.JarContents;
import dev.reprise.artifact.ListedFile;
import dev.reprise.environment.DjlFolder;
import dev.reprise.http.FieldErrors;
import dev.reprise.http.ObjectReader;
import dev.reprise.run.spec.RuntimeSpec;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * Holds the jars of a program on the JVM to what it is started with: its main class is
 * there, and DJL, where it brings its own, is the one that the service brings.
 */
@Component
class CodeJars {

	private static final String API = "ai/djl/engine/api.properties";

	private static final String ENGINE = "pytorch-engine.properties";

	private static final String CLASS = "ai/djl/engine/Engine.class";

	private static final String MODULES = "ai.djl.";

	private static final String MANIFEST = "META-INF/MANIFEST.MF";

	private final BlobStore store;

	private final DjlFolder djl;

	CodeJars(BlobStore store, DjlFolder djl) {
		this.store = store;
		this.djl = djl;
	}

	/**
	 * Notes what is wrong.
	 */
	void check(RuntimeSpec runtime, CodeListing code, FieldErrors errors) {
		if (!(runtime instanceof RuntimeSpec.Jvm)) {
			return;
		}
		if (!this.djl.isThere()) {
			errors.add("$.runtime.type", "is not served here: this service was started without DJL",
					"start it through ./reprise serve, or have the operator set reprise.djl");
		}
		if (runtime instanceof RuntimeSpec.Main main) {
			check(main.name(), code, errors);
		}
	}

	private void check(String main, CodeListing code, FieldErrors errors) {
		String entry = main.replace('.', '/') + ".class";
		Set<String> wanted = Set.of(entry, API, ENGINE, CLASS, MANIFEST);
		Set<String> candidates = new TreeSet<>();
		boolean there = false;
		try {
			Map<String, byte[]> loose = new HashMap<>();
			for (ListedFile file : code.files()) {
				if (wanted.contains(file.path())) {
					loose.put(file.path(), head(file));
				}
			}
			there = look("the code", entry, loose, candidates, errors);
			for (ListedFile file : code.files()) {
				if (file.path().endsWith(".jar")) {
					there |= look(ObjectReader.printable(file.path()), entry,
							JarContents.find(this.store.path(file.digest()), wanted), candidates, errors);
				}
			}
		}
		catch (BadArchiveException ex) {
			errors.add("$.code", "has a jar that is not taken: " + ex.getMessage(), "pack it again, and send it");
			return;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		if (!there) {
			errors.add("$.runtime.main", "is no class of the code",
					candidates.isEmpty() ? "send the jar that has it, or the folder of classes as an archive"
							: "give the class that a manifest of it names: " + String.join(", ", candidates));
		}
	}

	private byte[] head(ListedFile file) throws IOException {
		try (var in = Files.newInputStream(this.store.path(file.digest()))) {
			return in.readNBytes(64 * 1024);
		}
	}

	private static boolean look(String where, String entry, Map<String, byte[]> found, Set<String> candidates,
			FieldErrors errors) {
		Attributes manifest = manifest(found.get(MANIFEST));
		String named = manifest.getValue(Attributes.Name.MAIN_CLASS);
		if (named != null) {
			candidates.add(ObjectReader.printable(named));
		}
		boolean djl = found.containsKey(API) || found.containsKey(ENGINE) || found.containsKey(CLASS);
		String module = moduleVersion(manifest);
		if (djl || module != null) {
			byte[] properties = found.containsKey(API) ? found.get(API) : found.get(ENGINE);
			String version = !djl ? module : (properties != null) ? version(properties) : null;
			if (!DjlFolder.VERSION.equals(version)) {
				errors.add("$.code",
						"brings DJL " + ((version != null) ? ObjectReader.printable(version)
								: "of a version that it does not tell") + " in " + where,
						"build it against DJL " + DjlFolder.VERSION
								+ ", which the service brings, or leave DJL out of it");
			}
		}
		return found.containsKey(entry);
	}

	private static @Nullable String version(byte[] bytes) {
		Properties properties = new Properties();
		try {
			properties.load(new ByteArrayInputStream(bytes));
		}
		catch (IOException | IllegalArgumentException ex) {
			return null;
		}
		return properties.getProperty("djl_version");
	}

	/**
	 * The version of DJL that a jar is a module of, by what DJL's build writes into the
	 * manifest of each; null where it is none, or does not tell.
	 */
	private static @Nullable String moduleVersion(Attributes manifest) {
		String module = manifest.getValue("Automatic-Module-Name");
		String version = manifest.getValue(Attributes.Name.SPECIFICATION_VERSION);
		if (module == null || !module.startsWith(MODULES) || version == null) {
			return null;
		}
		// What belongs to a version of PyTorch too has that before its own.
		return version.endsWith("-" + DjlFolder.VERSION) ? DjlFolder.VERSION : version;
	}

	private static Attributes manifest(byte @Nullable [] bytes) {
		try {
			return (bytes != null) ? new Manifest(new ByteArrayInputStream(bytes)).getMainAttributes()
					: new Attributes();
		}
		catch (IOException ex) {
			return new Attributes();
		}
	}

}
