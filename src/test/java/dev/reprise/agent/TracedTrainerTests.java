package dev.reprise.agent;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A trainer that ships, run by hand with the agent in it: what its trace says of changes.
 */
class TracedTrainerTests {

	private static final List<String> PARAMETERS = List.of("--epochs=1", "--batchSize=64", "--hidden=8",
			"--dropout=0.1");

	@TempDir
	private Path folder;

	@Test
	void tracesOfTheSameRunAreEqualAndWatchingChangesNothing() throws IOException, InterruptedException {
		Traced one = run("one", 42, "0.01", true);
		Traced other = run("other", 42, "0.01", true);
		assertThat(one.rows()).hasSize(23);
		assertThat(HexFormat.of().formatHex(one.file())).isEqualTo(HexFormat.of().formatHex(other.file()));
		assertThat(one.observed().path("trace").path("state").asString()).isEqualTo("whole");
		assertThat(one.observed().path("trace").path("steps").asInt()).isEqualTo(23);
		Traced untraced = run("untraced", 42, "0.01", false);
		assertThat(untraced.observed().path("trace").path("state").asString()).isEqualTo("off");
		assertThat(untraced.model()).isEqualTo(one.model());
	}

	@Test
	void theFirstColumnThatDiffersSaysWhatWasChanged() throws IOException, InterruptedException {
		Traced one = run("one", 42, "0.01", true);
		assertThat(one.firstDifference(run("seed", 43, "0.01", true))).isEqualTo("generator torch");
		assertThat(one.firstDifference(run("rate", 42, "0.02", true))).startsWith("parameter ");
		assertThat(one.columns()).contains("batch ", "output 01Linear", "output 06Dropout", "output ", "loss ",
				"loss-value ", "accumulated 01Linear_weight", "gradient 01Linear_weight", "parameter 07Linear_bias",
				"optimizer 01Linear_weight.means", "optimizer 07Linear_bias.variances",
				"optimizer 07Linear_bias.updateCounts", "generator-end torch");
		assertThat(one.rows()).allSatisfy((row) -> {
			assertThat(row.get("accumulated 01Linear_weight")).isEqualTo(row.get("gradient 01Linear_weight"));
			assertThat(row.get("output 07Linear")).isEqualTo(row.get("output "));
			assertThat(row.get("output 06Dropout")).isNotEqualTo(row.get("output 05LambdaBlock"));
		});
	}

	@Test
	void whatFitsAPatternHasAColumnAndTheRestOneAKind() throws IOException, InterruptedException {
		Traced all = run("all", 42, "0.01", "\"all\"");
		Traced some = run("some", 42, "0.01", "[\"01*\", \"0?Linear_bias\"]");
		Traced sum = run("sum", 42, "0.01", "\"sum\"");
		assertThat(sum.columns()).containsExactly("generator torch", "batch *", "output *", "loss ", "loss-value ",
				"accumulated *", "gradient *", "parameter *", "optimizer *", "generator-end torch");
		assertThat(some.columns()).containsExactly("generator torch", "output 01Linear", "batch *", "output *", "loss ",
				"loss-value ", "accumulated 01Linear_weight", "accumulated 01Linear_bias", "accumulated 04Linear_bias",
				"accumulated 07Linear_bias", "accumulated *", "gradient 01Linear_weight", "gradient 01Linear_bias",
				"gradient 04Linear_bias", "gradient 07Linear_bias", "gradient *", "parameter 01Linear_weight",
				"parameter 01Linear_bias", "parameter 04Linear_bias", "parameter 07Linear_bias", "parameter *",
				"optimizer 01Linear_weight.means", "optimizer 01Linear_weight.variances",
				"optimizer 01Linear_weight.updateCounts", "optimizer 01Linear_bias.means",
				"optimizer 01Linear_bias.variances", "optimizer 01Linear_bias.updateCounts", "optimizer *",
				"generator-end torch");
		for (int step = 0; step < 23; step++) {
			Map<String, String> row = all.rows().get(step);
			some.rows().get(step).forEach((column, value) -> {
				if (!column.endsWith("*")) {
					assertThat(value).as(column).isEqualTo(row.get(column));
				}
			});
		}
		Traced changed = run("changed", 42, "0.02", "[\"01*\", \"0?Linear_bias\"]");
		assertThat(some.firstDifference(changed)).startsWith("parameter ");
	}

