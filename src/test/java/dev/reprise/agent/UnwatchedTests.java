package dev.reprise.agent;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import javax.tools.ToolProvider;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Nothing is silently untraced: what cannot be watched ends the process before it is
 * used, or makes the record incomplete.
 */
class UnwatchedTests {

	/**
	 * As DJL has it, but for one method.
	 */
	private static final String STAND_IN = """
			package ai.djl.training;
			import ai.djl.ndarray.NDList;
			public class Trainer implements AutoCloseable {
				public NDList forward(NDList input) { return input; }
				public NDList forward(NDList data, NDList labels) { return data; }
				public void close() {}
			}
			""";

	/**
	 * Runs a class of a loader that looks into its own jars first.
	 */
	private static final String LOADS = """
			import java.net.*;
			import java.nio.file.Path;
			public final class Loads {
				public static void main(String[] args) throws Exception {
					URL[] urls = new URL[args.length - 2];
					for (int i = 0; i < urls.length; i++) {
						urls[i] = Path.of(args[i + 2]).toUri().toURL();
					}
					ClassLoader parent = args[0].equals("sees") ? Loads.class.getClassLoader() : ClassLoader.getPlatformClassLoader();
					ClassLoader loader = new URLClassLoader("own", urls, parent) {
						@Override
						protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
							synchronized (getClassLoadingLock(name)) {
								Class<?> there = findLoadedClass(name);
								if (there != null) {
									return there;
								}
								try {
									return findClass(name);
								}
								catch (ClassNotFoundException ex) {
									return super.loadClass(name, resolve);
								}
							}
						}
					};
					Thread.currentThread().setContextClassLoader(loader);
					Class<?> main = Class.forName(args[1], true, loader);
					System.out.println("loaded by " + main.getClassLoader().getName());
					String[] parameters = {"--epochs=1", "--batchSize=64", "--hidden=8", "--dropout=0.1", "--learningRate=0.01"};
					main.getMethod("main", String[].class).invoke(null, (Object) parameters);
				}
			}
			""";

	private static final String USES = """
			import ai.djl.training.Trainer;
			public final class Uses {
				public static void main(String[] args) throws Exception {
					System.out.println("went as far as " + Trainer.class.getMethods().length);
				}
			}
			""";

	private static final String PLAIN = """
			public final class Plain {
				public static void main(String[] args) {
					System.out.println("drew " + Math.random());
				}
			}
			""";

	@TempDir
	private Path folder;

	@Test
	void aHookThatIsNotWhereItWasEndsTheProcessBeforeItIsUsed() throws IOException, InterruptedException {
		Path tampered = compiled("Trainer", STAND_IN);
		Path program = compiled("Uses", USES);
		JvmWithAgent jvm = new JvmWithAgent(this.folder.resolve("home"));
		int code = jvm.run(42, "null", List.of(tampered, program), "Uses", List.of());
		notStarted(jvm, code, "ai/djl/training/Trainer has no method step of the form that was expected");
		JvmWithAgent whole = new JvmWithAgent(this.folder.resolve("whole"));
		assertThat(whole.run(42, "null", List.of(program), "Uses", List.of())).as(whole.log()).isZero();
		assertThat(whole.record("observed.json").path("complete").asBoolean(false)).isTrue();
	}

	@Test
	void soDoesDjlInALoaderThatDoesNotSeeTheHarness() throws IOException, InterruptedException {
		JvmWithAgent jvm = new JvmWithAgent(this.folder.resolve("home"));
		int code = loads(jvm, "null", "blind", "dev.reprise.trainer.Mlp", JvmWithAgent.jars());
		notStarted(jvm, code, "which does not see the harness");
	}

	private static void notStarted(JvmWithAgent jvm, int code, String why) throws IOException {
		assertThat(code).as(jvm.log()).isEqualTo(88);
		assertThat(jvm.log()).doesNotContain("went as far as").doesNotContain("epoch");
		JsonNode result = jvm.record("result.json");
		assertThat(result.path("outcome").asString()).isEqualTo("not-started");
		assertThat(result.path("exitCode").asInt()).isEqualTo(88);
		assertThat(result.path("exception").path("message").asString()).contains(why);
		assertThat(jvm.record("observed.json").path("complete").asBoolean(true)).isFalse();
	}

	@Test
	void otherClassesOfSuchALoaderMakeTheRecordIncomplete() throws IOException, InterruptedException {
		JvmWithAgent jvm = new JvmWithAgent(this.folder.resolve("home"));
		int code = loads(jvm, "null", "blind", "Plain", List.of(compiled("Plain", PLAIN)));
		assertThat(code).as(jvm.log()).isZero();
		assertThat(jvm.log()).contains("loaded by own").contains("drew");
		JsonNode observed = jvm.record("observed.json");
		assertThat(observed.path("complete").asBoolean(true)).as(observed.toPrettyString()).isFalse();
		assertThat(observed.path("gaps").toString()).contains("were not watched, as Plain");
		assertThat(jvm.record("result.json").path("outcome").asString()).isEqualTo("returned");
	}

	@Test
	void djlInALoaderThatSeesTheHarnessIsWatched() throws IOException, InterruptedException {
		JvmWithAgent jvm = new JvmWithAgent(this.folder.resolve("home"));
		int code = loads(jvm, "{\"every\": 1, \"tensors\": \"all\", \"budget\": 1073741824}", "sees",
				"dev.reprise.trainer.Mlp", JvmWithAgent.jars());
		assertThat(code).as(jvm.log()).isZero();
		assertThat(jvm.log()).contains("loaded by own");
		JsonNode observed = jvm.record("observed.json");
		assertThat(observed.path("trace").path("state").asString()).as(observed.toPrettyString()).isEqualTo("whole");
		assertThat(observed.path("trace").path("steps").asInt()).isEqualTo(23);
		assertThat(observed.path("complete").asBoolean(false)).isTrue();
	}

	private int loads(JvmWithAgent jvm, String trace, String parent, String main, List<Path> from)
			throws IOException, InterruptedException {
		List<String> args = new ArrayList<>(List.of(parent, main));
		from.forEach((path) -> args.add(path.toString()));
		return jvm.run(42, trace, List.of(compiled("Loads", LOADS)), "Loads", args);
	}

	/**
	 * A folder of classes.
	 */
	private Path compiled(String name, String source) throws IOException {
		Path classes = Files.createDirectories(this.folder.resolve("classes-" + name));
		Path written = Files.createDirectories(this.folder.resolve("sources-" + name)).resolve(name + ".java");
		String path = JvmWithAgent.jars().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
		int code = ToolProvider.getSystemJavaCompiler()
			.run(null, null, null, "-nowarn", "-g", "-cp", path, "-d", classes.toString(),
					Files.writeString(written, source).toString());
		assertThat(code).isZero();
		return classes;
	}

}
