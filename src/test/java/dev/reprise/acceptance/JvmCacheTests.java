package dev.reprise.acceptance;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import dev.reprise.artifact.Digest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The cache of classes that jobs on the JVM start from: that it is made before the first,
 * which so gives the same bits as all later ones, and is watched as they are.
 */
class JvmCacheTests {

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
			String cached = client.succeeded(spec, Map.of());
			for (String run : List.of(first, cached)) {
				assertThat(client.text("/runs/" + run + "/logs?stream=stdout")).contains("refused", "with a cache");
			}
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
