package dev.reprise.acceptance;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * For each item of the checklist that can be read here, a program or a launch that breaks
 * just that item: the checklist says no for just that one.
 */
class ChecklistTests extends WithService {

	/**
	 * Items that no program can break on a machine without a GPU, and what is said of
	 * them.
	 */
	private static final Map<String, String> WITHOUT_GPU = Map.of("torch-cuda", "not-applicable", "cudnn",
			"not-available", "cublas", "not-available", "nccl", "not-available", "reduced-precision", "not-available",
			"attention", "not-applicable");

	private final Map<String, String> runs = new LinkedHashMap<>();

	static List<Case> cases() {
		return List.of(program("python-random", "random.seed(1)"), program("numpy", "numpy.random.seed(1)"),
				program("torch-cpu", "torch.manual_seed(1)"),
				program("deterministic-algorithms", "torch.use_deterministic_algorithms(False)"),
				program("cudnn", "torch.backends.cudnn.benchmark = True"),
				launch("cublas", "CUBLAS_WORKSPACE_CONFIG=:16:8"), launch("hash-seed", "PYTHONHASHSEED=1"),
				program("threads", "torch.set_num_threads(2)"),
				program("tf32", "torch.backends.cuda.matmul.allow_tf32 = True"),
				program("uninitialised-memory", "torch.utils.deterministic.fill_uninitialized_memory = False"),
				program("children", "subprocess.run([sys.executable, '-I', '-c', 'pass'], check=True)"),
				launch("instruction-set", "MKL_CBWR=COMPATIBLE"), launch("compiler", "TRITON_CACHE_DIR=/tmp/elsewhere"),
				launch("process-environment", "TZ=Asia/Tokyo"),
				program("reduced-precision",
						"torch.backends.cuda.matmul.allow_bf16_reduced_precision_reduction = True"),
				launch("nccl", "NCCL_ALGO=Tree"));
	}

	private static Case program(String item, String statement) {
		return new Case(item, statement, List.of("python", "train.py"));
	}

	private static Case launch(String item, String variable) {
		return new Case(item, "", List.of("env", variable, "python", "train.py"));
	}

	@BeforeAll
	void submit() throws IOException, InterruptedException {
		List<Case> all = new ArrayList<>(cases());
		all.add(program("nothing", ""));
		for (Case one : all) {
			String spec = """
					{"seed": 42, "determinism": "strict", "resources": {"memory": "2GiB"},
					 "runtime": {"type": "python", "command": [%s]}}"""
				.formatted(String.join(", ", one.command().stream().map((word) -> "\"" + word + "\"").toList()));
			this.runs.put(one.item(), this.client.submit(spec, Map.of("train.py", code(one.statement()))));
		}
	}

	@ParameterizedTest
	@MethodSource("cases")
	void whatBreaksOneItemIsSaidOfJustThatItem(Case broken) throws IOException, InterruptedException {
		Map<String, String> held = held(broken.item());
		assertThat(held.entrySet().stream().filter((item) -> item.getValue().equals("no")).map(Map.Entry::getKey))
			.as(held.toString())
			.containsExactly(broken.item());
	}

	@Test
	void whatNothingBreaksIsHeldAndWhatCannotBeShownIsNeverYes() throws IOException, InterruptedException {
		Map<String, String> held = held("nothing");
		held.forEach((item, state) -> assertThat(state).as(item).isEqualTo(WITHOUT_GPU.getOrDefault(item, "yes")));
	}

	@Test
	void theBrokenKnobIsNamedWithItsPlace() throws IOException, InterruptedException {
		held("threads");
		JsonNode item = this.client.checklist(this.runs.getOrDefault("threads", ""), "threads");
		assertThat(item.path("why").asString()).contains("torch.num_threads").contains("train.py:5");
	}

	private static String code(String statement) {
		return """
				import os, random, subprocess, sys
				import numpy
				import torch

				%s
				class Draws(torch.utils.data.Dataset):
				    def __len__(self): return 4
				    def __getitem__(self, index): return numpy.random.rand()

				def seed_worker(number): numpy.random.seed(torch.initial_seed() %% 2**32)

				draws = list(torch.utils.data.DataLoader(Draws(), num_workers=2, worker_init_fn=seed_worker))
				child = subprocess.run([sys.executable, "-c", "print('child')"], check=True)
				torch.save({"weight": torch.randn(4), "noise": numpy.random.rand()}, "weight.pt")
				""".formatted(statement);
	}

	private Map<String, String> held(String name) throws IOException, InterruptedException {
		String run = this.runs.getOrDefault(name, "");
		JsonNode ended = this.client.ended(run);
		assertThat(ended.path("state").asString()).as(ended.path("failure").toString()).isEqualTo("SUCCEEDED");
		Map<String, String> held = new LinkedHashMap<>();
		for (JsonNode item : this.client.get("/runs/" + run + "/checklist").path("items")) {
			assertThat(item.path("why").asString()).isNotBlank();
			held.put(item.path("item").asString(), item.path("held").asString());
		}
		// Not of the recipe, but of the machine: an ordinary user has limits that are
		// soft.
		boolean hard = ended.path("softLimits").isEmpty();
		assertThat(held.remove("isolation")).as(ended.path("softLimits").toString()).isEqualTo(hard ? "yes" : "no");
		assertThat(held.keySet()).containsAll(Set.of("torch-cuda", "cudnn", "cublas", "children"));
		return held;
	}

	/**
	 * A way to break one item.
	 *
	 * @param item the item
	 * @param statement a statement of the program, or nothing
	 * @param command how the program is launched
	 */
	record Case(String item, String statement, List<String> command) {

		@Override
		public String toString() {
			return this.item;
		}

	}

}
