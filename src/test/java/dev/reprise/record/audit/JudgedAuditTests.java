package dev.reprise.record.audit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.reprise.record.audit.JudgedAudit.Line;
import dev.reprise.record.audit.JudgedAudit.Outcome;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

class JudgedAuditTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			aten.mm.default | 2.15.0+cu132 | {} | float32 | deterministic
			aten.relu.default | 2.15.0 | {} | float32 | deterministic
			aten.bernoulli_.float | 2.15.0 | {} | float32 | draws-random-numbers
			aten.avg_pool3d_backward.default | 2.15.0 | {} | float32 | documented-to-refuse
			aten.max_pool3d_with_indices_backward.default | 2.9.1 | {} | float32 | documented-to-refuse
			aten.max_pool3d_with_indices_backward.default | 2.15.0 | {} | float32 | has-deterministic-path
			aten.max_pool3d_with_indices_backward.default | 2.12.0 | {} | float32 | unknown
			aten.avg_pool3d_backward.default | 2.5.1 | {} | float32 | documented-to-refuse
			aten.nll_loss2d_forward.default | 2.15.0 | {} | float32 | documented-to-refuse
			aten.nll_loss_forward.default | 2.15.0 | {} | float32 | deterministic
			aten.bincount.default | 2.15.0 | {"weights": ["given"]} | int64 | documented-to-refuse
			aten.bincount.default | 2.15.0 | {"weights": [null]} | int64 | deterministic
			aten.bincount.default | 2.15.0 | {} | int64 | documented-to-refuse
			aten.bincount.default | 2.0.1 | {"weights": [null]} | int64 | documented-to-refuse
			aten.cumsum.default | 2.9.1 | {} | float32 | documented-to-refuse
			aten.cumsum.default | 2.9.1 | {} | int64 | deterministic
			aten.cumsum.default | 2.15.0 | {} | float32 | has-deterministic-path
			aten.median.default | 2.15.0 | {} | float32 | deterministic
			aten.median.dim | 2.15.0 | {} | float32 | documented-to-refuse
			aten.scatter_reduce.two | 2.9.1 | {"reduce": ["sum"]} | float32 | has-deterministic-path
			aten.scatter_reduce.two | 2.9.1 | {"reduce": ["sum", "prod"]} | float32 | documented-to-refuse
			aten._embedding_bag_dense_backward.default | 2.15.0 | {"mode": [2]} | float32 | documented-to-refuse
			aten._embedding_bag_dense_backward.default | 2.15.0 | {"mode": [0]} | float32 | deterministic
			aten._scaled_dot_product_flash_attention_for_cpu_backward.default | 2.15.0 | {} | float32 | warns-only
			aten.relu.default | 1.13.1 | {} | float32 | unknown
			aten.relu.default | nonsense | {} | float32 | unknown
			aten.relu.default | 3.0.0 | {} | float32 | deterministic
			torchvision.roi_align.default | 2.15.0 | {} | float32 | unknown
			""")
	void anOperatorIsWhatItsVersionOfTorchSaysOfIt(String operator, String torch, String arguments, String dtype,
			String onGpu) {
		assertThat(judged(torch, List.of(operator(operator, arguments, dtype)), List.of()).operators()).singleElement()
			.extracting((line) -> line.onGpu().wire())
			.isEqualTo(onGpu);
	}

	@Test
	void theVerdictNamesThoseThatRefuseWithTheirPlaces() {
		JudgedAudit judged = judged("2.15.0",
				List.of(operator("aten.mm.default", "{}", "float32"),
						operator("aten._adaptive_avg_pool2d_backward.default", "{}", "float32")),
				List.of("Not all was seen."));
		assertThat(judged.outcome()).as("a refusal is one, whatever else was not seen").isEqualTo(Outcome.REFUSES);
		assertThat(judged.summary()).isEqualTo("On a GPU strict would refuse"
				+ " aten._adaptive_avg_pool2d_backward.default (train.py:3). This is what torch documents, not confirmed on a GPU.");
		assertThat(judged.operators().getFirst().onGpu()).isEqualTo(OnGpu.DOCUMENTED_TO_REFUSE);
		assertThat(judged.incomplete()).containsExactly("main: Not all was seen.");
	}

	@Test
	void whatWasNotSeenIsNeverAPass() {
		List<Audit.Operator> harmless = List.of(operator("aten.mm.default", "{}", "float32"));
		assertThat(judged("2.15.0", harmless, List.of()).outcome()).isEqualTo(Outcome.PASSES);
		assertThat(judged("2.15.0", harmless, List.of("The process made no step.")).outcome())
			.isEqualTo(Outcome.UNKNOWN);
		assertThat(JudgedAudit.of(List.of()).outcome()).isEqualTo(Outcome.UNKNOWN);
		assertThat(JudgedAudit.of(List.of()).incomplete()).containsExactly("No process left an audit.");
		JudgedAudit between = judged("2.12.0",
				List.of(operator("aten.max_pool3d_with_indices_backward.default", "{}", "float32")), List.of());
		assertThat(between.outcome()).isEqualTo(Outcome.UNKNOWN);
		assertThat(between.operators().getFirst().condition())
			.isEqualTo("torch 2.9.1: documented-to-refuse, torch 2.15.0: has-deterministic-path");
		assertThat(between.source())
			.endsWith(", of torch 2.9.1 and 2.15.0, since torch 2.12.0 is not described itself");
	}

	@Test
	void aFunctionCountsThatComesToOtherOperatorsOnAGpu() {
		Audit audit = new Audit("main", "2.15.0", List.of(operator("aten.bmm.default", "{}", "float32")), List.of(
				new Audit.Called("torch.nn.functional.scaled_dot_product_attention", "forward", 2, "train.py:9"),
				new Audit.Called("torch.nn.functional.linear", "forward", 1, null)), List.of());
		JudgedAudit judged = JudgedAudit.of(List.of(audit));
		assertThat(judged.operators()).extracting(Line::name)
			.containsExactly("torch.nn.functional.scaled_dot_product_attention", "aten.bmm.default");
		assertThat(judged.operators().getFirst().onGpu()).isEqualTo(OnGpu.WARNS_ONLY);
		assertThat(judged.outcome()).as("strict takes the deterministic way").isEqualTo(Outcome.PASSES);
	}

	@Test
	void everyVersionOfTheTableHasAnAnswerInEveryRule() {
		OperationTable table = OperationTable.bundled();
		assertThat(table.versions()).isSorted().extracting(TorchVersion::toString).contains("2.0.0", "2.9.1", "2.15.0");
		assertThat(table.rules()).hasSizeGreaterThan(60);
		table.rules()
			.forEach((name, rules) -> rules.forEach((rule) -> assertThat(rule.answers().keySet()).as(name)
				.containsExactlyInAnyOrderElementsOf(table.versions())));
		assertThat(table.random()).containsKey("aten.native_dropout.default");
	}

	private static JudgedAudit judged(@Nullable String torch, List<Audit.Operator> operators, List<String> incomplete) {
		return JudgedAudit.of(List.of(new Audit("main", torch, operators, List.of(), incomplete)));
	}

	private static Audit.Operator operator(String name, String arguments, String dtype) {
		Map<String, List<JsonNode>> values = new LinkedHashMap<>();
		JsonMapper.shared().readTree(arguments).properties().forEach((argument) -> {
			List<JsonNode> seen = new ArrayList<>();
			argument.getValue().forEach(seen::add);
			values.put(argument.getKey(), seen);
		});
		return new Audit.Operator(name, "backward", 1, "train.py:3", List.of(dtype), values);
	}

}
