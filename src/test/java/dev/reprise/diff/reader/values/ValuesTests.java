package dev.reprise.diff.reader.values;

import java.nio.file.Path;

import dev.reprise.diff.reader.ContentDifference;
import dev.reprise.diff.reader.FormatFiles;
import dev.reprise.diff.reader.part.Findings;
import dev.reprise.diff.reader.part.PartsComparison;
import dev.reprise.diff.reader.tensor.Tolerance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static dev.reprise.diff.reader.FormatFiles.parts;
import static dev.reprise.diff.reader.FormatFiles.setApart;
import static dev.reprise.diff.reader.FormatFiles.text;
import static org.assertj.core.api.Assertions.assertThat;

class ValuesTests {

	private static final String STATE = "{\"global_step\": 4, \"log_history\": [{\"loss\": 0.5, \"step\": 2}, "
			+ "{\"step\": 4, \"train_loss\": 0.4, \"train_runtime\": %s, \"train_samples_per_second\": %s}]}";

	@TempDir
	Path folder;

	@Test
	void valuesOfJsonThatDifferAreNamedByPath() throws Exception {
		PartsComparison comparison = compare("m.json", "{\"a\": {\"b\": [1, 2.5, \"x\"]}, \"gone\": null}",
				"{\"a\": {\"b\": [1, 2.75, \"y\", 4]}, \"new\": {\"c\": 1}}");
		assertThat(parts(comparison)).containsExactly("a.b[1]: 2.5 | 2.75", "a.b[2]: \"x\" | \"y\"", "a.b[3]: null | 4",
				"gone: null | null", "new: null | an object of 1");
		assertThat(comparison.otherLayout()).isFalse();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', value = { "{\"a\": 1, \"b\": 2}|{\"b\": 2, \"a\": 1}",
			"[1,2]|[1, 2]", "[1.0]|[1]", "[1e2]|[100.0]", "[\"é\"]|[\"\\u00e9\"]", "[NaN]|[ NaN]" })
	void sameValuesInOtherWritingAreAnotherLayout(String left, String right) throws Exception {
		PartsComparison comparison = compare("m.json", left, right);
		assertThat(comparison.parts()).isEmpty();
		assertThat(comparison.otherLayout()).isTrue();
		assertThat(comparison.equalButForSetApart()).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "0.0,-0.0", "NaN,Infinity", "9007199254740993,9007199254740992", "1,1.0000001",
			"0.1,0.10000000000000000555" })
	void numbersOfAnotherValueDiffer(String left, String right) throws Exception {
		assertThat(compare("m.json", "[" + left + "]", "[" + right + "]").parts()).hasSize(1);
	}

	@Test
	void toleranceCoversNumbersButNoIntegersAndNoTexts() throws Exception {
		Tolerance tolerance = new Tolerance(0, 0, 0.1);
		assertThat(within("m.json", "[0.5, NaN]", "[0.55, NaN ]", tolerance)).isTrue();
		assertThat(within("m.json", "[0.5]", "[0.7]", tolerance)).isFalse();
		assertThat(within("m.json", "[5]", "[6]", new Tolerance(0, 0, 10))).isFalse();
		assertThat(within("m.json", "[0.5, \"a\"]", "[0.55, \"b\"]", tolerance)).isFalse();
		assertThat(within("m.json", "[0.5]", "[0.55]", Tolerance.NONE)).isFalse();
		assertThat(within("m.json", "[1.0]", "[1.0000000000000002]", new Tolerance(1, 0, 0))).isTrue();
		assertThat(within("m.json", "[1.0]", "[1.0000000000000004]", new Tolerance(1, 0, 0))).isFalse();
		assertThat(within("m.json", "[-1.7e308]", "[1.7e308]", new Tolerance(Integer.MAX_VALUE, 0, 0))).isFalse();
		assertThat(within("m.csv", "loss\n0.5\n", "loss\n0.55\n", tolerance)).isTrue();
	}

	@Test
	void durationsOfTheTrainerAreSetApartInItsFilesOnly() throws Exception {
		String left = String.format(STATE, "1.25", "88.5");
		String right = String.format(STATE, "13.5", "9.25");
		PartsComparison known = compare("out/checkpoint-4/trainer_state.json", left, right);
		assertThat(known.equalButForSetApart()).isTrue();
		assertThat(setApart(known)).containsExactly("train_runtime", "train_samples_per_second");
		assertThat(known.setApartInWords()).contains("train_runtime (1.25 on the left, 13.5 on the right)");
		PartsComparison other = compare("state.json", left, right);
		assertThat(other.parts()).hasSize(2);
		assertThat(other.setApart()).isEmpty();
	}

	@Test
	void durationBesideAnotherDifferenceIsNamedTooAndExcusesNothing() throws Exception {
		PartsComparison comparison = compare("trainer_state.json", String.format(STATE, "1", "2"),
				String.format(STATE, "3", "2").replace("0.4", "0.3"));
		assertThat(parts(comparison)).containsExactly("log_history[1].train_loss: 0.4 | 0.3");
		assertThat(setApart(comparison)).containsExactly("train_runtime");
		assertThat(comparison.equalButForSetApart()).isFalse();
		assertThat(compare("trainer_state.json", String.format(STATE, "1", "2"), String.format(STATE, "3", " 2"))
			.equalButForSetApart()).isFalse();
		assertThat(compare("trainer_state.json", String.format(STATE, "1", "2"), String.format(STATE, "\"3\"", "2"))
			.parts()).hasSize(1);
	}

	@Test
	void jsonBeyondItsBoundsIsNotRead() throws Exception {
		assertThat(compare("m.json", "{\"a\": 1, \"a\": 2}", "{}").notRead()).contains("no JSON that is read here");
		assertThat(compare("m.json", "[".repeat(200), "[]").notRead()).contains("no JSON");
		assertThat(compare("m.json", "[" + "0,".repeat(JsonText.MAX_VALUES) + "0]", "[]").notRead())
			.contains("more than 250000 values");
		assertThat(compare("m.json", "[1] [2]", "[1]").notRead()).contains("more than one");
		assertThat(compare("m.json", "[1" + "0".repeat(1001) + "]", "[1]").notRead()).contains("no JSON");
		assertThat(compare("m.json", " ".repeat(Json.MAX_BYTES + 1), "[]").notRead()).contains("more than 16777216");
		assertThat(compare("m.json", "[1e999999999]", "[1]").parts()).hasSize(1);
		assertThat(compare("m.json", "[1e9999999999]", "[1]").notRead()).isNull();
	}

	@Test
	void partsBeyondTheMostThatAreReportedAreCounted() throws Exception {
		PartsComparison comparison = compare("m.json", "[" + "1,".repeat(1500) + "0]", "[" + "2,".repeat(1500) + "0]");
		assertThat(comparison.parts()).hasSize(Findings.MAX_PARTS);
		assertThat(comparison.leftOut()).isEqualTo(500);
	}

	@Test
	void linesOfJsonAreComparedByNumberAndKey() throws Exception {
		PartsComparison comparison = compare("log.jsonl", "{\"loss\": 0.5}\n{\"loss\": 0.25}\n",
				"{\"loss\": 0.5}\n{\"loss\": 0.125}\n{}\n");
		assertThat(parts(comparison)).containsExactly("line 2: loss: 0.25 | 0.125", "line 3: null | a line");
		assertThat(compare("log.jsonl", "{\"a\":1}\n", "{\"a\": 1}\n").otherLayout()).isTrue();
		assertThat(compare("log.jsonl", "{\"a\":1}\n", "{\"a\":1}").otherLayout()).isTrue();
		assertThat(compare("log.jsonl", "{\"a\":1}\n{\"a\":2}\n", "{\"a\":1}\n{\"a\"").notRead())
			.contains("last line on the right is cut short");
		assertThat(compare("log.jsonl", "x\n", "{}\n").notRead()).contains("line 1 is no JSON");
		assertThat(compare("log.jsonl", "\"" + "x".repeat(LineReader.MAX_LINE) + "\"\n", "1\n").notRead())
			.contains("longer than 1048576");
	}

	@Test
	void jsonThatHoldsLinesIsReadAsLines() throws Exception {
		assertThat(parts(compare("metrics.json", "{\"a\": 1}\n{\"a\": 2}\n", "{\"a\": 1}\n{\"a\": 3}\n")))
			.containsExactly("line 2: a: 2 | 3");
	}

	@Test
	void cellsAreNamedByRowAndColumn() throws Exception {
		PartsComparison comparison = compare("metrics.csv", "epoch,loss\n0,0.5\n1,0.25\n",
				"epoch,loss\n0,0.5\n1,0.125\n2,0.1\n");
		assertThat(parts(comparison)).containsExactly("row 2, column loss: 0.25 | 0.125", "row 3: null | 2 cells");
		assertThat(parts(compare("a.csv", "1,2\n3,4\n", "1,2\n3,5\n"))).containsExactly("row 2, column 2: 4 | 5");
		assertThat(parts(compare("a.tsv", "x\ty\n3\tb c\n", "x\ty\n3\tb,c\n")))
			.containsExactly("row 1, column y: b c | b,c");
		assertThat(parts(compare("a.csv", "x,y\n1,2\n", "y,z\n2,3\n"))).containsExactly("column x: there | null",
				"column z: null | there");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			value = { "a,b;1,2;|\"a\",b;1,2;", "a,b;1,2;|b,a;2,1;", "a,b;1.0,2;|a,b;1,2;", "a,b;1,2;|a,b;1,2" })
	void sameTableInOtherWritingIsAnotherLayout(String left, String right) throws Exception {
		PartsComparison comparison = compare("m.csv", left.replace(';', '\n'), right.replace(';', '\n'));
		assertThat(comparison.parts()).isEmpty();
		assertThat(comparison.otherLayout()).isTrue();
	}

	@Test
	void csvBeyondItsBoundsIsNotRead() throws Exception {
		assertThat(compare("m.csv", "a,\"b\n1,2\n", "a,b\n").notRead()).isNotNull();
		assertThat(compare("m.csv", "\"" + "x\n".repeat(RowBound.MAX) + "\"", "a\n").notRead())
			.contains("longer than 1048576");
		assertThat(FormatFiles.compare(this.folder, "m.csv", new byte[] { 'a', (byte) 0xFF }, text("a")).notRead())
			.contains("UTF-8");
	}

	private PartsComparison compare(String name, String left, String right) throws Exception {
		return FormatFiles.compare(this.folder, name, text(left), text(right));
	}

	private boolean within(String name, String left, String right, Tolerance tolerance) throws Exception {
		ContentDifference difference = FormatFiles.difference(this.folder, name, text(left), text(right), tolerance);
		return difference.within();
	}

}
