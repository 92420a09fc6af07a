package dev.reprise.executor.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;

import dev.reprise.executor.Isolation;
import dev.reprise.artifact.DataFolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The executor of this machine; a machine that cannot hold a job starts no service.
 */
@Configuration
class LocalConfiguration {

	private static final Logger log = LoggerFactory.getLogger(LocalConfiguration.class);

	@Bean
	LocalExecutor localExecutor(Clock clock, @Value("${reprise.isolation:sandbox}") String isolation,
			@Value("${server.address:}") String address) throws UnknownHostException {
		return new LocalExecutor(clock, checked(Holding.of(isolation), address));
	}

	/**
	 * Whoever can submit a job can read the host's files where it is held as a process:
	 * nobody but people of this machine may.
	 */
	static Holding checked(Holding holding, String address) throws UnknownHostException {
		if (holding == Holding.PROCESS && (address.isEmpty() || !InetAddress.getByName(address).isLoopbackAddress())) {
			throw new IsolationRefusedException("Isolation process is for loopback alone, and server.address is "
					+ (address.isEmpty() ? "every address" : address)
					+ ". Set it to 127.0.0.1, or install bubblewrap and leave reprise.isolation out.");
		}
		return holding;
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
