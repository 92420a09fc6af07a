package dev.reprise.environment.lock;

import java.nio.charset.StandardCharsets;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Which lock files are taken, and how the others are refused.
 */
class LockTests {

	private static final String HASH = "sha256:" + "4".repeat(64);

	private static final String UV = """
			version = 1
			revision = 3
			requires-python = ">=3.11"

			[[package]]
			name = "demo"
			version = "0.1"
			source = { virtual = "." }
			dependencies = [{ name = "six" }]

			[[package]]
			name = "six"
			version = "1.17.0"
			source = %s
			wheels = [{ url = "https://index.invalid/six.whl", hash = "%s", size = 1 }]
			""";

	@Test
	void aRequirementsFileIsTakenAsPipToolsWriteIt() throws BadLockException {
		assertThat(lines("""
				# a comment
				Ray[tune,default]==2.9.0 ; python_version >= "3.11" and sys_platform == 'linux' \\
				    --hash=%s \\
				    --hash=sha512:%s
				    # via something
				six==1.17.0 --hash=%s # why
				torch==2.9.1+cpu --hash=%s
				""".formatted(HASH, "a".repeat(128), HASH, HASH))).containsExactly(
				"Ray[tune,default]==2.9.0 ; python_version >= \"3.11\" and sys_platform == 'linux' --hash=" + HASH
						+ " --hash=sha512:" + "a".repeat(128),
				"six==1.17.0 --hash=" + HASH, "torch==2.9.1+cpu --hash=" + HASH);
	}

	@ParameterizedTest
	@ValueSource(strings = { "-e .", "--editable .", "-r other.txt", "-c other.txt",
			"--index-url https://index.invalid", "-i https://index.invalid", "--extra-index-url x", "--find-links x",
			"-f x", "--no-index", "--pre", "--trusted-host x", "--no-binary :all:", "six", "six>=1.0 --hash=H",
			"six==1.* --hash=H", "six===1.0 --hash=H", "six==1.0", "six==1.0,!=1.1 --hash=H", "six~=1.0 --hash=H",
			"six==1.0 --hash=md5:aa", "six==1.0 --hash=sha256:AA", "six @ https://index.invalid/six.whl --hash=H",
			"six @ git+ssh://index.invalid/six", "git+https://index.invalid/x", "./six.whl --hash=H", "/six.whl",
			"file:///six.whl", "six==1.0 --hash=H --global-option=x", "six==1.0 --config-settings=x --hash=H",
			"six==1.0 ; python_version > '3' --index-url=x --hash=H", "six==1.0; extra == \"a\" $(id) --hash=H",
			"six==${VERSION} --hash=H", "-six==1 --hash=H", "six==1.0;--hash=H", "\u0000", "six==1.0\u202e --hash=H" })
	void whatIsNoPinnedPackageOfTheIndexIsRefused(String line) {
		assertThatExceptionOfType(BadLockException.class)
			.isThrownBy(() -> lines("iniconfig==2.0.0 --hash=" + HASH + "\n" + line.replace("H", HASH) + "\n"))
			.satisfies((ex) -> assertThat(ex.problems().getFirst().mend()).isNotBlank())
			.withMessageMatching((line.indexOf(0) >= 0) ? ".*NUL.*" : "(?s)line 2 .*");
	}

	@Test
	void aLockThatNamesNothingIsRefused() {
		assertThatExceptionOfType(BadLockException.class).isThrownBy(() -> lines("# nothing\n"))
			.withMessageContaining("no package");
	}

	@Test
	void everythingThatIsWrongIsNamedAtOnceWithItsLine() {
		BadLockException ex = catchThrowableOfType(BadLockException.class,
				() -> lines("six\n\n-e .\nsix==1 --hash=" + HASH + "\nx==1\n"));
		assertThat(ex.problems()).extracting(BadLockException.Problem::place)
			.containsExactly("line 1", "line 3", "line 5");
	}

	@Test
	void sizesAreBounded() {
		assertThatExceptionOfType(BadLockException.class).isThrownBy(() -> Lock.read(new byte[Lock.MAX_BYTES + 1]))
			.withMessageContaining("bytes");
		assertThatExceptionOfType(BadLockException.class)
			.isThrownBy(() -> lines(("six==1 --hash=" + HASH + "\n").repeat(Lock.MAX_PACKAGES + 1)))
			.withMessageContaining("packages");
		assertThatExceptionOfType(BadLockException.class)
			.isThrownBy(() -> lines("six==1" + (" --hash=" + HASH).repeat(2000)))
			.withMessageContaining("characters");
		assertThatExceptionOfType(BadLockException.class).isThrownBy(() -> lines("\n".repeat(300_000)))
			.withMessageContaining("lines");
	}

