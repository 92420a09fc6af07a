package dev.reprise.executor.gpu;

import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How GPUs are found: {@code reprise.gpus}.
 *
 * @param path folders in which {@code nvidia-smi} is looked for; where none is given,
 * those of the service's {@code PATH} and the driver's usual ones
 * @param only UUIDs of those that runs may be given; empty for all
 * @param dev where device nodes are
 * @param proc where the driver says which node is whose
 * @param libraries the folder that holds {@code libcuda.so.1}, null to look for it
 * @param timeout how long {@code nvidia-smi} may take
 * @param every how often it is asked
 */
@ConfigurationProperties("reprise.gpus")
public record GpuSettings(@DefaultValue List<Path> path, @DefaultValue Set<String> only, @DefaultValue("/dev") Path dev,
		@DefaultValue("/proc/driver") Path proc, @Nullable Path libraries, @DefaultValue("10s") Duration timeout,
		@DefaultValue("30s") Duration every) {

	private static final List<String> USUAL = List.of("/usr/bin", "/usr/local/bin", "/usr/local/nvidia/bin");

	public GpuSettings {
		path = List.copyOf(path.isEmpty() ? folders() : path);
		only = Set.copyOf(only);
		if (timeout.isNegative() || timeout.isZero() || every.isNegative() || every.isZero()) {
			throw new IllegalArgumentException("reprise.gpus.timeout and reprise.gpus.every must be above zero");
		}
	}

	private static List<Path> folders() {
		Set<String> folders = new LinkedHashSet<>();
		String own = System.getenv("PATH");
		if (own != null) {
			for (String folder : own.split(File.pathSeparator, -1)) {
				if (folder.startsWith("/")) {
					folders.add(folder);
				}
			}
		}
		folders.addAll(USUAL);
		return new ArrayList<>(folders.stream().map(Path::of).toList());
	}

}
