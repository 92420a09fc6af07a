package dev.reprise.acceptance;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

import dev.reprise.artifact.Digest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The cache of classes that jobs on the JVM start from: that it is made beside the first,
 * and that one which starts from it gives the same bits and is watched as the first was.
 */
class JvmCacheTests {

	private static final String CACHED = "with a cache";

	@Test
	void aJobThatStartsFromTheCacheGivesTheSameBitsAndIsWatchedAsTheFirst(@TempDir Path folder)
			throws IOException, InterruptedException {
		ServiceProcess service = ServiceProcess.start(folder.resolve("data"),
				"--reprise.cache=" + folder.resolve("cache"));
		try {
			Client client = service.client();
			byte[] archive = JavaProgram.archive(folder, "Told", "Train");
			String code = Digest.of(archive).value();
			client.put("/blobs/" + code, archive);
			String spec = """
					{"seed": 42, "determinism": "strict", "code": "%s", "resources": {"memory": "2GiB"},
					 "runtime": {"type": "djl", "main": "org.example.Told"}}""".formatted(code);
			String first = client.succeeded(spec, Map.of());
			assertThat(client.text("/runs/" + first + "/logs?stream=stdout")).contains("refused", "without a cache");
			String cached = Await.value(Duration.ofMinutes(5), () -> {
				String run = client.succeeded(spec, Map.of());
				return client.text("/runs/" + run + "/logs?stream=stdout").contains(CACHED) ? Optional.of(run)
						: Optional.empty();
			});
			JsonNode diff = client.diff(first, cached);
			assertThat(diff.path("verdict").asString()).as(diff.toPrettyString()).isEqualTo("IDENTICAL");
			assertThat(diff.path("coverage").path("steps").asInt()).isEqualTo(8);
			assertThat(client.get("/runs/" + cached + "/operations").path("items"))
				.isEqualTo(client.get("/runs/" + first + "/operations").path("items"));
			assertThat(client.get("/runs/" + cached + "/operations").path("items").get(0).path("location").asString())
				.isEqualTo("org/example/Told.java:24");
		}
		finally {
			service.stop();
		}
	}

}
