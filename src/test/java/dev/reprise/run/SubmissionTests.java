package dev.reprise.run;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import dev.reprise.artifact.DataFolder;
import dev.reprise.artifact.Digest;
import dev.reprise.service.Answer;
import dev.reprise.service.Api;
import dev.reprise.service.ServiceTest;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs that come with their code.
 */
@ServiceTest
class SubmissionTests {

	private static final String SPEC = "{\"seed\": 1, \"determinism\": \"off\", \"runtime\": " + Api.TRUE
			+ ", \"resources\": {\"memory\": \"128MiB\"}}";

	private static final String ENTRYPOINT = SPEC.replace(Api.TRUE,
			"{\"type\": \"python\", \"entrypoint\": \"main.py\"}");

	private final Api api;

	private final Path blobs;

	private final Path tmp;

	SubmissionTests(Api api, DataFolder data) {
		this.api = api;
		this.blobs = data.root().resolve("blobs");
		this.tmp = data.tmp();
	}

	@Test
	void aSingleFileIsCode() {
		JsonNode run = this.api.multipart().spec(SPEC).code("train.py", "x = 1\n").send().is(201).json();
		assertThat(paths(run.path("id").asString())).containsExactly("train.py");
	}

	@Test
	void theAnswerSaysWhereTheRunIs() {
		Answer answer = this.api.multipart().spec(SPEC).code("train.py", "x = 1\n").send().is(201);
		assertThat(answer.header("Location")).isEqualTo("/api/v1/runs/" + answer.id());
		this.api.get(answer.header("Location")).is(200);
	}

	@Test
	void fileNamesMayHoldPaths() {
		String deep = "a/".repeat(300) + "x.py";
		String run = this.api.multipart()
			.spec(SPEC)
			.code("train.py", "import pkg.model\n")
			.code("pkg/model.py", "x = 1\n")
			.code("pkg/sub/größe ü.txt", "x\n")
			.code(deep, "x\n")
			.code("empty.txt", "")
			.send()
			.is(201)
			.id();
		assertThat(paths(run)).containsExactlyInAnyOrder("train.py", "pkg/model.py", "pkg/sub/größe ü.txt", deep,
				"empty.txt");
	}

	@Test
	void aFieldWithoutContentTypeMayBeTheSpec() {
		String body = "--x\r\nContent-Disposition: form-data; name=\"spec\"\r\n\r\n" + SPEC
				+ "\r\n--x\r\nContent-Disposition: form-data; name=\"code\"; filename=\"train.py\"\r\n\r\nx = 1\r\n--x--\r\n";
		this.api.post("/api/v1/runs", "multipart/form-data; boundary=x", body.getBytes(StandardCharsets.UTF_8)).is(201);
	}

	@ParameterizedTest
	@ValueSource(strings = { "zip", "tar", "tar.gz" })
	void anArchiveIsCodeWhateverItIsCalled(String kind) throws IOException {
		byte[] archive = switch (kind) {
			case "zip" -> Api.zip("pkg/train.py", "print(1)\n");
			case "tar" -> tar("pkg/train.py", "print(1)\n", TarConstants.LF_NORMAL);
			default -> gzip(tar("pkg/train.py", "print(1)\n", TarConstants.LF_NORMAL));
		};
		String run = this.api.multipart().spec(SPEC).code("whatever", archive).send().is(201).id();
		assertThat(paths(run)).containsExactly("pkg/train.py");
	}

	@Test
	void theIdentityOfCodeIsItsFilesAndNotTheWayTheyCame() throws IOException {
		byte[] content = "print(1)\n".getBytes(StandardCharsets.UTF_8);
		String asFile = this.api.multipart().spec(SPEC).code("train.py", content).send().is(201).id();
		String asZip = this.api.multipart().spec(SPEC).code("a", Api.zip("train.py", "print(1)\n")).send().is(201).id();
		String asTar = this.api.multipart()
			.spec(SPEC)
			.code("b", gzip(tar("train.py", "print(1)\n", TarConstants.LF_NORMAL)))
			.send()
			.is(201)
			.id();
		assertThat(code(asFile)).isEqualTo(code(asZip)).isEqualTo(code(asTar));
	}

