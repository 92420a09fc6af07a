package dev.reprise;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.scheduling.annotation.EnableScheduling;

/**
 * The service.
 */
@SpringBootApplication
@ConfigurationPropertiesScan
@EnableScheduling
public class RepriseApplication {

	public static void main(String[] args) {
		SpringApplication.run(RepriseApplication.class, args);
	}

}
