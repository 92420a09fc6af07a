package dev.reprise.acceptance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@code ./reprise local} as a person uses it, with real programs and no service.
 */
class LocalTests {

	private static final JsonMapper JSON = JsonMapper.shared();

	/**
	 * Trains a moment, writes beside itself and into the output folder, and prints where
	 * it is.
	 */
	private static final String PROGRAM = """
			import os, sys, random, torch
			model = torch.nn.Linear(8, 4)
			optimizer = torch.optim.SGD(model.parameters(), lr=float(os.environ.get("LR", "0.1")))
			for step in range(3):
			    loss = model(torch.randn(16, 8)).square().mean()
			    optimizer.zero_grad()
			    loss.backward()
			    optimizer.step()
			import numpy
			numpy.save("weights.npy", model.weight.detach().numpy())
			with open(os.path.join(os.environ["REPRISE_OUTPUT_DIR"], "loss.txt"), "w") as file:
			    file.write(f"{loss.item()} {random.random()}")
			print("trained", flush=True)
			print("a warning", file=sys.stderr)
			""";

	@TempDir
	Path temp;

	private Path work;

	private Command command;

	@BeforeEach
	void prepare() throws IOException {
		Path real = Files.createDirectory(this.temp.resolve("a folder with spaces"));
		this.work = Files.createSymbolicLink(this.temp.resolve("link"), real);
		Files.writeString(real.resolve("train.py"), PROGRAM);
		this.command = new Command(this.work, this.temp.resolve("cache of mine"));
	}

	@Test
	void oneSeedTwiceIsIdenticalAndAnotherIsNot() throws IOException, InterruptedException {
		Command.Ended first = this.command.run("local", "--seed", "7", "--record", "one", "--", Command.python(),
				"train.py");
		assertThat(first.status()).as(first.err()).isZero();
		assertThat(first.out()).isEqualTo("trained\n");
		assertThat(first.err()).contains("a warning", "reprise: SUCCEEDED", "seed 7", "isolation none", "0 not held",
				"2 outputs", "record: ", "run it again, then ./reprise diff");
		assertThat(this.work.resolve("one/stdout.log")).hasContent("trained");
		assertThat(this.work.resolve("one/stderr.log")).content().contains("a warning");
		assertThat(this.work.resolve("one/outputs/weights.npy"))
			.hasSameBinaryContentAs(this.work.resolve("weights.npy"));
		assertThat(this.work.resolve("one/code/train.py")).hasContent(PROGRAM);

		Command.Ended second = this.command.run("local", "--seed", "7", "--record", "two", "--", Command.python(),
				"train.py");
		assertThat(second.err()).contains("next: ./reprise diff '", "/one' '", "/two'");
		Command.Ended same = this.command.run("diff", "one", "two");
		assertThat(same.out()).startsWith("verdict: IDENTICAL\n")
			.contains("code         the same", "machine      the same");
		assertThat(same.status()).isZero();

		this.command.run("local", "--seed", "8", "--record", "three", "--", Command.python(), "train.py");
		Command.Ended other = this.command.run("diff", "two", "three");
		assertThat(other.status()).isEqualTo(1);
		assertThat(other.out()).startsWith("verdict: DIFFERENT\n").contains("weights.npy", "32 of 32", "seed: 7 -> 8");
		JsonNode json = JSON.readTree(this.command.run("diff", "--json", "two", "three").out());
		assertThat(json.path("verdict").asString()).isEqualTo("DIFFERENT");
		assertThat(json.path("left").asString()).isEqualTo("two");
		Command.Ended tolerant = this.command.run("diff", "--atol", "100", "--ignore", "loss.txt", "two", "three");
		assertThat(tolerant.status()).isEqualTo(6);
		assertThat(this.command
			.run("diff", "--atol", "100", "--ignore", "loss.txt", "--accept", "WITHIN_TOLERANCE", "two", "three")
			.status()).isZero();
	}

