package dev.reprise.queue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import dev.reprise.environment.InstalledTorch;
import dev.reprise.executor.gpu.Gpu;
import dev.reprise.executor.gpu.Gpus;
import dev.reprise.runtime.Mount;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * What an attempt's GPUs mean for it: the nodes, variables and libraries that it gets,
 * and what its run says of them.
 */
@Component
class AttemptGpus {

	private final Gpus gpus;

	private final GpuSelfTests selfTests;

	private final JdbcClient jdbc;

	AttemptGpus(Gpus gpus, GpuSelfTests selfTests, JdbcClient jdbc) {
		this.gpus = gpus;
		this.selfTests = selfTests;
		this.jdbc = jdbc;
	}

	/**
	 * Writes down which GPUs a claimed attempt holds, and whether the self-test passed on
	 * their kind.
	 */
	@Transactional
	void note(Allocation allocation, Path environment) {
		if (allocation.gpus().isEmpty()) {
			return;
		}
		this.jdbc.sql("update attempts set gpus = ? where run_id = ? and number = ?")
			.params(String.join(" ", allocation.uuids()), allocation.run(), allocation.attempt())
			.update();
		this.jdbc.sql("update runs set unverified_on_gpu = ? where id = ? and attempt = ?")
			.params(!verified(allocation, environment), allocation.run(), allocation.attempt())
			.update();
	}

	private boolean verified(Allocation allocation, Path environment) {
		@Nullable String torch = InstalledTorch.version(environment).orElse(null);
		return torch != null && allocation.gpus()
			.stream()
			.allMatch((gpu) -> this.selfTests.passed(new GpuSelfTests.Kind(gpu.model().name(), gpu.driver(), torch)));
	}

	/**
	 * Asks how the GPUs are before others get them.
	 */
	void look(Allocation allocation) {
		if (!allocation.gpus().isEmpty()) {
			this.gpus.refresh();
		}
	}

	/**
	 * Device nodes that the attempt's job sees; none where it holds no GPU.
	 */
	List<Path> nodes(Allocation allocation) {
		List<Path> nodes = new ArrayList<>();
		if (!allocation.gpus().isEmpty()) {
			nodes.addAll(this.gpus.sharedNodes());
			allocation.gpus().stream().map(Gpu::nodes).flatMap(List::stream).distinct().forEach(nodes::add);
		}
		return nodes;
	}

	/**
	 * Variables that the job gets beside its own. Without a GPU the list of those that
	 * CUDA shows is empty, which hides all of them.
	 */
	Map<String, String> variables(Allocation allocation) {
		Map<String, String> variables = new LinkedHashMap<>();
		variables.put("CUDA_VISIBLE_DEVICES", allocation.uuids().stream().collect(Collectors.joining(",")));
		Path searched = this.gpus.libraries().searched();
		if (!allocation.gpus().isEmpty() && searched != null) {
			variables.put("LD_LIBRARY_PATH", searched.toString());
		}
		return variables;
	}

	/**
	 * What the job sees of the driver beside what the sandbox has anyway.
	 */
	List<Mount> mounts(Allocation allocation) {
		Path folder = this.gpus.libraries().toMount();
		return (!allocation.gpus().isEmpty() && folder != null) ? List.of(Mount.readOnly(folder)) : List.of();
	}

}
