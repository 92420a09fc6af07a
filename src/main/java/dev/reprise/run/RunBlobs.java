package dev.reprise.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

import dev.reprise.artifact.BlobReferences;
import dev.reprise.artifact.Digest;
import dev.reprise.artifact.ListingStore;
import dev.reprise.artifact.RunListing;
import dev.reprise.run.spec.EnvironmentSpec;
import dev.reprise.run.spec.InputSpec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * What runs need: code and inputs, without which no run can start or be replayed, and
 * outputs.
 */
@Component
class RunBlobs implements BlobReferences {

	private static final int PAGE = 500;

	private final JdbcClient jdbc;

	private final Runs runs;

	private final RunFolders folders;

	private final ListingStore listings;

	private final JsonMapper json;

	RunBlobs(JdbcClient jdbc, Runs runs, RunFolders folders, ListingStore listings, JsonMapper json) {
		this.jdbc = jdbc;
		this.runs = runs;
		this.folders = folders;
		this.listings = listings;
		this.json = json;
	}

	@Override
	public void forEach(Consumer<Digest> needed) throws IOException {
		List<String> page = page("");
		while (!page.isEmpty()) {
			for (String id : page) {
				Run run = this.runs.find(id).orElseThrow();
				tree(run.spec().code(), needed);
				for (InputSpec input : run.spec().inputs().values()) {
					tree(input.digest(), needed);
				}
				if (run.spec().environment() instanceof EnvironmentSpec.Locked locked) {
					needed.accept(locked.digest());
				}
				listed(run, needed);
			}
			page = page(page.getLast());
		}
	}

	private List<String> page(String after) {
		return this.jdbc.sql("select id from runs where id > ? order by id limit ?")
			.params(after, PAGE)
			.query((row, number) -> row.getString(1))
			.list();
	}

	private void tree(Digest digest, Consumer<Digest> needed) throws IOException {
		needed.accept(digest);
		this.listings.find(digest).ifPresent((tree) -> tree.files().forEach((file) -> needed.accept(file.digest())));
	}

	private void listed(Run run, Consumer<Digest> needed) throws IOException {
		Path file = this.folders.recordFolder(run.id()).resolve("listing.json");
		if (!Files.exists(file)) {
			return;
		}
		try {
			this.json.readValue(Files.readAllBytes(file), RunListing.class).digests().forEach(needed);
		}
		catch (JacksonException ex) {
			throw new IOException("the listing of run " + run.id() + " cannot be read", ex);
		}
	}

}
