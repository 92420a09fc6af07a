package dev.reprise.executor.gpu;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Which device nodes are whose. The number of a node is not the number that
 * {@code nvidia-smi} counts by: the driver says it in its files under {@code /proc}.
 *
 * @param dev where device nodes are
 * @param proc where the driver's files are
 */
record DeviceNodes(Path dev, Path proc) {

	private static final Pattern MINOR = Pattern.compile("Device Minor:\\s*(\\d{1,4})\\s*");

	/**
	 * Nodes that every job with a GPU needs; those that a machine lacks are left out.
	 */
	List<Path> shared() {
		return List.of(this.dev.resolve("nvidiactl"), this.dev.resolve("nvidia-uvm"),
				this.dev.resolve("nvidia-uvm-tools"));
	}

	/**
	 * The nodes of one GPU.
	 * @param bus where it is plugged in, as {@code nvidia-smi} writes it
	 * @param divided whether the nodes that open its parts are wanted too
	 * @return empty where they cannot be found
	 */
	List<Path> of(String bus, boolean divided) {
		try {
			// nvidia-smi writes eight digits of the domain, the kernel four, in lower
			// case.
			Path information = this.proc.resolve("nvidia/gpus")
				.resolve(bus.substring(4).toLowerCase(Locale.ROOT))
				.resolve("information");
			if (!Files.isRegularFile(information)) {
				return only();
			}
			for (String line : Files.readAllLines(information)) {
				var minor = MINOR.matcher(line);
				Path node = minor.matches() ? this.dev.resolve("nvidia" + minor.group(1)) : null;
				if (node != null && Files.exists(node)) {
					List<Path> nodes = new ArrayList<>(List.of(node));
					if (divided) {
						nodes.addAll(parts(minor.group(1)));
					}
					return nodes;
				}
			}
		}
		catch (IOException ex) {
			// said by who asked
		}
		return List.of();
	}

	/**
	 * Where the driver's files cannot be seen, as in some containers, one node can only
	 * be that of the one GPU.
	 */
	private List<Path> only() throws IOException {
		List<Path> nodes = new ArrayList<>();
		try (DirectoryStream<Path> found = Files.newDirectoryStream(this.dev, "nvidia[0-9]*")) {
			found.forEach(nodes::add);
		}
		return (nodes.size() == 1) ? nodes : List.of();
	}

	/**
	 * Nodes that open the parts of a GPU: lines such as {@code gpu0/gi1/ci0/access 31}.
	 */
	private List<Path> parts(String minor) throws IOException {
		Path minors = this.proc.resolve("nvidia-caps/mig-minors");
		if (!Files.isRegularFile(minors)) {
			return List.of();
		}
		Pattern line = Pattern.compile("gpu" + minor + "/gi\\d{1,3}/(?:ci\\d{1,3}/)?access (\\d{1,5})");
		return Files.readAllLines(minors)
			.stream()
			.map(line::matcher)
			.filter((found) -> found.matches())
			.map((found) -> this.dev.resolve("nvidia-caps/nvidia-cap" + found.group(1)))
			.filter(Files::exists)
			.toList();
	}

}
