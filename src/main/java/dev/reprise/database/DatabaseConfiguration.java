package dev.reprise.database;

import java.io.IOException;

import dev.reprise.artifact.DataFolder;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The files beside the database.
 */
@Configuration(proxyBeanMethods = false)
class DatabaseConfiguration {

	@Bean
	RowFiles rowFiles(DataFolder data) throws IOException {
		return new RowFiles(data.root());
	}

}