	/**
	 * Those of {@code docs/commands.md} that the runs of the other tests do not give.
	 */
	@ParameterizedTest
	@CsvSource({ "no-outputs-in-common, NOT_COMPARABLE, 3", "cancelled, INCONCLUSIVE, 4",
			"pdf-date, IDENTICAL_EXCEPT, 5" })
	void theExitCodeOfADiffIsThatOfItsVerdict(String pair, String verdict, int code)
			throws IOException, InterruptedException {
		Path folder = Path.of("src/test/resources/corpus", pair).toAbsolutePath();
		String left = folder.resolve("left").toString();
		String right = folder.resolve("right").toString();
		Command.Ended diff = this.command.run("diff", left, right);
		assertThat(diff.out()).as(diff.err()).startsWith("verdict: " + verdict + "\n");
		assertThat(diff.status()).isEqualTo(code);
		Command.Ended accepting = this.command.run("diff", "--accept", "IDENTICAL_EXCEPT", left, right);
		assertThat(accepting.status()).isEqualTo(verdict.equals("IDENTICAL_EXCEPT") ? 0 : code);
	}

	@Test
	void aDiffThatIsAskedForWronglyEndsWithTwoAndComparesNothing() throws IOException, InterruptedException {
		String run = Path.of("src/test/resources/corpus/identical/left").toAbsolutePath().toString();
		for (String[] wrong : new String[][] { { "diff", run }, { "diff", run, run, run },
				{ "diff", "--colour", run, run }, { "diff", "--ulps", "many", run, run },
				{ "diff", "--accept", "INCONCLUSIVE", run, run },
				{ "diff", "--accept", "INCONCLUSIVE", run, "nowhere" } }) {
			Command.Ended diff = this.command.run(wrong);
			assertThat(diff.status()).as(String.join(" ", wrong)).isEqualTo(2);
			assertThat(diff.out()).isEmpty();
			assertThat(diff.err()).startsWith("reprise: ");
		}
	}

	@Test
	void aTraceIsAskedForOrNot() throws IOException, InterruptedException {
		for (String word : List.of("all", "sum", "off")) {
			this.command.run("local", "--trace", word, "--record", word, "--", "true");
			JsonNode job = JSON.readTree(Files.readString(this.work.resolve(word + "/job.json")));
			assertThat(job.path("watch").path("trace").path("tensors").asString("off")).isEqualTo(word);
			assertThat(job.path("watch").path("trace").isNull()).isEqualTo(word.equals("off"));
			assertThat(job.path("watch").path("flip").isNull()).isTrue();
			JsonNode spec = JSON.readTree(Files.readString(this.work.resolve(word + "/spec.json")));
			assertThat(spec.path("trace").path("tensors").asString(spec.path("trace").asString(""))).isEqualTo(word);
		}
		Command.Ended wrong = this.command.run("local", "--trace", "some", "--record", "some", "--", "true");
		assertThat(wrong.status()).isEqualTo(125);
		assertThat(wrong.err()).contains("--trace is some; give off, sum or all");
	}

	@Test
	void aRunHereIsComparedWithOneOfAService(@TempDir Path data) throws IOException, InterruptedException {
		ServiceProcess service = ServiceProcess.start(data);
		try {
			String spec = "{\"seed\": 7, \"runtime\": {\"type\": \"python\", \"entrypoint\": \"train.py\"}}";
			String run = service.client().succeeded(spec, Map.of("train.py", PROGRAM));
			service.client().replayed(run);
			this.command.run("local", "--seed", "7", "--record", "here", "--", Command.python(), "train.py");
			Command.Ended diff = this.command.run("diff", "--server", service.address(), run, "here");
			assertThat(diff.status()).as(diff.out() + diff.err()).isZero();
			assertThat(diff.out()).startsWith("verdict: IDENTICAL\n").contains("isolation: sandbox -> none");
			String address = service.address() + "/api/v1/runs/" + run;
			Command.Ended itself = this.command.run("diff", address, address);
			assertThat(itself.out()).startsWith("verdict: IDENTICAL\n");
			assertThat(this.command.run("export", address, "-o", "run.tar").status()).isZero();
			assertThat(this.command.run("export", address, "-o", "again.tar").status()).isZero();
			assertThat(this.work.resolve("run.tar")).hasSameBinaryContentAs(this.work.resolve("again.tar"));
			Command.Ended check = this.command.run("check", "run.tar");
			assertThat(check.status()).as(check.out()).isZero();
			assertThat(check.out()).contains("1 replays: IDENTICAL", "is whole");
			assertThat(this.command.run("verify", address, "weights.npy", "train.py").status()).isEqualTo(4);
			String other = service.client().succeeded(spec.replace("7", "8"), Map.of("train.py", PROGRAM));
			Command.Ended two = this.command.run("diff", "--server", service.address(), run, other);
			assertThat(two.status()).as(two.out() + two.err()).isEqualTo(1);
			assertThat(two.out()).startsWith("verdict: DIFFERENT\n")
				.contains("weights.npy", "32 of 32", "seed: 7 -> 8");
			JsonNode kept = JSON
				.readTree(this.command.run("diff", "--json", "--server", service.address(), run, other).out());
			assertThat(service.client().get("/diffs/" + kept.path("id").asString()).path("right").asString())
				.isEqualTo(other);
			Command.Ended unknown = this.command.run("diff", "--server", service.address(), "0".repeat(26), "here");
			assertThat(unknown.status()).isEqualTo(7);
			assertThat(unknown.err()).contains("answered 404");
		}
		finally {
			service.stop();
		}
	}

