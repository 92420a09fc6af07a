package dev.reprise.http;

import java.time.Clock;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import org.apache.catalina.core.StandardHost;
import org.springdoc.core.utils.SpringDocUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.converter.HttpMessageConverters;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
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

	@Override
	public void addInterceptors(InterceptorRegistry registry) {
		registry.addInterceptor(new KnownParameters());
	}

	/**
	 * What a value of JSON is, springdoc would read off the methods of the class.
	 */
	@Bean
	OpenAPI description() {
		SpringDocUtils.getConfig().replaceWithSchema(JsonNode.class, new Schema<>());
		SpringDocUtils.getConfig().replaceWithSchema(ObjectNode.class, new ObjectSchema());
		return new OpenAPI().info(new Info().title("Reprise")
			.version("v1")
			.description("Runs training jobs so that they can be run again"
					+ " with the same bits, and proves whether they did. docs/http.md has each route with its answers."));
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
