package dev.reprise.http;

import java.time.Clock;

import org.apache.catalina.core.StandardHost;

import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.converter.HttpMessageConverters;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * What every feature takes from here: the clock and ids by it.
 */
@Configuration
class HttpConfiguration implements WebMvcConfigurer {

	/**
	 * The description of the API brings a converter for YAML with it, which would go past
	 * what is strict about JSON.
	 */
	@Override
	public void configureMessageConverters(HttpMessageConverters.ServerBuilder builder) {
		builder.configureMessageConvertersList(
				(converters) -> converters.removeIf((converter) -> converter.getSupportedMediaTypes()
					.stream()
					.anyMatch((type) -> type.getSubtype().contains("yaml"))));
	}

	@Bean
	Clock clock() {
		return Clock.systemUTC();
	}

	@Bean
	TimeSortedId ids(Clock clock) {
		return new TimeSortedId(clock);
	}

	@Bean
	WebServerFactoryCustomizer<TomcatServletWebServerFactory> problemReports() {
		return (factory) -> factory.addContextCustomizers((context) -> {
			if (context.getParent() instanceof StandardHost host) {
				host.setErrorReportValveClass(ProblemReportValve.class.getName());
			}
		});
	}

}
