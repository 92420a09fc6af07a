package dev.reprise.executor.gpu;

import java.nio.file.Path;
import java.util.List;

import dev.reprise.run.spec.GpuModel;
import org.jspecify.annotations.Nullable;

/**
 * A GPU, or a part of one, that a run can be given.
 *
 * @param uuid what {@code CUDA_VISIBLE_DEVICES} names it by
 * @param model the kind
 * @param driver version of the driver
 * @param memory mebibytes of the whole GPU, null where the driver does not say
 * @param nodes device nodes that a job needs beside {@link DeviceNodes#shared()}
 * @param fault why it is out of use, null where it is in use
 */
public record Gpu(String uuid, GpuModel model, String driver, @Nullable Long memory, List<Path> nodes,
		@Nullable String fault) {

	public Gpu {
		nodes = List.copyOf(nodes);
	}

	Gpu withFault(@Nullable String reason) {
		return new Gpu(this.uuid, this.model, this.driver, this.memory, this.nodes, reason);
	}

}