	@ParameterizedTest
	@ValueSource(strings = { "../train.py", "/etc/cron.d/x", "a/../../x.py", "a//x.py", "./x.py", "..", ".", "a/",
			"a\\\\..\\\\x.py", "x\u0001.py", "x\u007f.py", "x\t.py", "" })
	void fileNamesThatClimbOrDoNotPrintAreRefused(String name) {
		long before = count();
		Answer answer = this.api.multipart().spec(SPEC).code(name, "x = 1\n").send().isProblem(422);
		assertThat(answer.fields()).contains("part 'code'");
		assertThat(count()).isEqualTo(before);
	}

	@Test
	void fileNamesAreBounded() {
		Answer answer = this.api.multipart().spec(SPEC).code("n".repeat(300) + ".py", "x").send().isProblem(422);
		assertThat(answer.said("part 'code'")).contains("255 bytes");
		answer = this.api.multipart().spec(SPEC).code("ü".repeat(150), "x").send().isProblem(422);
		assertThat(answer.said("part 'code'")).contains("255 bytes");
		answer = this.api.multipart().spec(SPEC).code("d/".repeat(600) + "x", "x").send().isProblem(422);
		assertThat(answer.said("part 'code'")).contains("1024 bytes");
		this.api.multipart().spec(SPEC).code("n".repeat(20_000), "x").send().isProblem(413);
	}

	@Test
	void partsThatAreTwiceUnknownOrMissingAreNamed() {
		assertThat(this.api.multipart()
			.spec(SPEC)
			.code("a.py", "1")
			.code("a.py", "2")
			.send()
			.isProblem(422)
			.said("part 'code'")).contains("twice", "a.py");
		assertThat(this.api.multipart().spec(SPEC).spec(SPEC).code("a.py", "1").send().isProblem(422).fields())
			.containsExactly("part 'spec'");
		assertThat(this.api.multipart().code("a.py", "1").send().isProblem(422).fields())
			.containsExactly("part 'spec'");
		assertThat(this.api.multipart()
			.spec(SPEC)
			.part("name=\"data\"; filename=\"a\"", "text/plain", new byte[1])
			.part("name=\"Code\"; filename=\"a\"", "text/plain", new byte[1])
			.send()
			.isProblem(422)
			.fields()).containsExactlyInAnyOrder("part 'data'", "part 'Code'");
		assertThat(this.api.multipart()
			.spec(SPEC)
			.part("name=\"code\"", "text/plain", new byte[1])
			.send()
			.isProblem(422)
			.said("part 'code'")).contains("no file name");
	}

	@Test
	void aSpecWithoutCodeIsToldThatCodeIsMissing() {
		assertThat(this.api.multipart().spec(SPEC).send().isProblem(422).fields()).containsExactly("$.code");
	}

	@Test
	void codeInTwoWaysIsRefused() {
		String spec = SPEC.replace("{\"seed\"", "{\"code\": \"" + this.api.code() + "\", \"seed\"");
		assertThat(this.api.multipart().spec(spec).code("a.py", "1").send().isProblem(422).fields())
			.containsExactly("$.code");
	}

	@ParameterizedTest
	@ValueSource(strings = { "application/yaml", "text/plain", "application/json;charset=latin1", "nonsense", "a/b/c" })
	void aSpecOfAnotherTypeIsRefused(String type) {
		assertThat(this.api.multipart()
			.part("name=\"spec\"", type, SPEC.getBytes(StandardCharsets.UTF_8))
			.code("a.py", "1")
			.send()
			.isProblem(422)
			.fields()).containsExactly("part 'spec'");
	}