	@Test
	void whatTheProgramDoesAgainstTheRecipeIsSaid() throws IOException, InterruptedException {
		Files.writeString(this.work.resolve("drifts.py"), """
				import torch
				torch.manual_seed(1337)
				torch.backends.cudnn.benchmark = True
				open("out.txt", "w").write(str(torch.rand(1)))
				""");
		Command.Ended drift = this.command.run("local", "--seed", "1", "--record", "drift", "--", Command.python(),
				"drifts.py");
		assertThat(drift.status()).isZero();
		assertThat(drift.err()).contains("sets its own seed", "torch.manual_seed(1337) at drifts.py:2",
				"torch.backends.cudnn.benchmark became true at drifts.py:3", "2 not held",
				"cuDNN: deterministic, without benchmark (drifts.py:3");
		Files.writeString(this.work.resolve("refused.py"), """
				import torch
				torch.zeros(4).put_(torch.tensor([1]), torch.tensor([2.0]))
				""");
		Command.Ended refused = this.command.run("local", "--record", "refused", "--", Command.python(), "refused.py");
		assertThat(refused.status()).isEqualTo(1);
		assertThat(refused.err()).contains("REFUSED_OPERATION", "put_", "refused.py:2");
	}

	@Test
	void aProgramThatTheHarnessDoesNotReachIsAFailedRun() throws IOException, InterruptedException {
		Files.writeString(this.work.resolve("plain.py"), "open('out.txt', 'w').write('x')");
		Command.Ended isolated = this.command.run("local", "--record", "isolated", "--", Command.python(), "-I",
				"plain.py");
		assertThat(isolated.status()).isEqualTo(87);
		assertThat(isolated.err()).contains("RECORD", "Do not start Python with -I");
		assertThat(end("isolated").path("failure").path("kind").asString()).isEqualTo("RECORD");
		Files.writeString(this.work.resolve("hides.sh"),
				Command.python().replace(" ", "\\ ") + " -I plain.py; sleep 0.5");
		Command.Ended hidden = this.command.run("local", "--record", "hidden", "--", "sh", "hides.sh");
		assertThat(hidden.err()).contains("reprise: ");
	}

	@Test
	void theExitCodeIsTheProgramsOwn() throws IOException, InterruptedException {
		assertThat(this.command.run("local", "--record", "a", "--", "sh", "-c", "exit 3").status()).isEqualTo(3);
		assertThat(this.command.run("local", "--record", "b", "--", "sh", "-c", "kill -9 $$").status()).isEqualTo(137);
		assertThat(end("b").path("failure").path("kind").asString()).isEqualTo("SIGNAL");
		assertThat(this.command.run("local", "--record", "c", "--", "no-such-program").status()).isEqualTo(127);
		Command.Ended taken = this.command.run("local", "--record", "a", "--", "true");
		assertThat(taken.status()).isEqualTo(125);
		assertThat(taken.err()).contains("is not empty; name another by --record");
		Command.Ended seed = this.command.run("local", "--seed", "2147483648", "--", "true");
		assertThat(seed.status()).isEqualTo(125);
		assertThat(seed.err()).contains("from 0 to 2147483647", "usage: ");
		assertThat(this.command.run("local", "--env", "LD_PRELOAD=x.so", "--", "true").err())
			.contains("--env must not set LD_PRELOAD");
	}

