package dev.reprise.cli;

import java.util.ArrayList;
import java.util.List;

import dev.reprise.RepriseApplication;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Starts the service.
 */
final class Serve {

	private Serve() {
	}

	static void run(String[] args) {
		ConfigurableApplicationContext context = start(args);
		System.out.println(
				"Reprise listens on " + address(context) + " (API under /api/v1, its description at /v3/api-docs)");
	}

	static ConfigurableApplicationContext start(String[] args) {
		return new SpringApplication(RepriseApplication.class).run(properties(args));
	}

	static String address(ConfigurableApplicationContext context) {
		return "http://127.0.0.1:" + context.getEnvironment().getRequiredProperty("local.server.port");
	}

	private static String[] properties(String[] args) {
		List<String> properties = new ArrayList<>();
		for (int i = 0; i < args.length; i++) {
			switch (args[i]) {
				case "--port" -> properties.add("--server.port=" + args[++i]);
				case "--data" -> properties.add("--reprise.data=" + args[++i]);
				default -> properties.add(args[i]);
			}
		}
		return properties.toArray(String[]::new);
	}

}
