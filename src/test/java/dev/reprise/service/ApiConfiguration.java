package dev.reprise.service;

import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;

/**
 * The client that tests have of the service.
 */
@TestConfiguration(proxyBeanMethods = false)
class ApiConfiguration {

	@Bean
	@Lazy
	Api api(Environment environment) {
		return new Api(environment.getRequiredProperty("local.server.port", Integer.class));
	}

}
