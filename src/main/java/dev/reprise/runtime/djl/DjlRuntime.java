package dev.reprise.runtime.djl;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import dev.reprise.artifact.ListedFile;
import dev.reprise.artifact.Listing;
import dev.reprise.environment.DjlFolder;
import dev.reprise.recipe.Recipe;
import dev.reprise.run.spec.JobSpec;
import dev.reprise.run.spec.RuntimeSpec;
import dev.reprise.runtime.Mount;
import dev.reprise.runtime.ProcessPlan;

import org.springframework.stereotype.Component;

/**
 * Starts a program on the JVM as its author would, with DJL before its own jars and the
 * agent in it. Nothing of the service's class path, options or environment reaches it.
 */
@Component
public class DjlRuntime {

	/**
	 * Gives all objects one identity hash, from strict on.
	 */
	static final List<String> PINNED = List.of("-XX:+UnlockExperimentalVMOptions", "-XX:hashCode=2");

	/**
	 * What every JVM is started with.
	 */
	static final List<String> OPTIONS = List.of("-XX:+UseSerialGC", "-XX:-UsePerfData", "-XX:+DisableAttachMechanism",
			"--enable-native-access=ALL-UNNAMED");

	private static final String WORK = "/workspace/work";

	private final DjlFolder djl;

	private final ServiceJars jars;

	private final AotCache aot;

	DjlRuntime(DjlFolder djl, ServiceJars jars, AotCache aot) {
		this.aot = aot;
		this.djl = djl;
		this.jars = jars;
	}

	/**
	 * What to start for a spec.
	 * @param code the files of the work folder
	 * @throws IllegalStateException if there is no DJL here
	 * @throws IOException if its jars cannot be listed
	 */
	public ProcessPlan plan(JobSpec spec, RuntimeSpec.Jvm runtime, Recipe recipe, Listing code) throws IOException {
		Path java = Path.of(System.getProperty("java.home")).toRealPath();
		List<Mount> mounts = new ArrayList<>(
				List.of(Mount.readOnly(this.djl.folder()), Mount.readOnly(this.jars.folder())));
		if (!java.startsWith("/usr")) {
			mounts.add(Mount.readOnly(java));
		}
		return new ProcessPlan(command(spec, runtime, recipe, code, java), variables(spec, recipe, java), mounts);
	}

	private List<String> command(JobSpec spec, RuntimeSpec.Jvm runtime, Recipe recipe, Listing code, Path java)
			throws IOException {
		List<String> command = new ArrayList<>();
		command.add(java.resolve("bin/java").toString());
		command.add(agent(java));
		if (recipe.knob("jvm.identityHashCode").isPresent()) {
			command.addAll(PINNED);
		}
		recipe.knob("torch.num_threads")
			.ifPresent((knob) -> command.add("-Dai.djl.pytorch.num_threads=" + knob.value().asString()));
		recipe.knob("torch.num_interop_threads")
			.ifPresent((knob) -> command.add("-Dai.djl.pytorch.num_interop_threads=" + knob.value().asString()));
		Path ready = this.aot.file(java, agent(java), ownPath(java));
		if (ready != null) {
			command.addAll(List.of("-XX:AOTCache=" + ready, "-Xlog:aot*=off", "-Xlog:cds*=off"));
		}
		// The library takes as much memory beside the heap.
		command.add("-Xmx" + Math.max(32, (spec.resources().memory() / 2) >> 20) + "m");
		command.addAll(OPTIONS);
		command.addAll(List.of("-Djava.io.tmpdir=/tmp", "-Duser.home=/home/job", "-cp",
				(runtime instanceof RuntimeSpec.Trainer) ? ownPath(java) : classPath(java, code)));
		switch (runtime) {
			case RuntimeSpec.Main main -> {
				command.add(main.name());
				command.addAll(main.args());
			}
			case RuntimeSpec.Trainer trainer -> {
				command.add(trainerClass(trainer.name()));
				trainer.parameters().forEach((name, value) -> command.add("--" + name + "=" + value));
			}
		}
		return command;
	}

	private static String trainerClass(String trainer) {
		return "dev.reprise.trainer." + switch (trainer) {
			case "mlp" -> "Mlp";
			case "cnn" -> "Cnn";
			case "char-lm" -> "CharLm";
			default -> throw new IllegalArgumentException("there is no trainer " + trainer + " any more");
		};
	}

	private String agent(Path java) throws IOException {
		return "-javaagent:" + this.jars.agent() + "=" + this.djl.folder() + ":"
				+ this.jars.woven(java, this.djl.folder());
	}

	/**
	 * DJL's jars, then the user's in the order of their paths, then the user's classes
	 * that lie in no jar.
	 */
	private String classPath(Path java, Listing code) throws IOException {
		List<String> path = new ArrayList<>(List.of(ownPath(java)));
		code.files()
			.stream()
			.map(ListedFile::path)
			.filter((file) -> file.endsWith(".jar"))
			.forEach((file) -> path.add(WORK + "/" + file));
		path.add(WORK);
		return String.join(":", path);
	}

	/**
	 * What is the same for all, and so can be kept ready in a cache; the agent is in it
	 * for its own classes to be kept there.
	 */
	private String ownPath(Path java) throws IOException {
		List<Path> path = new ArrayList<>(List.of(this.jars.woven(java, this.djl.folder()), this.jars.agent()));
		path.addAll(this.djl.jars());
		path.add(this.jars.trainers());
		return path.stream().map(Path::toString).collect(Collectors.joining(":"));
	}

	private Map<String, String> variables(JobSpec spec, Recipe recipe, Path java) {
		Map<String, String> variables = new LinkedHashMap<>();
		variables.put("PATH", java.resolve("bin") + ":/usr/local/bin:/usr/bin:/bin");
		variables.put("HOME", "/home/job");
		variables.put("USER", "job");
		variables.put("LOGNAME", "job");
		variables.put("TMPDIR", "/tmp");
		variables.putAll(spec.env());
		variables.putAll(recipe.processEnvironment());
		variables.put("DJL_CACHE_DIR", this.djl.natives().toString());
		variables.put("DJL_OFFLINE", "true");
		variables.put("OPT_OUT_TRACKING", "true");
		variables.put("REPRISE_JOB", "/workspace/job.json");
		variables.put("REPRISE_RECORD_DIR", "/workspace/record");
		variables.put("REPRISE_OUTPUT_DIR", "/workspace/outputs");
		return variables;
	}

}
