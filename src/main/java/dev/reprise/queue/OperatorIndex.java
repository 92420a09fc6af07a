package dev.reprise.queue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import dev.reprise.runtime.Mount;
import org.jspecify.annotations.Nullable;

/**
 * Where the operator's uv gets packages from: what it reads of the service's environment
 * and of its configuration, and nothing else.
 *
 * @param variables for uv
 * @param mounts files that those name
 */
record OperatorIndex(Map<String, String> variables, List<Mount> mounts) {

	private static final Set<String> PASSED = Set.of("UV_DEFAULT_INDEX", "UV_INDEX", "UV_INDEX_URL",
			"UV_EXTRA_INDEX_URL", "UV_INDEX_STRATEGY", "UV_INSECURE_HOST", "UV_NATIVE_TLS", "UV_SYSTEM_CERTS",
			"UV_HTTP_TIMEOUT", "UV_HTTP_RETRIES", "UV_CONCURRENT_DOWNLOADS", "UV_OFFLINE", "HTTP_PROXY", "HTTPS_PROXY",
			"ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy");

	private static final Set<String> FILES = Set.of("SSL_CERT_FILE", "SSL_CERT_DIR", "SSL_CLIENT_CERT",
			"UV_CONFIG_FILE");

	static OperatorIndex of(Map<String, String> environment) {
		Map<String, String> variables = new LinkedHashMap<>();
		List<Mount> mounts = new ArrayList<>();
		new TreeMap<>(environment).forEach((name, value) -> {
			if (PASSED.contains(name) || name.startsWith("UV_INDEX_")) {
				variables.put(name, value);
			}
			else if (FILES.contains(name) && Path.of(value).isAbsolute() && Files.isReadable(Path.of(value))) {
				variables.put(name, value);
				mount(Path.of(value), mounts);
			}
		});
		Path configuration = configuration(environment);
		if (configuration != null && !variables.containsKey("UV_CONFIG_FILE")) {
			variables.put("UV_CONFIG_FILE", configuration.toString());
			mount(configuration, mounts);
		}
		return new OperatorIndex(variables, mounts);
	}

	/**
	 * As uv looks for it: the user's before the machine's.
	 */
	private static @Nullable Path configuration(Map<String, String> environment) {
		String home = environment.getOrDefault("HOME", "/nonexistent");
		String user = environment.getOrDefault("XDG_CONFIG_HOME", home + "/.config");
		for (Path file : List.of(Path.of(user, "uv", "uv.toml"), Path.of("/etc/uv/uv.toml"))) {
			if (file.isAbsolute() && Files.isRegularFile(file)) {
				return file;
			}
		}
		return null;
	}

	/**
	 * What the sandbox shows of certificates anyway needs no mount.
	 */
	private static void mount(Path file, List<Mount> mounts) {
		Path path = file.normalize();
		if (!path.startsWith("/etc/ssl") && !path.startsWith("/usr") && !path.startsWith("/etc/pki")
				&& !path.startsWith("/etc/ca-certificates")) {
			mounts.add(Mount.readOnly(path));
		}
	}

}
