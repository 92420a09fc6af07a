package dev.reprise.run.spec;

import java.lang.management.ManagementFactory;
import java.util.Collections;

import com.sun.management.OperatingSystemMXBean;
import dev.reprise.environment.Environments;
import dev.reprise.environment.LockBuilding;
import dev.reprise.http.ByteSize;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The reader of specs, and what it holds them to: what this machine has for runs: all
 * cores and nine tenths of the memory, unless the operator says otherwise.
 */
@Configuration
class CapacityConfiguration {

	private static final Logger log = LoggerFactory.getLogger(CapacityConfiguration.class);

	@Bean
	Capacity capacity(@Value("${reprise.capacity.cpus:}") String cpus,
			@Value("${reprise.capacity.memory:}") String memory, ObjectProvider<GpuStock> gpus) {
		if (!cpus.matches("([1-9]\\d{0,3})?")) {
			throw new IllegalArgumentException("reprise.capacity.cpus is " + cpus + ": give a whole number from 1 up");
		}
		int cores = cpus.isEmpty() ? Runtime.getRuntime().availableProcessors() : Integer.parseInt(cpus);
		Long bytes = ByteSize.parse(memory);
		if (!memory.isEmpty() && bytes == null) {
			throw new IllegalArgumentException("reprise.capacity.memory is " + memory + ": give a size such as 16GiB");
		}
		return new Capacity(cores, (bytes != null) ? bytes : total() / 10 * 9,
				gpus.getIfAvailable(() -> Collections::emptySortedMap));
	}

	@Bean
	JobSpecReader jobSpecReader(Capacity capacity, Environments environments, LockBuilding locks) {
		String noTraces = TraceLibrary.whyNot();
		if (noTraces != null) {
			log.warn("{} is not on this machine, so no run can be traced: {}", TraceLibrary.NAME, noTraces);
		}
		return new JobSpecReader(capacity, environments.names(), locks.whyNot(), noTraces);
	}

	private static long total() {
		return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();
	}

}