	@Test
	void dataThatIsNoFileIsNotPassedOverForTheSetThatShips() throws IOException, InterruptedException {
		Files.createDirectories(this.folder.resolve("inputs/data"));
		JvmWithAgent jvm = new JvmWithAgent(this.folder.resolve("work"));
		int code = jvm.run(42, "null", List.of(), "dev.reprise.trainer.Mlp", PARAMETERS, "--learningRate=0.01");
		assertThat(code).as(jvm.log()).isEqualTo(1);
		assertThat(jvm.log()).contains("the input data is no file: give the digest of one file");
	}

	private Traced run(String name, int seed, String rate, boolean traced) throws IOException, InterruptedException {
		return run(name, seed, rate, traced ? "\"all\"" : null);
	}

	private Traced run(String name, int seed, String rate, @Nullable String tensors)
			throws IOException, InterruptedException {
		JvmWithAgent jvm = new JvmWithAgent(this.folder.resolve(name));
		String trace = (tensors != null) ? "{\"every\": 1, \"tensors\": " + tensors + ", \"budget\": 1073741824}"
				: "null";
		int code = jvm.run(seed, trace, List.of(), "dev.reprise.trainer.Mlp", PARAMETERS, "--learningRate=" + rate);
		assertThat(code).as(jvm.log()).isZero();
		return Traced.read(jvm.home());
	}

	/**
	 * What a run left.
	 *
	 * @param observed its record
	 * @param file its trace, nothing where there is none
	 * @param columns kind and name of each
	 * @param rows the values of each step, by column
	 * @param model the weights
	 */
	@SuppressWarnings("ArrayRecordComponent")
	private record Traced(JsonNode observed, byte[] file, List<String> columns, List<Map<String, String>> rows,
			byte[] model) {

		static Traced read(Path home) throws IOException {
			JsonNode observed = JsonMapper.shared()
				.readTree(Files.readString(home.resolve("record/main/observed.json")));
			assertThat(observed.path("complete").asBoolean()).as(observed.toString()).isTrue();
			Path trace = home.resolve("record/main/trace/0000");
			byte[] model = Files.readAllBytes(home.resolve("model.safetensors"));
			if (!Files.exists(trace)) {
				return new Traced(observed, new byte[0], List.of(), List.of(), model);
			}
			byte[] file = Files.readAllBytes(trace);
			ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
			int header = bytes.getInt(8);
			int width = bytes.getInt(12);
			List<String> columns = new ArrayList<>();
			for (JsonNode column : JsonMapper.shared()
				.readTree(new String(file, 16, header, StandardCharsets.UTF_8))
				.path("columns")) {
				columns.add(column.path("kind").asString() + " " + column.path("name").asString());
			}
			assertThat(width).isEqualTo(48 + 16 * columns.size());
			List<Map<String, String>> rows = new ArrayList<>();
			for (int at = 16 + header; at + width <= file.length; at += width) {
				assertThat(bytes.getLong(at)).isEqualTo(rows.size());
				Map<String, String> row = new LinkedHashMap<>();
				for (int i = 0; i < columns.size(); i++) {
					int from = at + 16 + 16 * i;
					row.put(columns.get(i), HexFormat.of().formatHex(Arrays.copyOfRange(file, from, from + 16)));
				}
				rows.add(row);
			}
			return new Traced(observed, file, columns, rows, model);
		}

		@Nullable String firstDifference(Traced other) {
			for (int step = 0; step < this.rows.size(); step++) {
				for (String column : this.columns) {
					if (!Objects.equals(this.rows.get(step).get(column), other.rows.get(step).get(column))) {
						return column;
					}
				}
			}
			return null;
		}

	}

}
