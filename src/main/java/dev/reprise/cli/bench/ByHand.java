package dev.reprise.cli.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.reprise.runtime.Mount;
import dev.reprise.recipe.Recipe;
import dev.reprise.run.Run;
import dev.reprise.runtime.ProcessPlan;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Starts Python as a person would who has set the variables of the recipe, with the
 * interpreter that the service gave a run, and with the harness if that is asked for.
 */
final class ByHand {

	private static final JsonMapper JSON = JsonMapper.shared();

	private final Run run;

	private final Recipe recipe;

	private final ProcessPlan plan;

	private final Path scratch;

	private int folders;

	ByHand(Run run, Recipe recipe, ProcessPlan plan, Path scratch) {
		this.run = run;
		this.recipe = recipe;
		this.plan = plan;
		this.scratch = scratch;
	}

	/**
	 * A process without the harness on one core.
	 * @param core its number
	 */
	ProcessBuilder onCore(Path program, String core) throws IOException {
		return process(List.of("taskset", "-c", core), program, false);
	}

	/**
	 * A process that is ready to start in a new folder.
	 * @param program copied into the folder, as the service copies it
	 * @param harness whether it comes with the harness
	 */
	ProcessBuilder process(Path program, boolean harness, String... arguments) throws IOException {
		int cores = this.run.cpus();
		List<String> pinned = (cores < Runtime.getRuntime().availableProcessors())
				? List.of("taskset", "-c", Machine.cores(cores)) : List.of();
		return process(pinned, program, harness, arguments);
	}

	private ProcessBuilder process(List<String> pinned, Path program, boolean harness, String... arguments)
			throws IOException {
		Path folder = Files.createDirectory(this.scratch.resolve("by-hand-" + this.folders++));
		Path work = Files.createDirectory(folder.resolve("work"));
		Path tmp = Files.createDirectory(folder.resolve("tmp"));
		Files.copy(program, work.resolve(program.getFileName()));
		List<String> command = new ArrayList<>(pinned);
		if (this.recipe.fixedAddressLayout()) {
			command.addAll(List.of("setarch", "-R"));
		}
		command.addAll(List.of(this.plan.command().getFirst(), String.valueOf(program.getFileName())));
		command.addAll(List.of(arguments));
		ProcessBuilder builder = new ProcessBuilder(command).directory(work.toFile());
		builder.redirectError(folder.resolve("stderr.log").toFile());
		builder.environment().clear();
		builder.environment().putAll(variables(folder, tmp, harness));
		return builder;
	}

	private Map<String, String> variables(Path folder, Path tmp, boolean harness) throws IOException {
		Map<String, String> variables = new LinkedHashMap<>(this.plan.environment());
		String site = variables.remove("PYTHONPATH");
		variables.keySet().removeIf((name) -> name.startsWith("REPRISE_"));
		variables.put("HOME", tmp.toString());
		variables.put("TMPDIR", tmp.toString());
		if (harness && site != null) {
			ObjectNode job = JSON.createObjectNode();
			job.put("schema", 1).put("run", this.run.id()).put("attempt", 1);
			job.set("spec", JSON.readTree(this.run.specJson()));
			job.set("recipe", this.recipe.toJson());
			Files.writeString(folder.resolve("job.json"), job.toPrettyString());
			variables.put("PYTHONPATH", outside(site));
			variables.put("REPRISE_JOB", folder.resolve("job.json").toString());
			variables.put("REPRISE_RECORD_DIR", Files.createDirectory(folder.resolve("record")).toString());
			variables.put("REPRISE_OUTPUT_DIR", Files.createDirectory(folder.resolve("outputs")).toString());
		}
		return variables;
	}

	/**
	 * Where a path inside the sandbox lies outside.
	 */
	private String outside(String path) {
		for (Mount mount : this.plan.mounts()) {
			if (path.startsWith(mount.target() + "/")) {
				return mount.source() + path.substring(mount.target().length());
			}
		}
		throw new IllegalStateException("no mount of the plan holds " + path);
	}

	/**
	 * Waits for a process to end well.
	 * @return its standard output
	 */
	static String finish(Process process, ProcessBuilder builder) throws IOException, InterruptedException {
		String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		int code = process.waitFor();
		if (code != 0) {
			throw new IOException(
					String.join(" ", builder.command()) + " ended with " + code + ": " + complaint(builder));
		}
		return out;
	}

	/**
	 * What a process wrote to its standard error.
	 */
	static String complaint(ProcessBuilder builder) {
		try {
			return Files.readString(builder.redirectError().file().toPath()).strip();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
