package dev.reprise;

import java.io.PrintStream;
import java.util.List;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

/**
 * The structure that the design promises: by feature, dependencies in one direction.
 */
class StructureTests {

	/**
	 * A package may depend on those after it, never on those before.
	 */
	static final List<String> ORDER = List.of("cli", "web", "replay", "diff", "queue", "executor", "runtime", "run",
			"record", "environment", "recipe", "database", "artifact", "http", "trainer", "agent");

	private final JavaClasses classes = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.importPackages("dev.reprise");

	@Test
	void dependenciesGoDownTheListOnly() {
		for (int i = 1; i < ORDER.size(); i++) {
			String[] above = ORDER.subList(0, i)
				.stream()
				.map((name) -> "dev.reprise." + name + "..")
				.toArray(String[]::new);
			noClasses().that()
				.resideInAPackage("dev.reprise." + ORDER.get(i) + "..")
				.should()
				.dependOnClassesThat()
				.resideInAnyPackage(above)
				.allowEmptyShould(true)
				.because(ORDER.get(i) + " comes after " + ORDER.subList(0, i))
				.check(this.classes);
		}
	}

	@Test
	void everyPackageIsInTheList() {
		String[] listed = ORDER.stream().map((name) -> "dev.reprise." + name + "..").toArray(String[]::new);
		classes().that(DescribedPredicate.not(inRoot())).should().resideInAnyPackage(listed).check(this.classes);
	}

	@Test
	void thereAreNoCyclesBetweenPackages() {
		SlicesRuleDefinition.slices().matching("dev.reprise.(**)").should().beFreeOfCycles().check(this.classes);
	}

	@Test
	void theEngineAndTheReadersAndTheRecipeKnowNothingOfSpring() {
		noClasses().that()
			.resideInAnyPackage("dev.reprise.diff.engine..", "dev.reprise.diff.reader..", "dev.reprise.recipe..",
					"dev.reprise.record..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.springframework..", "jakarta.persistence..")
			.check(this.classes);
	}

	@Test
	void theAgentDependsOnTheJdkAlone() {
		classes().that()
			.resideInAPackage("dev.reprise.agent")
			.should()
			.onlyDependOnClassesThat()
			.resideInAnyPackage("dev.reprise.agent", "java..", "org.jspecify..")
			.check(this.classes);
		noClasses().that()
			.resideOutsideOfPackage("dev.reprise.agent")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("dev.reprise.agent")
			.check(this.classes);
	}

	@Test
	void theTrainersAreProgramsWithDjlAndNothingOfOursKnowsThem() {
		classes().that()
			.resideInAPackage("dev.reprise.trainer")
			.should()
			.onlyDependOnClassesThat()
			.resideInAnyPackage("dev.reprise.trainer", "ai.djl..", "java..", "org.jspecify..")
			.check(this.classes);
		noClasses().that()
			.resideOutsideOfPackage("dev.reprise.trainer")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("dev.reprise.trainer", "ai.djl..")
			.check(this.classes);
	}

	@Test
	void nothingIsUnpickledOrDeserializedInTheService() {
		noClasses().should()
			.dependOnClassesThat()
			.haveFullyQualifiedName("java.io.ObjectInputStream")
			.check(this.classes);
	}

	/**
	 * Digits differ too: 7 is written otherwise where the default locale is an Arabic
	 * one, and a file that is named by it is not found again elsewhere.
	 */
	@Test
	void nothingIsWrittenInTheLocaleOfWhoeverStartedIt() {
		noClasses().should()
			.callMethod(String.class, "format", String.class, Object[].class)
			.orShould()
			.callMethod(String.class, "formatted", Object[].class)
			.orShould()
			.callMethod(PrintStream.class, "printf", String.class, Object[].class)
			.orShould()
			.callMethod(PrintStream.class, "format", String.class, Object[].class)
			.orShould()
			.callMethod(String.class, "toLowerCase")
			.orShould()
			.callMethod(String.class, "toUpperCase")
			.check(this.classes);
	}

	private static DescribedPredicate<JavaClass> inRoot() {
		return new DescribedPredicate<>("in the root package") {
			@Override
			public boolean test(JavaClass candidate) {
				return candidate.getPackageName().equals("dev.reprise");
			}
		};
	}

}
