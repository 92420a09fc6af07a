package dev.reprise.run;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.reprise.run.spec.JobSpec;
import dev.reprise.run.spec.JobSpecJson;
import dev.reprise.service.Answer;
import dev.reprise.service.Api;
import dev.reprise.service.ServiceTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a job spec may be, and what is said of one that may not.
 */
@ServiceTest
class JobSpecRequestTests {

	private static final JsonMapper JSON = JsonMapper.shared();

	private final Api api;

	JobSpecRequestTests(Api api) {
		this.api = api;
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			name                 | 5
			name                 | true
			name                 | ["a"]
			name                 | {"a": 1}
			name                 | "a\\u0000b"
			name                 | "a\\nb"
			name                 | "a\\u001b[31mb"
			name                 | "\\ud800"
			seed                 | 1.9
			seed                 | 1.0
			seed                 | 1e3
			seed                 | 1e999
			seed                 | -1e999
			seed                 | "5"
			seed                 | true
			seed                 | -1
			seed                 | 2147483648
			seed                 | 18446744073709551616
			seed                 | 99999999999999999999999999999999
			seed                 | [1]
			seed                 | {}
			determinism          | "lenient"
			determinism          | "STRICT"
			determinism          | ""
			determinism          | 1
			purpose              | "art"
			purpose              | 7
			runtime              | "python"
			runtime              | []
			runtime.type         | "ruby"
			runtime.type         | "java"
			runtime.type         | 5
			runtime.command      | "true"
			runtime.command      | []
			runtime.command      | [""]
			runtime.command[1]   | ["true", 5]
			runtime.command[0]   | ["tr\\u0000ue"]
			runtime.command      | {"0": "true"}
			runtime.args         | ["x"]
			code                 | "sha256:short"
			code                 | "ABC"
			code                 | 5
			code                 | "sha256:0000000000000000000000000000000000000000000000000000000000000000"
			code                 | "md5:00000000000000000000000000000000"
			environment          | "default"
			environment.name     | "nowhere"
			environment.name     | 5
			environment.name     | "../../etc"
			environment.lock     | "requirements.txt"
			environment.image    | "python@sha256:00"
			inputs               | []
			inputs['a']          | "sha256:00"
			inputs['a'].digest   | {"a": {"digest": "sha256:00"}}
			inputs['a'].digest   | {"a": {"digest": 5}}
			inputs['a'].digest   | {"a": {}}
			inputs['A b']        | {"A b": {}}
			inputs['..']         | {"..": {}}
			outputs              | "**"
			outputs[0]           | [5]
			outputs[0]           | ["../**"]
			outputs[0]           | ["/etc/**"]
			outputs[1]           | ["**", ""]
			env                  | ["A=1"]
			env['A']             | {"A": 1}
			env['A']             | {"A": null}
			env['A']             | {"A": "a\\u0000b"}
			env['1A']            | {"1A": "x"}
			env['A=B']           | {"A=B": "x"}
			env['']              | {"": "x"}
			resources            | 5
			resources.cpus       | 0
			resources.cpus       | 3
			resources.cpus       | 1.5
			resources.cpus       | "2"
			resources.cpus       | -1
			resources.cpus       | 4294967297
			resources.threads    | 0
			resources.threads    | 100000
			resources.threads    | "1"
			resources.memory     | "4 GB"
			resources.memory     | "4GB"
			resources.memory     | -1
			resources.memory     | 0
			resources.memory     | 1.5
			resources.memory     | "1B"
			resources.memory     | "9999999999TiB"
			resources.memory     | 99999999999999999999
			resources.memory     | true
			resources.disk       | "0B"
			resources.disk       | -5
			resources.gpus       | 1
			resources.gpus       | -1
			resources.gpus       | "0"
			resources.gpuModel   | "H200"
			timeout              | 5
			timeout              | "30 minutes"
			timeout              | "PT0S"
			timeout              | "-PT5M"
			timeout              | "P31D"
			timeout              | "PT9999999999999H"
			maxAttempts          | 0
			maxAttempts          | 11
			maxAttempts          | 1.5
			priority             | 101
			priority             | -101
			priority             | "high"
			project              | "A Project"
			project              | ""
			project              | 5
			network              | "all"
			network              | false
			portable             | "true"
			portable             | 1
			holdSeed             | "no"
			onDrift              | "explode"
			audit                | "yes"
			audit                | 1
			trace                | true
			trace                | "on"
			trace                | "Off"
			trace                | ["conv*"]
			trace                | 1
			trace.steps          | 5
			trace.every          | 0
			trace.every          | 1000001
			trace.every          | 1.0
			trace.every          | "1"
			trace.tensors        | "some"
			trace.tensors        | {}
			trace.tensors        | []
			trace.tensors        | true
			trace.tensors[1]     | ["conv*", ""]
			trace.tensors[0]     | [5]
			trace.tensors[0]     | ["a\\u0000"]
			trace.budget         | 0
			trace.budget         | "1MB"
			trace.budget         | 1048575
			trace.budget         | "2TiB"
			trace.budget         | -1
			trace.budget         | 1e9
			labels               | ["a"]
			labels['a']          | {"a": 1}
			labels['A']          | {"A": "x"}
			labels['a']          | {"a": "x\\ny"}
			nothing              | 1
			Seed                 | 1
			control              | {"seed": 2}
			image                | "x"
			lock                 | "x"
			""")
	void aFieldThatIsWrongIsNamedWithItsPathAndTheMend(String path, String value) {
		Answer answer = this.api.post("/api/v1/runs", with(path, value)).isProblem(422);
		assertThat(answer.fields()).contains("$." + path).doesNotHaveDuplicates();
		assertThat(answer.fields()).allMatch((field) -> field.startsWith("$." + path));
	}

	/**
	 * The good spec with a value set: at the path, or, where the path names an entry, at
	 * its field.
	 */
	private String with(String path, String value) {
		ObjectNode spec = this.api.spec(Api.TRUE);
		int bracket = path.indexOf('[');
		String field = (bracket >= 0) ? path.substring(0, bracket) : path;
		ObjectNode at = spec;
		for (int dot; (dot = field.indexOf('.')) >= 0; field = field.substring(dot + 1)) {
			at = at.withObjectProperty(field.substring(0, dot));
		}
		if (field.equals("purpose")) {
			spec.remove("determinism");
		}
		JsonNode node = (value.contains("1e999") || value.contains("ud800")) ? null : JSON.readTree(value);
		if (path.equals("inputs['a']")) {
			node = JSON.createObjectNode().set("a", node);
		}
		at.set(field, (node != null) ? node : JSON.getNodeFactory().stringNode("@"));
		return spec.toString().replace("\"@\"", value);
	}

	@Test
	void everythingThatIsWrongIsNamedInOneAnswer() {
		String spec = """
				{"name": 5, "seed": 1.9, "determinism": "x", "runtime": {"type": "python", "entrypoint": "../x.py",
				  "surprise": 1}, "code": "x", "environment": {"name": "x"}, "inputs": {"a": {"digest": "x"}},
				 "outputs": 5, "env": {"LD_PRELOAD": "x.so"}, "resources": {"cpus": 0, "memory": "x", "nope": 1},
				 "timeout": "x", "maxAttempts": 99, "priority": "x", "project": "X", "network": "x", "portable": 1,
				 "holdSeed": 1, "onDrift": "x", "labels": {"X": "x"}, "unknown": 1}""";
		assertThat(this.api.post("/api/v1/runs", spec).isProblem(422).fields()).containsExactlyInAnyOrder("$.name",
				"$.seed", "$.determinism", "$.runtime.entrypoint", "$.runtime.surprise", "$.code", "$.environment.name",
				"$.inputs['a'].digest", "$.outputs", "$.env['LD_PRELOAD']", "$.resources.cpus", "$.resources.memory",
				"$.resources.nope", "$.timeout", "$.maxAttempts", "$.priority", "$.project", "$.network", "$.portable",
				"$.holdSeed", "$.onDrift", "$.labels['X']", "$.unknown");
	}

	@Test
	void anEmptySpecIsToldWhatItLacks() {
		assertThat(this.api.post("/api/v1/runs", "{}").isProblem(422).fields()).containsExactlyInAnyOrder("$.runtime",
				"$.code");
	}

	@Test
	void aThousandUnknownFieldsMakeNoAnswerWithoutEnd() {
		ObjectNode spec = this.api.spec(Api.TRUE);
		for (int i = 0; i < 1000; i++) {
			spec.put("field" + i, i);
		}
		assertThat(this.api.post("/api/v1/runs", spec.toString()).isProblem(422).fields()).hasSize(100);
	}

	@Test
	void unknownFieldsAreRefusedAtEveryLevel() {
		ObjectNode spec = this.api.spec(Api.TRUE);
		spec.put("x\u0007y", 1);
		spec.withObjectProperty("runtime").put("x", 1);
		spec.withObjectProperty("environment").put("x", 1);
		spec.withObjectProperty("inputs").putObject("a").put("digest", this.api.code()).put("x", 1);
		spec.withObjectProperty("resources").put("x", 1);
		assertThat(this.api.post("/api/v1/runs", spec.toString()).isProblem(422).fields()).containsExactlyInAnyOrder(
				"$['x\\u0007y']", "$.runtime.x", "$.environment.x", "$.inputs['a'].x", "$.resources.x");
	}

	@Test
	void theRangeOfSeedsIsNamedInTheMend() {
		ObjectNode spec = this.api.spec(Api.TRUE).put("seed", 2147483648L);
		assertThat(this.api.post("/api/v1/runs", spec.toString()).isProblem(422).said("$.seed")).contains("0",
				"2147483647", "leave it out");
		for (int seed : new int[] { 0, Integer.MAX_VALUE }) {
			String run = this.api.submit(spec.put("seed", seed));
			assertThat(this.api.get("/api/v1/runs/" + run + "/spec").json().path("seed").asInt()).isEqualTo(seed);
		}
	}

	@Test
	void aSeedThatIsNotGivenIsDrawnAndRecorded() {
		ObjectNode spec = this.api.spec(Api.TRUE);
		spec.remove("seed");
		spec.put("determinism", "seeded");
		Map<Long, String> seeds = new TreeMap<>();
		for (int i = 0; i < 3; i++) {
			String run = this.api.submit(spec);
			JsonNode seed = this.api.get("/api/v1/runs/" + run + "/spec").is(200).json().path("seed");
			assertThat(seed.isIntegralNumber()).isTrue();
			assertThat(seed.asLong()).isBetween(0L, 2147483647L);
			assertThat(this.api.get("/api/v1/runs/" + run + "/recipe").json().path("seed")).isEqualTo(seed);
			assertThat(this.api.get("/api/v1/runs/" + run).json().path("spec").path("seed")).isEqualTo(seed);
			seeds.put(seed.asLong(), run);
		}
		assertThat(seeds).hasSizeGreaterThan(1);
	}

	@ParameterizedTest
	@CsvSource({ "debug,strict", "paper,strict", "production,warn", "experiment,seeded" })
	void aPurposeStandsForAMode(String purpose, String mode) {
		ObjectNode spec = this.api.spec(Api.TRUE).put("purpose", purpose);
		spec.remove("determinism");
		String run = this.api.submit(spec);
		assertThat(this.api.get("/api/v1/runs/" + run + "/spec").json().path("determinism").asString()).isEqualTo(mode);
		this.api.post("/api/v1/runs", spec.put("determinism", mode).toString()).is(201);
		Answer contradiction = this.api.post("/api/v1/runs", spec.put("determinism", "off").toString()).isProblem(422);
		assertThat(contradiction.said("$.purpose")).contains("determinism");
	}

	@ParameterizedTest
	@ValueSource(strings = { "LD_PRELOAD", "LD_LIBRARY_PATH", "LD_AUDIT", "GLIBC_TUNABLES", "REPRISE_JOB",
			"REPRISE_RECORD_DIR", "REPRISE_X", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "PYTHONHASHSEED",
			"CUBLAS_WORKSPACE_CONFIG", "PYTHONSTARTUP", "PYTHONHOME", "BASH_ENV", "ENV", "BASH_FUNC_x", "PATH", "HOME",
			"CUDA_VISIBLE_DEVICES", "JAVA_TOOL_OPTIONS", "NVIDIA_TF32_OVERRIDE", "TZ", "LC_ALL", "SOURCE_DATE_EPOCH" })
	void aVariableThatBelongsToTheServiceIsRefused(String name) {
		ObjectNode spec = this.api.spec(Api.TRUE);
		spec.putObject("env").put(name, "x");
		Answer answer = this.api.post("/api/v1/runs", spec.toString()).isProblem(422);
		assertThat(answer.fields()).containsExactly("$.env['" + name + "']");
		assertThat(answer.said("$.env['" + name + "']").length()).isGreaterThan(40);
	}

	@Test
	void whatALaterVersionBringsIsRefusedAndNotPassedOver() {
		Answer answer = this.api.post("/api/v1/runs", with("environment.image", "\"python@sha256:0\"")).isProblem(422);
		assertThat(answer.said("$.environment.image")).contains("this version of Reprise");
	}

	@Test
	void ofADiffWithoutATraceThereIsNothingToLookInto() {
		String run = this.api.submit(this.api.spec(Api.TRUE));
		this.api.ended(run);
		String diff = this.api.post("/api/v1/diffs", "{\"left\": \"" + run + "\", \"right\": \"" + run + "\"}")
			.is(200)
			.id();
		for (String route : List.of("/zoom", "/counter-runs")) {
			this.api.post("/api/v1/diffs/" + diff + route, "{}").isProblem(409);
			this.api.post("/api/v1/diffs/00000000000000000000000000" + route, "{}").isProblem(404);
		}
	}

	@Test
	void twoFormsOfARuntimeOrNoneAreRefused() {
		for (String runtime : List.of("{\"type\": \"python\"}",
				"{\"type\": \"python\", \"entrypoint\": \"train.py\", \"module\": \"train\"}",
				"{\"type\": \"python\", \"entrypoint\": \"train.py\", \"command\": [\"true\"]}")) {
			ObjectNode spec = this.api.spec(runtime);
			assertThat(this.api.post("/api/v1/runs", spec.toString()).isProblem(422).fields())
				.containsExactly("$.runtime.entrypoint");
		}
		assertThat(this.api.post("/api/v1/runs", with("runtime", "{\"command\": [\"true\"]}")).isProblem(422).fields())
			.containsExactly("$.runtime.type");
	}

	@ParameterizedTest
	@ValueSource(strings = { "../train.py", "/etc/passwd", "a//b.py", "./train.py", "a\\\\b.py", "a/../../b.py", "" })
	void anEntrypointThatClimbsIsRefused(String path) {
		ObjectNode spec = this.api.spec("{\"type\": \"python\", \"entrypoint\": \"" + path + "\"}");
		assertThat(this.api.post("/api/v1/runs", spec.toString()).isProblem(422).fields())
			.contains("$.runtime.entrypoint");
	}

	@ParameterizedTest
	@ValueSource(strings = { "-c", "a-b", "a..b", ".a", "a;b", "1a", "" })
	void aModuleThatIsNoDottedNameIsRefused(String module) {
		ObjectNode spec = this.api.spec("{\"type\": \"python\", \"module\": \"" + module + "\"}");
		assertThat(this.api.post("/api/v1/runs", spec.toString()).isProblem(422).fields())
			.containsExactly("$.runtime.module");
	}

	@Test
	void anEntrypointThatIsNotInTheCodeIsToldTheCandidates() {
		ObjectNode spec = this.api.spec("{\"type\": \"python\", \"entrypoint\": \"main.py\"}");
		assertThat(this.api.post("/api/v1/runs", spec.toString()).isProblem(422).said("$.runtime.entrypoint"))
			.contains("train.py");
	}

	@Test
	void inputsThatTheStoreLacksOrThatShareAPathAreRefused() {
		ObjectNode spec = this.api.spec(Api.TRUE);
		ObjectNode inputs = spec.putObject("inputs");
		inputs.putObject("a").put("digest", "sha256:" + "0".repeat(64));
		assertThat(this.api.post("/api/v1/runs", spec.toString()).isProblem(422).said("$.inputs['a'].digest"))
			.contains("PUT");
		inputs.putObject("a").put("digest", this.api.code()).put("path", "data");
		inputs.putObject("b").put("digest", this.api.code()).put("path", "data/b");
		assertThat(this.api.post("/api/v1/runs", spec.toString()).isProblem(422).fields()).containsExactly("$.inputs");
		inputs.putObject("b").put("digest", this.api.code()).put("path", "../b");
		assertThat(this.api.post("/api/v1/runs", spec.toString()).isProblem(422).fields())
			.containsExactly("$.inputs['b'].path");
	}

	@Test
	void listsAndMapsAreBounded() {
		ObjectNode spec = this.api.spec(Api.TRUE);
		ObjectNode env = spec.putObject("env");
		for (int i = 0; i < 101; i++) {
			env.put("V" + i, "x");
		}
		var outputs = spec.putArray("outputs");
		for (int i = 0; i < 65; i++) {
			outputs.add("**");
		}
		ObjectNode labels = spec.putObject("labels");
		for (int i = 0; i < 65; i++) {
			labels.put("l" + i, "x");
		}
		var command = spec.withObjectProperty("runtime").putArray("command");
		for (int i = 0; i < 257; i++) {
			command.add("x");
		}
		spec.put("name", "n".repeat(201));
		assertThat(this.api.post("/api/v1/runs", spec.toString()).isProblem(422).fields())
			.containsExactlyInAnyOrder("$.env", "$.outputs", "$.labels", "$.runtime.command", "$.name");
	}

	@Test
	void theResolvedSpecCanBeSentAgain() {
		String first = this.api.submit(this.api.spec(Api.TRUE));
		String resolved = this.api.get("/api/v1/runs/" + first + "/spec").is(200).text();
		String second = this.api.post("/api/v1/runs", resolved).is(201).id();
		assertThat(this.api.get("/api/v1/runs/" + second + "/spec").is(200).text()).isEqualTo(resolved);
		for (String field : List.of("name", "seed", "determinism", "runtime", "code", "environment", "inputs",
				"outputs", "env", "resources", "timeout", "maxAttempts", "priority", "project", "network", "portable",
				"holdSeed", "onDrift", "audit", "trace", "labels")) {
			assertThat(JSON.readTree(resolved).has(field)).as(field).isTrue();
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			null                                    | {"every": 1, "tensors": "all", "budget": 1073741824}
			{}                                      | {"every": 1, "tensors": "all", "budget": 1073741824}
			{"every": null, "tensors": null}        | {"every": 1, "tensors": "all", "budget": 1073741824}
			{"every": 1000000}                      | {"every": 1000000, "tensors": "all", "budget": 1073741824}
			{"tensors": "sum", "budget": "1MiB"}    | {"every": 1, "tensors": "sum", "budget": 1048576}
			{"tensors": ["conv*", "fc.?"]}          | {"every": 1, "tensors": ["conv*", "fc.?"], "budget": 1073741824}
			{"budget": "1TiB"}                      | {"every": 1, "tensors": "all", "budget": 1099511627776}
			"off"                                   | "off"
			""")
	void aTraceIsResolvedToItsDefaults(String asked, String resolved) {
		ObjectNode spec = this.api.spec(Api.TRUE);
		spec.set("trace", JSON.readTree(asked));
		String run = this.api.submit(spec);
		assertThat(this.api.get("/api/v1/runs/" + run + "/spec").is(200).json().path("trace"))
			.isEqualTo(JSON.readTree(resolved));
	}