	@Test
	void aPylockBecomesRequirementsWithoutItsAddresses() throws BadLockException {
		assertThat(
				lines("""
						lock-version = "1.0"
						created-by = "uv"

						[[packages]]
						name = "six"
						version = "1.17.0"
						marker = "sys_platform == 'linux'"
						index = "https://index.invalid/simple"
						wheels = [{ url = "https://index.invalid/six.whl", upload-time = 2024-12-08T15:45:53Z, hashes = { sha256 = "%s" } }]
						sdist = { url = "https://index.invalid/six.tar.gz", hashes = { sha256 = "%s" } }
						"""
					.formatted("4".repeat(64), "5".repeat(64))))
			.containsExactly(
					"six==1.17.0 ; sys_platform == 'linux' --hash=" + HASH + " --hash=sha256:" + "5".repeat(64));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			vcs = { type = "git", url = "https://index.invalid/x", commit-id = "a" } | vcs
			directory = { path = "." }                                              | directory
			archive = { url = "https://index.invalid/x.zip", hashes = {} }          | archive
			wheels = [{ name = "six.whl", hashes = { md5 = "aa" } }]                | sha256
			marker = "'dev' in dependency_groups"                                   | marker
			wheels = []                                                             | hash""")
	void aPylockThatReachesElsewhereIsRefused(String line, String word) {
		assertThatExceptionOfType(BadLockException.class)
			.isThrownBy(() -> lines("lock-version = \"1.0\"\n[[packages]]\nname = \"six\"\nversion = \"1\"\n" + line))
			.withMessageContaining(word)
			.withMessageContaining("package six");
	}

	@Test
	void aUvLockOfOneProjectIsTaken() throws BadLockException {
		assertThat(Lock.read(bytes(UV.formatted("{ registry = \"https://index.invalid/simple\" }", HASH))))
			.isEqualTo(new Lock.UvProject("demo", ">=3.11"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "{ git = \"https://index.invalid/six\" }", "{ url = \"https://index.invalid/six.whl\" }",
			"{ path = \"six.whl\" }", "{ directory = \"../six\" }", "{ editable = \"../six\" }",
			"{ virtual = \".\" }" })
	void aUvLockThatReachesElsewhereIsRefused(String source) {
		assertThatExceptionOfType(BadLockException.class)
			.isThrownBy(() -> Lock.read(bytes(UV.formatted(source, HASH))));
	}

	@Test
	void whatIsNoTomlIsRefused() {
		assertThatExceptionOfType(BadLockException.class).isThrownBy(() -> lines("version = 1\n[[package]\n"))
			.withMessageContaining("TOML");
		assertThatExceptionOfType(BadLockException.class)
			.isThrownBy(() -> lines("version = 1\nx = " + "[".repeat(5000) + "]".repeat(5000)));
		assertThatExceptionOfType(BadLockException.class).isThrownBy(() -> Lock.read(new byte[] { (byte) 0xff, 10 }))
			.withMessageContaining("UTF-8");
	}

	@Test
	void nothingElseIsThrownWhateverTheBytesAre() {
		Random random = new Random(7);
		String[] seeds = { "six==1.0 ; python_version > '3' \\\n --hash=" + HASH + "\n",
				UV.formatted("{ registry = \"x\" }", HASH),
				"lock-version = \"1.0\"\n[[packages]]\nname = \"six\"\nversion = \"1\"\nwheels = [{ hashes = { sha256 = \"aa\" } }]\n" };
		for (int i = 0; i < 30_000; i++) {
			byte[] bytes = bytes(seeds[i % seeds.length]);
			for (int j = random.nextInt(6); j >= 0; j--) {
				bytes[random.nextInt(bytes.length)] = (byte) (random.nextBoolean() ? random.nextInt(256)
						: "\n[]{}=\"'\\#; -".charAt(random.nextInt(13)));
			}
			try {
				Lock.read(bytes);
			}
			catch (BadLockException ex) {
				assertThat(ex.getMessage()).hasSizeLessThan(500);
			}
		}
	}

	private static java.util.List<String> lines(String text) throws BadLockException {
		return ((Lock.Requirements) Lock.read(bytes(text))).lines();
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
