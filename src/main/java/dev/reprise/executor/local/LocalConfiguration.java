package dev.reprise.executor.local;

import java.io.IOException;
import java.time.Clock;

import dev.reprise.executor.Isolation;
import dev.reprise.artifact.DataFolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The executor of this machine; a machine that cannot hold a job starts no service.
 */
@Configuration
class LocalConfiguration {

	private static final Logger log = LoggerFactory.getLogger(LocalConfiguration.class);

	@Bean
	LocalExecutor localExecutor(Clock clock) {
		return new LocalExecutor(clock);
	}

	@Bean
	Isolation isolation(LocalExecutor executor, DataFolder data) throws IOException, InterruptedException {
		Isolation isolation = IsolationProbe.probe(executor, data.tmp());
		String refusal = isolation.refusal();
		if (refusal != null) {
			throw new IsolationRefusedException(refusal);
		}
		isolation.notes().forEach((note) -> log.info("isolation {}: {}", isolation.name(), note));
		return isolation;
	}

}