	@Test
	void onlyVariablesThatNumbersDependOnAreRecordedAndThoseThatAreGiven() throws IOException, InterruptedException {
		Command.Ended run = this.command.run("local", "--env", "LR=0.5", "--record", "a", "--", "env");
		assertThat(run.out()).contains("LR=0.5\n", "XDG_CACHE_HOME=", "OMP_NUM_THREADS=1\n", "PYTHONHASHSEED=0\n");
		JsonNode env = JSON.readTree(Files.readString(this.work.resolve("a/spec.json"))).path("env");
		assertThat(env.path("LR").asString()).isEqualTo("0.5");
		assertThat(env.has("XDG_CACHE_HOME")).isFalse();
		assertThat(env.has("HOME")).isFalse();
	}

	@Test
	void anInterruptEndsTheWholeTreeAndTheRecordSaysSo() throws Exception {
		String mark = UUID.randomUUID().toString();
		Process local = startSleeper(mark, "cancelled");
		new ProcessBuilder("kill", "-INT", Long.toString(local.pid())).start().waitFor();
		assertThat(local.waitFor(30, TimeUnit.SECONDS)).isTrue();
		assertThat(local.exitValue()).isEqualTo(130);
		assertThat(MarkedProcesses.with(mark)).isEmpty();
		assertThat(end("cancelled").path("state").asString()).isEqualTo("CANCELLED");
		assertThat(end("cancelled").path("endedBy").asString()).isEqualTo("user");
		assertThat(this.work.resolve("cancelled/outputs/saved.txt")).hasContent("on interrupt");
		assertThat(this.temp.resolve("cache of mine/reprise/tmp")).isEmptyDirectory();
	}

	@Test
	void aKillOfTheCommandLeavesNoProcess() throws Exception {
		String mark = UUID.randomUUID().toString();
		Process local = startSleeper(mark, "killed");
		local.destroyForcibly().waitFor();
		Await.until(Duration.ofSeconds(20), () -> Optional.of(MarkedProcesses.with(mark).isEmpty()));
		assertThat(this.work.resolve("killed/end.json")).doesNotExist();
		Await.until(Duration.ofSeconds(20), () -> {
			try (var left = Files.list(this.temp.resolve("cache of mine/reprise/tmp"))) {
				return Optional.of(left.findAny().isEmpty());
			}
		});
		assertThat(this.command.run("diff", "killed", "killed").status()).isEqualTo(7);
		assertThat(this.command.run("local", "--record", "after", "--", "true").status()).isZero();
	}

	/**
	 * A program with a child in a session of its own that outlives its parent, as daemons
	 * do.
	 */
	private Process startSleeper(String mark, String record) throws IOException, InterruptedException {
		Files.writeString(this.work.resolve("sleeper.py"), """
				import subprocess, time
				subprocess.run(["sh", "-c", "setsid sleep 1000 & setsid sleep 1001 &"], start_new_session=True)
				print("ready", flush=True)
				try:
				    time.sleep(1000)
				except KeyboardInterrupt:
				    open("saved.txt", "w").write("on interrupt")
				""");
		Process local = this.command.start(this.temp.resolve(record + ".err"), "local", "--env", "MARK=" + mark,
				"--record", record, "--", Command.python(), "sleeper.py");
		byte[] ready = local.getInputStream().readNBytes(6);
		assertThat(new String(ready, StandardCharsets.UTF_8)).isEqualTo("ready\n");
		assertThat(MarkedProcesses.with(mark)).hasSizeGreaterThanOrEqualTo(3);
		return local;
	}

	@Test
	void noneOfSpringIsLoaded() throws IOException, InterruptedException {
		this.command.run("local", "--record", "a", "--", "true");
		Path log = this.temp.resolve("loaded.log");
		for (String[] arguments : new String[][] { { "local", "--record", "b", "--", "true" }, { "diff", "a", "a" },
				{ "export", "a", "-o", "a.tar" }, { "check", "a.tar" }, { "verify", "a", "train.py" } }) {
			List<String> command = new ArrayList<>(Product.command());
			command.add(1, "-Xlog:class+load:file=" + log);
			command.addAll(List.of(arguments));
			ProcessBuilder builder = new ProcessBuilder(command).directory(this.work.toFile())
				.redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.DISCARD);
			builder.environment().put("XDG_CACHE_HOME", this.temp.resolve("cache of mine").toString());
			builder.start().waitFor();
			assertThat(log).content().contains("dev.reprise.cli.RecordCommands").doesNotContain("org.springframework");
		}
	}

	private JsonNode end(String record) throws IOException {
		return JSON.readTree(Files.readString(this.work.resolve(record).resolve("end.json")));
	}

}
