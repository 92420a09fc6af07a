package dev.reprise.executor.gpu;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.reprise.run.spec.GpuModel;
import dev.reprise.run.spec.GpuStock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;

/**
 * The GPUs of this machine as they were when they were last asked. One that was there and
 * no longer answers stays in the list, out of use, until it answers again.
 */
@Component
public class Gpus implements GpuStock {

	private static final Logger log = LoggerFactory.getLogger(Gpus.class);

	private static final int SHOWN = 200;

	private final GpuSettings settings;

	private final NvidiaSmi smi;

	private final DeviceNodes nodes;

	private final DriverLibraries libraries;

	private final ApplicationEventPublisher events;

	private final Object reading = new Object();

	private volatile Map<String, Gpu> known = Map.of();

	private volatile @Nullable String problem;

	Gpus(GpuSettings settings, ApplicationEventPublisher events) throws IOException {
		this.settings = settings;
		this.smi = new NvidiaSmi(settings.path(), settings.timeout());
		this.nodes = new DeviceNodes(settings.dev(), settings.proc());
		this.libraries = DriverLibraries.find(settings.libraries(), Path.of("/etc/ld.so.cache"));
		this.events = events;
		refresh();
	}

	/**
	 * All that were ever seen in this life of the service, in the driver's order.
	 */
	public List<Gpu> all() {
		return List.copyOf(this.known.values());
	}

	/**
	 * What is wrong beside the faults of single GPUs, in words, or null.
	 */
	public @Nullable String problem() {
		return this.problem;
	}

	/**
	 * Device nodes that every job with a GPU needs.
	 */
	public List<Path> sharedNodes() {
		return this.nodes.shared();
	}

	/**
	 * Where jobs find the driver's libraries.
	 */
	public DriverLibraries libraries() {
		return this.libraries;
	}

	@Override
	public SortedMap<GpuModel, Integer> models() {
		SortedMap<GpuModel, Integer> models = new TreeMap<>();
		this.known.values().forEach((gpu) -> models.merge(gpu.model(), 1, Integer::sum));
		return models;
	}

	@Override
	public @Nullable String driver() {
		return this.known.values().stream().map(Gpu::driver).findFirst().orElse(null);
	}

	/**
	 * Asks the driver again. Takes as long as the settings say at most.
	 */
	public void refresh() {
		boolean changed;
		synchronized (this.reading) {
			Map<String, Gpu> before = this.known;
			if (before.isEmpty() && !this.smi.present()) {
				return;
			}
			try {
				read(before);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				return;
			}
			changed = !before.equals(this.known);
			if (changed) {
				this.known.values().forEach((gpu) -> tell(gpu, before.get(gpu.uuid())));
			}
		}
		if (changed) {
			this.events.publishEvent(new GpusChanged());
		}
	}

	private static void tell(Gpu now, @Nullable Gpu before) {
		if (now.fault() != null) {
			log.warn("{} {} is out of use: {}", now.model().name(), now.uuid(), now.fault());
		}
		else if (before == null || before.fault() != null) {
			log.info("{} {} is in use, driver {}", now.model().name(), now.uuid(), now.driver());
		}
	}

	private void read(Map<String, Gpu> before) throws InterruptedException {
		NvidiaSmi.Answer answer = this.smi.query();
		List<GpuRow> rows = new ArrayList<>();
		List<String> words = new ArrayList<>();
		if (answer.failure() != null) {
			words.add(answer.failure());
		}
		for (String line : answer.lines()) {
			GpuRow row = GpuRow.read(line);
			if (row != null) {
				rows.add(row);
			}
			else if (!line.isBlank()) {
				words.add(line.strip());
			}
		}
		Map<String, List<GpuParts.Part>> parts = rows.stream().anyMatch(GpuRow::divided)
				? GpuParts.read(this.smi.list().lines()) : Map.of();
		Map<String, Gpu> now = new LinkedHashMap<>();
		for (GpuRow row : rows) {
			for (Gpu gpu : gpus(row, parts.getOrDefault(row.uuid(), List.of()), before)) {
				if (this.settings.only().isEmpty() || this.settings.only().contains(gpu.uuid())) {
					now.put(gpu.uuid(), gpu);
				}
			}
		}
		String said = words.isEmpty() ? null : printable(String.join("; ", words));
		before.forEach((uuid, gpu) -> now.putIfAbsent(uuid,
				gpu.withFault((answer.failure() != null) ? answer.failure()
						: "it is no longer listed: it has fallen off the bus, or was taken away"
								+ ((said != null) ? " (nvidia-smi says: " + said + ")" : ""))));
		// A machine with the command and no GPU is none with a problem.
		this.problem = (said != null && said.startsWith("No devices were found")) ? null : said;
		this.known = now;
	}

	private List<Gpu> gpus(GpuRow row, List<GpuParts.Part> parts, Map<String, Gpu> before) {
		Gpu earlier = before.get(row.uuid());
		if (row.fault() != null && earlier != null) {
			return List.of(earlier.withFault(fault(row)));
		}
		List<Path> own = this.nodes.of(row.bus(), row.divided());
		String fault = (row.fault() != null) ? fault(row)
				: own.isEmpty() ? "its device node is not below " + this.settings.dev()
						+ "; run nvidia-modprobe -u, or nvidia-smi as root, and see that " + this.settings.proc()
						+ "/nvidia/gpus is there" : null;
		if (!row.divided()) {
			String name = GpuRow.isName(row.name()) ? row.name() : "unknown";
			return List.of(new Gpu(row.uuid(), new GpuModel(name, false), row.driver(), row.memory(), own, fault));
		}
		return parts.stream()
			.map((part) -> new Gpu(part.uuid(), new GpuModel(row.name() + " MIG " + part.profile(), true), row.driver(),
					row.memory(), own, fault))
			.toList();
	}

	private static String fault(GpuRow row) {
		return "it answers " + printable(String.valueOf(row.fault())) + " in place of a value";
	}

	private static String printable(String words) {
		String plain = words.replaceAll("[^\\x20-\\x7e]", "?");
		return (plain.length() <= SHOWN) ? plain : plain.substring(0, SHOWN) + "…";
	}

}