	@Test
	void theTraceLeavesTheJobTheMostOfItsDisk() {
		ObjectNode spec = this.api.spec(Api.TRUE).put("audit", true);
		spec.withObjectProperty("resources").put("disk", "100MiB");
		JsonNode resolved = this.api.get("/api/v1/runs/" + this.api.submit(spec) + "/spec").json();
		assertThat(resolved.path("trace").path("budget").asLong()).isEqualTo(10L << 20);
		assertThat(resolved.path("audit").asBoolean()).isTrue();
		spec.withObjectProperty("resources").put("disk", "2MiB");
		resolved = this.api.get("/api/v1/runs/" + this.api.submit(spec) + "/spec").json();
		assertThat(resolved.path("trace").path("budget").asLong()).as("no less than what is a budget")
			.isEqualTo(1 << 20);
	}

	@Test
	void patternsOfATraceAreBounded() {
		ObjectNode spec = this.api.spec(Api.TRUE);
		var tensors = spec.putObject("trace").putArray("tensors");
		for (int i = 0; i < 65; i++) {
			tensors.add("conv*");
		}
		assertThat(this.api.post("/api/v1/runs", spec.toString()).isProblem(422).fields())
			.containsExactly("$.trace.tensors");
		tensors.removeAll();
		tensors.add("x".repeat(257));
		assertThat(this.api.post("/api/v1/runs", spec.toString()).isProblem(422).fields())
			.containsExactly("$.trace.tensors[0]");
	}

