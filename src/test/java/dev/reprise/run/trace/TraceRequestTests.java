package dev.reprise.run.trace;

import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.reprise.artifact.Bounds;
import dev.reprise.artifact.DataFolder;
import dev.reprise.artifact.tar.TarEntry;
import dev.reprise.artifact.tar.TarReader;
import dev.reprise.record.trace.Column;
import dev.reprise.record.trace.Kind;
import dev.reprise.record.trace.TraceWriter;
import dev.reprise.service.Answer;
import dev.reprise.service.Api;
import dev.reprise.service.ServiceTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The traces of a run, over HTTP: what its process left in its record is what is shown.
 */
@ServiceTest
class TraceRequestTests {

	private static final Column BATCH = new Column(Kind.BATCH, "", "xxh3-128/1");

	private static final Column LOSS = new Column(Kind.LOSS_VALUE, "", "");

	private static final Column WEIGHT = new Column(Kind.PARAMETER, "fc.weight", "xxh3-128/1");

	private static final Column BIAS = new Column(Kind.PARAMETER, "fc.bias", "xxh3-128/1");

	private final Api api;

	private final DataFolder data;

	@TempDir
	Path folder;

	private String run = "";

	TraceRequestTests(Api api, DataFolder data) {
		this.api = api;
		this.data = data;
	}

	/**
	 * A job that lays down a trace which was sent with its code, as a process would write
	 * it: 6 steps of three columns, then 4 of four; a second process of 2 steps.
	 */
	@BeforeEach
	void aRunWithTwoTraces() throws Exception {
		try (TraceWriter trace = new TraceWriter(this.folder.resolve("main"), 1, null, null)) {
			trace.begin(List.of(BATCH, LOSS, WEIGHT));
			for (int i = 0; i < 6; i++) {
				trace.row(i, 100 + i, 7, Double.doubleToRawLongBits((i == 1) ? Double.NaN : 0.5 * i), (i == 2) ? 0 : 1,
						(i < 3) ? i : 200 + i, 0);
			}
			trace.begin(List.of(BATCH, LOSS, WEIGHT, BIAS));
			for (int i = 6; i < 10; i++) {
				trace.row(i, 100 + i, 7, Double.doubleToRawLongBits(0.5 * i), 1, 200 + i, 0, 300 + i, 0);
			}
		}
		try (TraceWriter trace = new TraceWriter(this.folder.resolve("pid-9"), 1, 1, 2)) {
			trace.begin(List.of(BATCH));
			trace.row(0, 1, 1);
			trace.row(1, 2, 2);
		}
		Api.Multipart request = this.api.multipart().spec("""
				{"seed": 1, "determinism": "off", "resources": {"memory": "128MiB"}, "outputs": ["none"],
				 "runtime": {"type": "python", "command": ["sh", "-c", "cp -r main pid-9 $REPRISE_RECORD_DIR"]}}""");
		for (String process : List.of("main", "pid-9")) {
			for (Path segment : segments(process)) {
				request.code(process + "/trace/" + segment.getFileName(), Files.readAllBytes(segment));
			}
		}
		request.code("main/observed.json", "{\"trace\": {\"state\": \"incomplete\", \"why\": [\"because\"]}}");
		this.run = request.send().is(201).id();
		this.api.ended(this.run);
	}

	private List<Path> segments(String process) throws Exception {
		try (var files = Files.list(this.folder.resolve(process))) {
			return files.sorted().toList();
		}
	}

	private Answer trace(String query) {
		return this.api.get("/api/v1/runs/" + this.run + "/trace" + query);
	}

	@Test
	void processesAndRowsAreShown() {
		JsonNode page = trace("").is(200).json();
		JsonNode main = page.path("processes").get(0);
		assertThat(main.path("process").asString()).isEqualTo("main");
		assertThat(main.path("state").asString()).isEqualTo("incomplete");
		assertThat(main.path("why").get(0).asString()).isEqualTo("because");
		assertThat(main.path("rows").asInt()).isEqualTo(10);
		assertThat(main.path("segments").asInt()).isEqualTo(2);
		assertThat(main.path("lastStep").asInt()).isEqualTo(9);
		assertThat(main.path("problems").isEmpty()).isTrue();
		assertThat(page.path("processes").get(1).path("rank").asInt()).isEqualTo(1);
		assertThat(page.path("items").size()).isEqualTo(12);
		assertThat(page.path("next").isNull()).isTrue();
		List<String> shown = new ArrayList<>();
		page.path("items").get(1).path("columns").forEach((cell) -> shown.add(cell.path("value").asString()));
		assertThat(shown).containsExactly("0000000000000007" + "0000000000000065", "NaN", "vacuous");
		assertThat(values(page, 0)).endsWith("absent");
		assertThat(values(page, 2)).containsExactly("0000000000000007" + "0000000000000066", "absent", "unread");
		assertThat(page.path("items").get(3).path("columns").get(1).path("value").asDouble()).isEqualTo(1.5);
		assertThat(page.path("items").get(3).path("columns").get(1).path("algorithm").isNull()).isTrue();
		assertThat(page.path("items").get(3).path("chain").asString()).matches("[0-9a-f]{32}");
	}

