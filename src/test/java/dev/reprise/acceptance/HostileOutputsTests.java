package dev.reprise.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Outputs that lie about themselves or would do harm, compared by a service as people
 * start it.
 */
class HostileOutputsTests extends WithService {

	/**
	 * Each file is another in each run, so that the service has to look into it.
	 */
	private static final String PROGRAM = """
			import io, os, pickle, random, struct, zipfile, torch
			salt = str(random.randrange(1 << 30)).encode()

			class Runs:
			    def __reduce__(self):
			        return eval, (f"open({os.environ['MARK']!r}, 'w').write({str(salt)!r})",)

			with open("runs.pkl", "wb") as file:
			    pickle.dump(Runs(), file)
			with zipfile.ZipFile("bomb.zip", "w", zipfile.ZIP_DEFLATED) as bomb:
			    with bomb.open("zeros", "w", force_zip64=True) as member:
			        member.write(salt)
			        for _ in range(1024):
			            member.write(bytes(1 << 20))
			with open("lies.safetensors", "wb") as file:
			    file.write(struct.pack("<Q", 1 << 40) + b"{}" + salt)
			whole = io.BytesIO()
			torch.save({"w": torch.full((10000,), float(salt))}, whole)
			with open("cut.pt", "wb") as file:
			    file.write(whole.getvalue()[:-1000])
			""";

	@Test
	void theyAreNotReadWithTheReasonAndNothingIsRun(@TempDir Path folder) throws IOException, InterruptedException {
		Path mark = folder.resolve("mark");
		String left = run(1, mark);
		String right = run(2, mark);
		JsonNode diff = this.client.diff(left, right);
		assertThat(diff.path("verdict").asString()).as(diff.toPrettyString()).isEqualTo("DIFFERENT");
		Map<String, String> reasons = new HashMap<>();
		for (JsonNode result : diff.path("results")) {
			if (result.path("layer").asString().equals("outputs")) {
				result.path("differences")
					.forEach((file) -> reasons.put(file.path("path").asString(), file.path("notRead").asString("")));
			}
		}
		assertThat(reasons).containsOnlyKeys("runs.pkl", "bomb.zip", "lies.safetensors", "cut.pt");
		assertThat(reasons.get("runs.pkl")).contains("builtins.eval");
		assertThat(reasons.get("bomb.zip")).contains("unpack");
		assertThat(reasons.get("lies.safetensors")).contains("header");
		assertThat(reasons.get("cut.pt")).isNotBlank();
		assertThat(Files.exists(mark)).isFalse();
		assertThat(this.client.get("/runs/" + left).path("state").asString()).isEqualTo("SUCCEEDED");
	}

	private String run(int seed, Path mark) throws IOException, InterruptedException {
		return this.client.succeeded("""
				{"seed": %d, "env": {"MARK": "%s"}, "runtime": {"type": "python", "entrypoint": "train.py"}}"""
			.formatted(seed, mark), Map.of("train.py", PROGRAM));
	}

}