	@Test
	void aSpecOfAVersionWithoutTracesIsOff() {
		ObjectNode spec = this.api.spec(Api.TRUE);
		ObjectNode resolved = (ObjectNode) JSON
			.readTree(this.api.get("/api/v1/runs/" + this.api.submit(spec) + "/spec").is(200).text());
		assertThat(JobSpecJson.read(resolved.toString()).trace()).isNotNull();
		assertThat(JobSpecJson.read(resolved.putNull("trace").toString()).trace()).isNull();
		resolved.remove("trace");
		JobSpec old = JobSpecJson.read(resolved.toString());
		assertThat(old.trace()).isNull();
		assertThat(JobSpecJson.write(old).path("trace").asString()).isEqualTo("off");
	}

	@Test
	void textsThatMeanSomethingElsewhereAreTextsHere() {
		String name = "'; drop table runs; -- ${jndi:ldap://x} {{7*7}} %s <script>alert(1)</script> $(id) `id`";
		ObjectNode spec = this.api.spec(Api.TRUE).put("name", name);
		spec.putObject("labels").put("team", name);
		String run = this.api.submit(spec);
		assertThat(this.api.get("/api/v1/runs/" + run).is(200).json().path("name").asString()).isEqualTo(name);
		String found = this.api
			.get("/api/v1/runs?name=" + java.net.URLEncoder.encode(name, java.nio.charset.StandardCharsets.UTF_8))
			.is(200)
			.text();
		assertThat(found).contains(run);
	}

}
