package dev.reprise.agent;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * What the main process runs with and on: {@code environment.json}.
 */
final class EnvironmentFile {

	private static final Pattern JAR = Pattern.compile("(.+?)-(\\d[\\w.-]*)\\.jar");

	private final RecordFolder record;

	private final Map<String, String> digests;

	private final String harness;

	private final @Nullable String model;

	private final @Nullable String flags;

	/**
	 * Reads what stays the same while the process lives.
	 * @param service the folder of DJL's jars
	 * @throws IOException if that cannot be read
	 */
	EnvironmentFile(RecordFolder record, Path service) throws IOException {
		this.record = record;
		this.digests = digests(service);
		this.harness = ownDigest();
		this.model = line("model name");
		this.flags = line("flags");
	}

	/**
	 * Writes the file.
	 * @param torch the library, null where it is not loaded
	 * @throws IOException if it cannot be written
	 */
	void write(@Nullable Torch torch) throws IOException {
		Map<String, @Nullable Object> environment = new LinkedHashMap<>();
		environment.put("java", java());
		environment.put("packages", packages());
		environment.put("torch", (torch != null) ? natives() : null);
		environment.put("harness", Map.of("version", "1", "digest", this.harness));
		Map<String, Object> document = new LinkedHashMap<>();
		document.put("schema", 1);
		document.put("environment", environment);
		document.put("machine", machine(torch));
		this.record.write("environment.json", document);
	}

	/**
	 * Of the jar that this class comes from: {@link Agent} itself comes from a
	 * {@link WovenJar}, where there is one.
	 */
	private static String ownDigest() throws IOException {
		try {
			java.security.CodeSource source = EnvironmentFile.class.getProtectionDomain().getCodeSource();
			return digest(Path.of(source.getLocation().toURI()));
		}
		catch (java.net.URISyntaxException ex) {
			throw new IOException("the agent's own jar cannot be read", ex);
		}
	}

	private static String digest(Path file) throws IOException {
		try {
			return "sha256:" + java.util.HexFormat.of()
				.formatHex(java.security.MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
		}
		catch (java.security.NoSuchAlgorithmException ex) {
			throw new IllegalStateException("every JDK has SHA-256", ex);
		}
	}

	/**
	 * The file {@code release} names the sources and the build of a JDK, of which two may
	 * have the same version.
	 */
	private static Map<String, @Nullable Object> java() throws IOException {
		Map<String, @Nullable Object> java = new LinkedHashMap<>();
		java.put("version", property("java.vm.version"));
		java.put("runtime", property("java.runtime.version"));
		java.put("vendor", property("java.vendor"));
		java.put("vm", property("java.vm.name"));
		Path release = Path.of(property("java.home"), "release");
		java.put("digest", Files.isReadable(release) ? digest(release) : null);
		return java;
	}

	/**
	 * The digests that were taken when DJL was laid out: of jars and of native libraries.
	 */
	private static Map<String, String> digests(Path service) throws IOException {
		Map<String, String> digests = new TreeMap<>();
		try (DirectoryStream<Path> lists = Files.newDirectoryStream(service, "*.sha256")) {
			for (Path list : lists) {
				for (String line : Files.readAllLines(list)) {
					String[] parts = line.split(" +\\*?", 2);
					if (parts.length == 2) {
						digests.put(parts[1].substring(parts[1].lastIndexOf('/') + 1), "sha256:" + parts[0]);
					}
				}
			}
		}
		return digests;
	}

	private Map<String, Object> packages() {
		Map<String, Object> packages = new LinkedHashMap<>();
		this.digests.forEach((file, digest) -> {
			Matcher name = JAR.matcher(file);
			if (name.matches()) {
				packages.put(name.group(1), Map.of("version", name.group(2), "record", digest));
			}
		});
		return packages;
	}

	private Map<String, @Nullable Object> natives() {
		Map<String, String> natives = new TreeMap<>();
		this.digests.forEach((file, digest) -> {
			if (file.contains(".so")) {
				natives.put(file, digest);
			}
		});
		Map<String, @Nullable Object> torch = new LinkedHashMap<>();
		torch.put("version", version());
		torch.put("cuda", null);
		torch.put("cudnn", null);
		torch.put("natives", natives);
		return torch;
	}

	private static @Nullable Object version() {
		try {
			return Class.forName("ai.djl.pytorch.jni.LibUtils", false, ClassLoader.getSystemClassLoader())
				.getMethod("getVersion")
				.invoke(null);
		}
		catch (ReflectiveOperationException ex) {
			return null;
		}
	}

	private Map<String, @Nullable Object> machine(@Nullable Torch torch) {
		Map<String, @Nullable Object> cpu = new LinkedHashMap<>();
		cpu.put("model", this.model);
		cpu.put("flags", this.flags);
		cpu.put("cores", Runtime.getRuntime().availableProcessors());
		cpu.put("capability", (torch != null) ? torch.capability() : null);
		Map<String, @Nullable Object> machine = new LinkedHashMap<>();
		machine.put("cpu", cpu);
		machine.put("kernel", property("os.version"));
		machine.put("glibc", Torch.text("gnu_get_libc_version"));
		machine.put("gpus", gpus());
		machine.put("driver", null);
		machine.put("host", "reprise");
		return machine;
	}

	private static List<Map<String, @Nullable Object>> gpus() {
		List<Map<String, @Nullable Object>> gpus = new ArrayList<>();
		String visible = System.getenv().getOrDefault("CUDA_VISIBLE_DEVICES", "");
		for (String uuid : visible.split(",", -1)) {
			if (!uuid.isBlank()) {
				Map<String, @Nullable Object> gpu = new LinkedHashMap<>();
				gpu.put("model", null);
				gpu.put("uuid", uuid);
				gpus.add(gpu);
			}
		}
		return gpus;
	}

	private static @Nullable String line(String name) throws IOException {
		try (java.util.stream.Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
			return lines.filter((line) -> line.startsWith(name))
				.map((line) -> line.substring(line.indexOf(':') + 1).strip())
				.findFirst()
				.orElse(null);
		}
	}

	private static String property(String name) {
		return String.valueOf(System.getProperty(name));
	}

}