	@Test
	void nothingOfARequestIsKeptWhoseSpecIsWrong() {
		long before = count();
		this.api.multipart().spec("{broken").code("a.py", "never kept 1").send().isProblem(400);
		this.api.multipart()
			.spec(SPEC.replace("\"seed\": 1", "\"seed\": -1"))
			.code("a.py", "never kept 2")
			.send()
			.isProblem(422);
		this.api.multipart().spec(" ".repeat(600_000)).code("a.py", "never kept 3").send().isProblem(413);
		assertThat(count()).isEqualTo(before);
	}

	@Test
	void anEntrypointThatIsNotThereIsToldTheFilesThatAre() {
		Answer answer = this.api.multipart()
			.spec(ENTRYPOINT)
			.code("train.py", "1")
			.code("pkg/run.py", "1")
			.code("README", "1")
			.send()
			.isProblem(422);
		assertThat(answer.said("$.runtime.entrypoint")).contains("train.py", "pkg/run.py").doesNotContain("README");
		this.api.multipart().spec(ENTRYPOINT).code("README", "1").send().isProblem(422);
		this.api.multipart().spec(ENTRYPOINT).code("main.py", "1").send().is(201);
	}

	@Test
	void oneFileThatIsTheFolderOfAnotherIsRefused() {
		assertThat(this.api.multipart().spec(SPEC).code("a", "1").code("a/b.py", "2").send().isProblem(422).fields())
			.containsExactly("part 'code'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "climb.zip", "absolute.zip", "bomb.zip", "twice.zip", "cut.zip", "climb.tar", "link.tar",
			"hardlink.tar", "device.tar", "pipe.tar", "bomb.tar.gz", "cut.tar.gz" })
	void hostileArchivesAreRefusedAndLeaveNothing(String kind) throws IOException {
		byte[] archive = hostile(kind);
		long before = count();
		Answer answer = this.api.multipart().spec(SPEC).code("code.bin", archive).send().isProblem(422);
		assertThat(answer.fields()).containsExactly("part 'code'");
		assertThat(count()).isEqualTo(before);
		assertThat(Path.of("/tmp/reprise-climbed")).doesNotExist();
		String digest = this.api.blob(archive);
		String spec = SPEC.replace("{\"seed\"", "{\"code\": \"" + digest + "\", \"seed\"");
		assertThat(this.api.post("/api/v1/runs", spec).isProblem(422).fields()).containsExactly("$.code");
		assertThat(count()).isEqualTo(before + 1);
		try (var left = Files.list(this.tmp)) {
			assertThat(left).noneMatch((path) -> path.getFileName().toString().startsWith("upload-"));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "no parts at all", "--x\r\n",
			"--x\r\nContent-Disposition: form-data; name=\"spec\"\r\n\r\n{", "--y--\r\n",
			"--x\r\nNonsense\r\n\r\n\r\n--x--" })
	void aBodyThatIsNotMultipartIsRefused(String body) {
		int status = this.api
			.post("/api/v1/runs", "multipart/form-data; boundary=x", body.getBytes(StandardCharsets.UTF_8))
			.status();
		assertThat(status).isIn(400, 422);
		this.api.post("/api/v1/runs", "multipart/form-data", body.getBytes(StandardCharsets.UTF_8)).isProblem(400);
	}

	@Test
	void partsAreCounted() {
		Api.Multipart request = this.api.multipart().spec(SPEC);
		for (int i = 0; i < 2100; i++) {
			request.code("f" + i, "");
		}
		request.send().isProblem(413);
	}

