package dev.reprise.database;

import java.io.IOException;
import java.util.concurrent.Semaphore;

import dev.reprise.artifact.DataFolder;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The files beside the database.
 */
@Configuration(proxyBeanMethods = false)
class DatabaseConfiguration {

	/**
	 * While the disk is forced, changes gather for the next commit, and the other way
	 * round: with one at a time there are few of both.
	 */
	@Bean
	Semaphore turn() {
		return new Semaphore(1, true);
	}

	@Bean
	RowFiles rowFiles(DataFolder data) throws IOException {
		return new RowFiles(data.root());
	}

}
