package dev.reprise.artifact;

import java.io.IOException;
import java.nio.file.Path;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The data folder, and the store in it.
 */
@Configuration
class ArtifactConfiguration {

	@Bean
	DataFolder dataFolder(@Value("${reprise.data}") Path root) {
		return DataFolder.open(root);
	}

	@Bean
	BlobStore blobStore(DataFolder data) throws IOException {
		return new BlobStore(data.root());
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
