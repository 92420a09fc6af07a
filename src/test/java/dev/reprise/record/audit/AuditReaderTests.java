package dev.reprise.record.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.reprise.record.audit.JudgedAudit.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a job writes as its audit is hostile until it is read.
 */
class AuditReaderTests {

	private static final String GOOD = """
			{"schema": 1, "torch": "2.15.0", "done": true, "steps": [0], "incomplete": [], "leftOut": 0,
			 "operators": [{"operator": "aten.mm.default", "phase": "forward", "count": 2, "place": "train.py:3", "function": "f",
			                "dtypes": ["float32"], "devices": ["cpu"], "arguments": {"weights": [null, "given"]}}],
			 "functions": [{"function": "torch.relu", "phase": "forward", "count": 1, "place": null, "within": null}]}""";

	@TempDir
	Path folder;

	@Test
	void whatIsThereIsRead() throws IOException {
		write("pid-7", GOOD);
		write("main", GOOD);
		List<Audit> audits = AuditReader.read(this.folder);
		assertThat(audits).extracting(Audit::process).containsExactly("main", "pid-7");
		Audit audit = audits.getFirst();
		assertThat(audit.torch()).isEqualTo("2.15.0");
		assertThat(audit.incomplete()).isEmpty();
		assertThat(audit.operators()).singleElement().satisfies((operator) -> {
			assertThat(operator.count()).isEqualTo(2);
			assertThat(operator.place()).isEqualTo("train.py:3");
			assertThat(operator.arguments().get("weights")).hasSize(2);
		});
		assertThat(audit.functions()).extracting(Audit.Called::name).containsExactly("torch.relu");
		assertThat(JudgedAudit.of(audits).outcome()).isEqualTo(Outcome.PASSES);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "{", "[]", "null", "{\"schema\": 2}", "{\"schema\": 1}", "\"schema\"",
			"{\"schema\": 1, \"done\": true, \"incomplete\": [], \"leftOut\": 0, \"operators\": [], \"functions\": []}" })
	void whatIsNoAuditIsNoPass(String text) throws IOException {
		write("main", text);
		assertThat(JudgedAudit.of(AuditReader.read(this.folder)).outcome()).isEqualTo(Outcome.UNKNOWN);
	}

	@ParameterizedTest
	@ValueSource(strings = { "\"done\": true|\"done\": false", "\"leftOut\": 0|\"leftOut\": 3",
			"\"leftOut\": 0|\"leftOut\": \"0\"", "\"incomplete\": []|\"incomplete\": [7]",
			"\"incomplete\": []|\"incomplete\": \"\"", "\"count\": 2|\"count\": -1",
			"\"phase\": \"forward\", \"count\": 2|\"count\": 2", "\"operator\": \"aten.mm.default\"|\"operator\": {}",
			"\"functions\": [|\"functions\": {}, \"x\": [", "\"torch\": \"2.15.0\"|\"torch\": 2" })
	void damageInOnePlaceIsNoPass(String change) throws IOException {
		String from = change.substring(0, change.indexOf('|'));
		assertThat(GOOD).contains(from);
		write("main", GOOD.replace(from, change.substring(from.length() + 1)));
		assertThat(JudgedAudit.of(AuditReader.read(this.folder)).outcome()).isEqualTo(Outcome.UNKNOWN);
	}

	@Test
	void listsThatAreTooLongFilesThatAreTooLargeAndLinksAreNoPass() throws IOException {
		String entry = "{\"operator\": \"aten.mm.default\", \"phase\": \"step\", \"count\": 1},";
		write("main", GOOD.replace("\"operators\": [", "\"operators\": [" + entry.repeat(5000)));
		assertThat(AuditReader.read(this.folder).getFirst().incomplete())
			.contains("audit.json has longer lists than are read.");
		write("main", GOOD + " ".repeat(5 << 20));
		assertThat(AuditReader.read(this.folder).getFirst().incomplete()).singleElement()
			.asString()
			.contains("larger than");
		Path main = this.folder.resolve("record/main");
		Files.delete(main.resolve("audit.json"));
		Files.createSymbolicLink(main.resolve("audit.json"), Files.writeString(this.folder.resolve("elsewhere"), GOOD));
		assertThat(AuditReader.read(this.folder).getFirst().incomplete()).singleElement()
			.asString()
			.contains("no regular file");
	}

	private void write(String process, String text) throws IOException {
		Path record = Files.createDirectories(this.folder.resolve("record").resolve(process));
		Files.writeString(record.resolve("audit.json"), text);
	}

}
