package dev.reprise.acceptance;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

import dev.reprise.artifact.tar.TarEntry;
import dev.reprise.artifact.tar.TarWriter;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One run in one file, and files that are or are not outputs of a run.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ArchiveTests {

	private static final String PROGRAM = """
			import os, random
			open("result.txt", "w").write(str(random.random()))
			os.makedirs("deep/er")
			open("deep/er/name with spaces.bin", "wb").write(bytes(random.randrange(256) for _ in range(70000)))
			""";

	private Path work;

	private Command command;

	@BeforeAll
	void run(@TempDir Path temp) throws IOException, InterruptedException {
		this.work = Files.createDirectory(temp.resolve("work"));
		Files.writeString(this.work.resolve("make.py"), PROGRAM);
		this.command = new Command(this.work, temp.resolve("cache"));
		Command.Ended local = this.command.run("local", "--seed", "5", "--record", "run", "--", Command.python(),
				"make.py");
		assertThat(local.status()).as(local.err()).isZero();
	}

	@Test
	void theSameRunGivesTheSameBytesWhichAreWhole() throws IOException, InterruptedException {
		assertThat(this.command.run("export", "run", "-o", "1.tar").status()).isZero();
		assertThat(this.command.run("export", "run", "-o", "2.tar").status()).isZero();
		assertThat(this.work.resolve("1.tar")).hasSameBinaryContentAs(this.work.resolve("2.tar"));
		assertThat(this.command.run("export", "1.tar", "-o", "3.tar").status()).isZero();
		assertThat(this.work.resolve("1.tar")).hasSameBinaryContentAs(this.work.resolve("3.tar"));
		Command.Ended check = this.command.run("check", "1.tar");
		assertThat(check.status()).as(check.out()).isZero();
		assertThat(check.out()).contains("2 outputs, 2 of them with their bytes", "record of 1 processes",
				"not checked: ", "its digest: sha256:", "is whole");
		Command.Ended diff = this.command.run("diff", "1.tar", "run");
		assertThat(diff.out()).startsWith("verdict: IDENTICAL\n");
		assertThat(this.command.run("export", "run", "-o", "1.tar").err()).contains("is there already");
	}

	@Test
	void anArchiveOfDigestsSaysSoAndIsWholeToo() throws IOException, InterruptedException {
		assertThat(this.command.run("export", "run", "--digests-only", "-o", "digests.tar").status()).isZero();
		Command.Ended check = this.command.run("check", "digests.tar");
		assertThat(check.status()).as(check.out()).isZero();
		assertThat(check.out()).contains("2 outputs, 0 of them with their bytes");
		assertThat(this.command.run("verify", "digests.tar", "result.txt").status()).isZero();
		assertThat(this.command.run("diff", "digests.tar", "run").out()).startsWith("verdict: IDENTICAL\n");
	}

	@Test
	void aChangedByteAnywhereIsFound() throws IOException, InterruptedException {
		this.command.run("export", "run", "-o", "good.tar");
		byte[] good = Files.readAllBytes(this.work.resolve("good.tar"));
		Random random = new Random(3);
		for (int round = 0; round < 12; round++) {
			byte[] bad = good.clone();
			int at = (round < 2) ? good.length - 1500 + round : random.nextInt(good.length);
			bad[at] ^= (byte) (1 << random.nextInt(8));
			Files.write(this.work.resolve("bad.tar"), bad);
			Command.Ended check = this.command.run("check", "bad.tar");
			assertThat(check.status()).as("byte " + at).isEqualTo(1);
			assertThat(check.out()).contains("wrong: ", "is not whole");
			assertThat(this.command.run("diff", "bad.tar", "run").status()).isEqualTo(7);
		}
	}

	@Test
	void anOutputThatWasSwappedWithItsManifestIsFoundByTheListing() throws IOException, InterruptedException {
		Path copy = this.work.resolve("copy");
		this.command.run("export", "run", "-o", "before.tar");
		new ProcessBuilder("cp", "-r", this.work.resolve("run").toString(), copy.toString()).start().waitFor();
		Files.writeString(copy.resolve("outputs/result.txt"), "0.5");
		Command.Ended export = this.command.run("export", "copy", "-o", "swapped.tar");
		assertThat(export.status()).isEqualTo(7);
		assertThat(export.err()).contains("outputs/result.txt", "not those that were listed");
		assertThat(this.work.resolve("swapped.tar")).doesNotExist();
	}

	@ParameterizedTest
	@ValueSource(strings = { "outputs/../../../escaped", "/tmp/escaped", "else.txt", "record/main/other.json" })
	void anArchiveOfAStrangerReachesNothing(String path) throws IOException, InterruptedException {
		Path archive = this.work.resolve("hostile.tar");
		byte[] bytes = "x".getBytes(StandardCharsets.UTF_8);
		if (path.contains("..") || path.startsWith("/")) {
			new ProcessBuilder("sh", "-c", "printf x >x && tar cPf hostile.tar --transform 's,.*," + path + ",' x")
				.directory(this.work.toFile())
				.start()
				.waitFor();
		}
		else {
			try (OutputStream out = Files.newOutputStream(archive); TarWriter tar = new TarWriter(out)) {
				tar.file(new TarEntry(path, false, bytes.length), new ByteArrayInputStream(bytes));
				tar.end();
			}
		}
		Command.Ended check = this.command.run("check", "hostile.tar");
		assertThat(check.status()).as(check.out() + check.err()).isEqualTo(1);
		assertThat(this.command.run("diff", "hostile.tar", "run").status()).isEqualTo(7);
		assertThat(this.work.resolveSibling("escaped")).doesNotExist();
		assertThat(Path.of("/tmp/escaped")).doesNotExist();
	}

	@Test
	void verifyTellsNamesThatMatchNothingFromBytesThatDiffer() throws IOException, InterruptedException {
		Files.createDirectories(this.work.resolve("elsewhere"));
		Files.copy(this.work.resolve("result.txt"), this.work.resolve("elsewhere/renamed.txt"));
		Files.writeString(this.work.resolve("elsewhere/result.txt"), "0.5");
		Command.Ended good = this.command.run("verify", "run", "result.txt", "elsewhere/renamed.txt",
				"deep/er/name with spaces.bin");
		assertThat(good.status()).as(good.out() + good.err()).isZero();
		assertThat(good.out()).contains("output     elsewhere/renamed.txt is result.txt");
		Command.Ended different = this.command.run("verify", "run", "make.py", "elsewhere/result.txt", "result.txt");
		assertThat(different.status()).isEqualTo(1);
		assertThat(different.out()).contains("unknown    make.py", "different  elsewhere/result.txt",
				"output     result.txt");
		assertThat(this.command.run("verify", "run", "result.txt", "make.py").status()).isEqualTo(4);
		assertThat(this.command.run("verify", "run", "missing.txt").status()).isEqualTo(7);
		assertThat(this.command.run("verify", "run").status()).isEqualTo(2);
	}

}