	@Test
	void aListingIsCodeIfEveryFileOfItIsThere() {
		String file = this.api.blob("print('listed')\n".getBytes(StandardCharsets.UTF_8));
		String missing = Digest.of("nowhere".getBytes(StandardCharsets.UTF_8)).value();
		String good = this.api.blob(("644 16 " + file + " main.py\0").getBytes(StandardCharsets.UTF_8));
		String bad = this.api.blob(("644 7 " + missing + " main.py\0").getBytes(StandardCharsets.UTF_8));
		String climbing = this.api.blob(("644 16 " + file + " ../main.py\0").getBytes(StandardCharsets.UTF_8));
		String spec = ENTRYPOINT.replace("{\"seed\"", "{\"code\": \"CODE\", \"seed\"");
		assertThat(code(this.api.post("/api/v1/runs", spec.replace("CODE", good)).is(201).id())).isEqualTo(good);
		assertThat(this.api.post("/api/v1/runs", spec.replace("CODE", bad)).isProblem(422).said("$.code"))
			.contains("main.py", missing);
		this.api.post("/api/v1/runs", spec.replace("CODE", climbing)).isProblem(422);
		this.api.post("/api/v1/runs", spec.replace("CODE", file)).isProblem(422);
	}

	private List<String> paths(String run) {
		List<String> paths = new ArrayList<>();
		this.api.ended(run);
		this.api.get("/api/v1/runs/" + run + "/artifacts")
			.is(200)
			.json()
			.path("code")
			.path("files")
			.forEach((file) -> paths.add(file.path("path").asString()));
		return paths;
	}

	private String code(String run) {
		return this.api.get("/api/v1/runs/" + run + "/spec").json().path("code").asString();
	}

	private long count() {
		try (var files = Files.walk(this.blobs)) {
			return files.filter(Files::isRegularFile).count();
		}
		catch (IOException ex) {
			throw new java.io.UncheckedIOException(ex);
		}
	}

	private static byte[] hostile(String kind) throws IOException {
		return switch (kind) {
			case "climb.zip" -> Api.zip("../../../../../tmp/reprise-climbed", "x");
			case "absolute.zip" -> Api.zip("/tmp/reprise-climbed", "x");
			case "twice.zip" -> twice();
			case "bomb.zip" -> Api.zip("zeros", "\0".repeat(64 << 20));
			case "cut.zip" -> cut(Api.zip("train.py", "x".repeat(1000)));
			case "climb.tar" -> tar("../../../../../tmp/reprise-climbed", "x", TarConstants.LF_NORMAL);
			case "link.tar" -> tar("passwd", "", TarConstants.LF_SYMLINK);
			case "hardlink.tar" -> tar("passwd", "", TarConstants.LF_LINK);
			case "device.tar" -> tar("null", "", TarConstants.LF_CHR);
			case "pipe.tar" -> tar("pipe", "", TarConstants.LF_FIFO);
			case "bomb.tar.gz" -> gzip(tar("zeros", "\0".repeat(64 << 20), TarConstants.LF_NORMAL));
			default -> cut(gzip(tar("train.py", "print(1)\n", TarConstants.LF_NORMAL)));
		};
	}

	private static byte[] twice() throws IOException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
			zip.putNextEntry(new ZipEntry("a.py"));
			zip.putNextEntry(new ZipEntry("b.py"));
		}
		String text = bytes.toString(StandardCharsets.ISO_8859_1).replace("b.py", "a.py");
		return text.getBytes(StandardCharsets.ISO_8859_1);
	}

	private static byte[] tar(String name, String content, byte type) throws IOException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
			TarArchiveEntry entry = new TarArchiveEntry(name, type, true);
			if (type == TarConstants.LF_SYMLINK || type == TarConstants.LF_LINK) {
				entry.setLinkName("/etc/passwd");
			}
			byte[] data = content.getBytes(StandardCharsets.UTF_8);
			entry.setSize(data.length);
			tar.putArchiveEntry(entry);
			tar.write(data);
			tar.closeArchiveEntry();
		}
		return bytes.toByteArray();
	}

	private static byte[] gzip(byte[] content) throws IOException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
			gzip.write(content);
		}
		return bytes.toByteArray();
	}

	private static byte[] cut(byte[] bytes) {
		return java.util.Arrays.copyOf(bytes, bytes.length / 2);
	}

}
