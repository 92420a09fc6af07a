package dev.reprise.service;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import dev.reprise.RepriseApplication;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.TestConstructor;

/**
 * A {@link ServiceTest} of a service whose database is PostgreSQL.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(classes = { RepriseApplication.class, ApiConfiguration.class },
		webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ContextConfiguration(initializers = { OwnDataFolder.class, OwnPostgresDatabase.class })
@TestConstructor(autowireMode = TestConstructor.AutowireMode.ALL)
public @interface PostgresServiceTest {

}
