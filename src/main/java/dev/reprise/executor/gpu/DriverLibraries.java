package dev.reprise.executor.gpu;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Where a job finds the driver's libraries, {@code libcuda.so.1} before all. The sandbox
 * has {@code /usr} and the loader's cache of the host, so mostly nothing is to be done.
 *
 * @param folder that holds them, null where none was found
 * @param byLoader whether the loader finds them by itself
 * @param mounted whether the folder has to be mounted, because it is not below
 * {@code /usr}
 */
public record DriverLibraries(@Nullable Path folder, boolean byLoader, boolean mounted) {

	private static final String LIBRARY = "libcuda.so.1";

	private static final Pattern CACHED = Pattern.compile("(/[\\x21-\\x7e]{1,500})/libcuda\\.so\\.1\\x00");

	private static final int MAX_CACHE = 32 << 20;

	private static final List<String> USUAL = List.of("/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu",
			"/usr/lib64", "/usr/lib", "/usr/local/nvidia/lib64", "/run/opengl-driver/lib");

	/**
	 * Looks in the loader's cache, then where drivers are installed beside it.
	 */
	static DriverLibraries find(@Nullable Path configured, Path cache) throws IOException {
		if (configured != null) {
			return of(configured, false);
		}
		if (Files.isRegularFile(cache) && Files.size(cache) <= MAX_CACHE) {
			var cached = CACHED.matcher(new String(Files.readAllBytes(cache), StandardCharsets.ISO_8859_1));
			while (cached.find()) {
				Path folder = Path.of(cached.group(1));
				if (Files.exists(folder.resolve(LIBRARY))) {
					return of(folder, true);
				}
			}
		}
		return USUAL.stream()
			.map(Path::of)
			.filter((folder) -> Files.exists(folder.resolve(LIBRARY)))
			.findFirst()
			.map((folder) -> of(folder, false))
			.orElse(new DriverLibraries(null, false, false));
	}

	private static DriverLibraries of(Path folder, boolean byLoader) {
		boolean inside = List.of("/usr", "/lib", "/lib64").stream().anyMatch(folder::startsWith);
		return new DriverLibraries(folder, byLoader, !inside);
	}

	/**
	 * The folder that has to be on {@code LD_LIBRARY_PATH}, or null.
	 */
	public @Nullable Path searched() {
		return this.byLoader ? null : this.folder;
	}

	/**
	 * The folder that has to be mounted, or null.
	 */
	public @Nullable Path toMount() {
		return this.mounted ? this.folder : null;
	}

}
