package dev.reprise.artifact;

import java.io.IOException;
import java.nio.file.Path;

import javax.sql.DataSource;

import dev.reprise.http.ByteSize;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
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
