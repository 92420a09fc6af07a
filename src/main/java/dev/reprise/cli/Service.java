package dev.reprise.cli;

import java.util.List;

import dev.reprise.RepriseApplication;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The service in this process.
 */
final class Service implements AutoCloseable {

	private final ConfigurableApplicationContext context;

	private Service(ConfigurableApplicationContext context) {
		this.context = context;
	}

	static Service start(List<String> properties) {
		return new Service(new SpringApplication(RepriseApplication.class).run(properties.toArray(String[]::new)));
	}

	/**
	 * Where it listens.
	 */
	String address() {
		return "http://127.0.0.1:" + this.context.getEnvironment().getRequiredProperty("local.server.port");
	}

	/**
	 * A part of it.
	 */
	<T> T part(Class<T> type) {
		return this.context.getBean(type);
	}

	@Override
	public void close() {
		this.context.close();
	}

}
