package dev.reprise.http;

import java.net.InetAddress;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * Where the service listens: on loopback only, as long as it asks nobody for a key.
 * Checked before anything is opened or listens.
 */
@Component
class ListenAddress implements BeanFactoryPostProcessor {

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory factory) {
		Environment environment = factory.getBean(Environment.class);
		check(environment, "server.address");
		if (!environment.getProperty("management.server.port", "").isEmpty()) {
			check(environment, "management.server.address");
		}
	}

	private static void check(Environment environment, String property) {
		@Nullable InetAddress address = Binder.get(environment).bind(property, InetAddress.class).orElse(null);
		if (address == null || !address.isLoopbackAddress()) {
			throw new NotLoopbackException(property, (address != null) ? address.getHostAddress() : "every address");
		}
	}

}