	private static List<String> values(JsonNode page, int row) {
		List<String> values = new ArrayList<>();
		page.path("items").get(row).path("columns").forEach((cell) -> values.add(cell.path("value").asString()));
		return values;
	}

	@Test
	void filtersTakeStepsProcessesKindsAndNames() {
		JsonNode page = trace("?process=main&from=5&to=7&kind=parameter&column=fc.b*").is(200).json();
		assertThat(steps(page)).containsExactly("main 6", "main 7");
		assertThat(page.path("items").get(0).path("columns").size()).isEqualTo(1);
		assertThat(steps(trace("?process=pid-9").is(200).json())).containsExactly("pid-9 0", "pid-9 1");
		assertThat(steps(trace("?from=9").is(200).json())).containsExactly("main 9");
		assertThat(trace("?process=pid-8").is(200).json().path("items").isEmpty()).isTrue();
		assertThat(trace("?column=nothing.of.that.name").is(200).json().path("items").isEmpty()).isTrue();
	}

	@Test
	void pagesFollowEachOtherAcrossSegmentsAndProcesses() {
		for (int limit : new int[] { 1, 3, 5, 10, 11, 12 }) {
			List<String> all = new ArrayList<>();
			String cursor = "";
			do {
				JsonNode page = trace("?limit=" + limit + cursor).is(200).json();
				assertThat(page.path("items").size()).isLessThanOrEqualTo(limit);
				all.addAll(steps(page));
				cursor = page.path("next").isNull() ? "" : "&cursor=" + page.path("next").asString();
			}
			while (!cursor.isEmpty());
			assertThat(all).as("by " + limit)
				.containsExactly("main 0", "main 1", "main 2", "main 3", "main 4", "main 5", "main 6", "main 7",
						"main 8", "main 9", "pid-9 0", "pid-9 1");
		}
	}

	private static List<String> steps(JsonNode page) {
		List<String> steps = new ArrayList<>();
		page.path("items")
			.forEach((row) -> steps.add(row.path("process").asString() + " " + row.path("step").asLong()));
		return steps;
	}

	@Test
	void theFilesAreDownloadedAsTheyAre() throws Exception {
		Answer tar = this.api.get("/api/v1/runs/" + this.run + "/trace?download=true").is(200);
		assertThat(tar.header("Content-Type")).isEqualTo("application/x-tar");
		TarReader reader = new TarReader(new ByteArrayInputStream(tar.bytes()), Bounds.DEFAULT);
		List<String> paths = new ArrayList<>();
		for (TarEntry entry; (entry = reader.next()) != null;) {
			paths.add(entry.path());
			Path path = Path.of(entry.path());
			assertThat(reader.content().readAllBytes())
				.isEqualTo(Files.readAllBytes(this.folder.resolve(path.getName(1)).resolve(path.getName(3))));
		}
		assertThat(paths).containsExactly("record/main/trace/0000", "record/main/trace/0001",
				"record/pid-9/trace/0000");
		assertThat(this.data.runs().resolve(this.run).resolve("record/main/trace/0001")).exists();
	}

	@Test
	void whatIsWrongIsNamed() {
		assertThat(trace("?process=../x&from=-1&to=-1&kind=x&column=../x&cursor=x").isProblem(422).fields())
			.containsExactlyInAnyOrder("process", "from", "to", "kind", "column", "cursor");
		trace("?steps=5").isProblem(422);
		trace("?limit=0").isProblem(422);
		trace("?download=false").isProblem(422);
		this.api.get("/api/v1/runs/00000000000000000000000000/trace").isProblem(404);
		String off = this.api.submit(this.api.spec(Api.TRUE).put("trace", "off"));
		this.api.ended(off);
		this.api.get("/api/v1/runs/" + off + "/trace").isProblem(404);
		this.api.get("/api/v1/runs/" + off + "/trace?download=true").isProblem(404);
		String sleeps = this.api.submit(this.api.spec(Api.SLEEP));
		this.api.get("/api/v1/runs/" + sleeps + "/trace").isProblem(409);
		this.api.post("/api/v1/runs/" + sleeps + "/cancel", "");
	}

}
