package dev.reprise.http;

import java.time.Clock;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What every feature takes from here: the clock and ids by it.
 */
@Configuration
class HttpConfiguration {

	@Bean
	Clock clock() {
		return Clock.systemUTC();
	}

	@Bean
	TimeSortedId ids(Clock clock) {
		return new TimeSortedId(clock);
	}

}
