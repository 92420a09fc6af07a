package dev.reprise.artifact;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import javax.sql.DataSource;

import dev.reprise.http.ByteSize;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.StringUtils;

/**
 * The data folder, and the store in it.
 */
@Configuration
class ArtifactConfiguration {

	@Bean
	DataFolder dataFolder(@Value("${reprise.data}") Path root) {
		return DataFolder.open(root);
	}

	/**
	 * The folder is taken hold of before a database in it is opened, so that a second
	 * service is told who holds it, and touches nothing.
	 */
	@Bean
	static BeanFactoryPostProcessor databaseAfterDataFolder() {
		return (beans) -> {
			for (String name : beans.getBeanNamesForType(DataSource.class, true, false)) {
				BeanDefinition definition = beans.getBeanDefinition(name);
				definition.setDependsOn(StringUtils.addStringToArray(definition.getDependsOn(), "dataFolder"));
			}
		};
	}

	/**
	 * What the web server lays down while it receives is below the data folder too, so
	 * that a start removes what a killed service had only begun to receive.
	 */
	@Bean
	WebServerFactoryCustomizer<TomcatServletWebServerFactory> foldersOfTheWebServer(DataFolder data)
			throws IOException {
		File base = Files.createDirectories(data.tmp().resolve("tomcat")).toFile();
		File noFiles = Files.createDirectories(data.tmp().resolve("no-files")).toFile();
		return (factory) -> {
			factory.setBaseDirectory(base);
			factory.setDocumentRoot(noFiles);
		};
	}

	@Bean
	BlobStore blobStore(DataFolder data, @Value("${reprise.reserve}") String reserve) throws IOException {
		Long bytes = ByteSize.parse(reserve);
		if (bytes == null) {
			throw new IllegalArgumentException("reprise.reserve is a size such as 256MiB, not " + reserve);
		}
		return new BlobStore(data.root(), Disk.REAL, bytes);
	}

	@Bean
	ListingStore listingStore(BlobStore store) {
		return new ListingStore(store);
	}

	@Bean
	CodeSource codeSource(BlobStore store, DataFolder data) {
		return new CodeSource(store, data.tmp(), Bounds.DEFAULT);
	}

	@Bean
	Tree tree(BlobStore store) {
		return new Tree(store);
	}

	/**
	 * More threads than cores: a small file waits for the disk, not for a core.
	 */
	@Bean
	Collector collector(BlobStore store) {
		return new Collector(store, 8);
	}

}
