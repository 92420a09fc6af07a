package dev.reprise;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.reprise.diff.engine.Verdict;
import dev.reprise.run.FailureKind;
import dev.reprise.run.spec.JobSpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.http.server.PathContainer;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds what the documents say to what there is, where that costs little.
 */
class DocumentationTests {

	private static final Path HTTP = Path.of("docs/http.md");

	private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");

	private static final Pattern HEADING = Pattern.compile("(?m)^#+ +(.+)$");

	private static final Pattern ROUTE = Pattern
		.compile("(?:\\b(GET|HEAD|POST|PUT|PATCH|DELETE) +)?(?:http://[^/\\s]+)?(/api/v1(?:/[A-Za-z0-9{}$:._*-]+)*)");

	private static final Pattern FIRST_CELL = Pattern.compile("(?m)^\\| `([^`]+)` \\|");

	private static final Pattern FENCE = Pattern.compile("(?ms)^```.*?^```$");

	/**
	 * All pages of the repository.
	 */
	static List<Path> pages() throws IOException {
		try (Stream<Path> files = Files.walk(Path.of(""))) {
			return files.filter((path) -> path.toString().endsWith(".md"))
				.filter((path) -> Stream.of("target", "node_modules").noneMatch(path.toString()::startsWith))
				.filter((path) -> !path.toString().startsWith("."))
				.sorted()
				.toList();
		}
	}

	@ParameterizedTest
	@MethodSource("pages")
	void everyRelativeLinkLeadsSomewhere(Path page) throws IOException {
		List<String> broken = new ArrayList<>();
		for (MatchResult link : matches(LINK, FENCE.matcher(Files.readString(page)).replaceAll(""))) {
			String target = link.group(1);
			if (!target.matches("[a-z]+:.*") && !leadsSomewhere(page, target)) {
				broken.add(target);
			}
		}
		assertThat(broken).isEmpty();
	}

	private static boolean leadsSomewhere(Path page, String target) throws IOException {
		String[] parts = target.split("#", 2);
		Path file = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
		return Files.exists(file) && (parts.length == 1 || anchors(Files.readString(file)).contains(parts[1]));
	}

	private static List<String> anchors(String page) {
		return matches(HEADING, FENCE.matcher(page).replaceAll("")).stream()
			.map((heading) -> heading.group(1)
				.toLowerCase(Locale.ROOT)
				.replaceAll("[^\\p{L}\\p{N} _-]", "")
				.replace(' ', '-'))
			.toList();
	}

	@ParameterizedTest
	@MethodSource("pages")
	void everyRouteThatIsNamedExists(Path page) throws Exception {
		List<Route> routes = routes();
		List<String> unknown = new ArrayList<>();
		for (MatchResult named : matches(ROUTE, Files.readString(page))) {
			String path = named.group(2).replaceAll("[.:]+$", "");
			if (!path.equals("/api/v1")
					&& routes.stream().noneMatch((route) -> route.isNamedBy(named.group(1), path))) {
				unknown.add(named.group());
			}
		}
		assertThat(unknown).isEmpty();
	}

	@Test
	void everyRouteIsOnItsPage() throws Exception {
		List<MatchResult> named = matches(ROUTE, Files.readString(HTTP)).stream()
			.filter((match) -> match.group(1) != null)
			.toList();
		for (Route route : routes()) {
			assertThat(named).as(route + " in " + HTTP)
				.anyMatch((match) -> route.isNamedBy(match.group(1), match.group(2)));
		}
	}

	@Test
	void packagesOfTheGuideAreThoseThatThereAreInTheirOrder() throws IOException {
		String guide = Files.readString(Path.of("CONTRIBUTING.md"));
		List<String> there = StructureTests.ORDER.stream()
			.filter((name) -> Files.isDirectory(Path.of("src/main/java/dev/reprise", name)))
			.toList();
		assertThat(firstCells(section(guide, "Packages"))).isEqualTo(there);
	}

	@Test
	void everyPathOfTheGuideExists() throws IOException {
		Pattern path = Pattern.compile("`((?:src|docs|examples)/[A-Za-z0-9_./-]+)`");
		for (MatchResult named : matches(path, Files.readString(Path.of("CONTRIBUTING.md")))) {
			assertThat(Path.of(named.group(1))).exists();
		}
	}

	@Test
	void everyFieldOfTheSpecIsOnItsPageAndNoOther() throws IOException {
		Set<String> fields = new TreeSet<>(
				Arrays.stream(JobSpec.class.getRecordComponents()).map(RecordComponent::getName).toList());
		fields.addAll(Set.of("purpose"));
		assertThat(firstCells(section(Files.readString(Path.of("docs/job-spec.md")), "Fields")))
			.containsExactlyInAnyOrderElementsOf(fields);
	}

	@Test
	void everyFailureKindIsOnTheOperatorsPageAndNoOther() throws IOException {
		assertThat(firstCells(section(Files.readString(Path.of("docs/operating.md")), "When a run fails")))
			.containsExactlyElementsOf(names(FailureKind.values()));
	}

	@Test
	void everyVerdictIsInTheReadmeAndNoOther() throws IOException {
		assertThat(firstCells(section(Files.readString(Path.of("README.md")), "What a verdict means")))
			.containsExactlyInAnyOrderElementsOf(names(Verdict.values()));
	}

	@Test
	void everyPropertyThatIsNamedIsRead() throws IOException {
		StringBuilder sources = new StringBuilder(Files.readString(Path.of("src/main/resources/application.yaml")));
		try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
			for (Path file : files.filter((path) -> path.toString().endsWith(".java")).toList()) {
				sources.append(Files.readString(file));
			}
		}
		Pattern property = Pattern.compile("--(reprise\\.[a-z.]*[a-z])");
		for (MatchResult named : matches(property, Files.readString(Path.of("docs/operating.md")))) {
			String name = named.group(1).replaceFirst("(reprise\\.environments)\\..*", "$1");
			assertThat(name.equals("reprise.data") || sources.indexOf(name) >= 0).as(name).isTrue();
		}
	}

	private static List<String> names(Enum<?>[] constants) {
		return Arrays.stream(constants).map(Enum::name).toList();
	}

	private static List<String> firstCells(String text) {
		return matches(FIRST_CELL, text).stream().map((cell) -> cell.group(1)).toList();
	}

	/**
	 * What stands below a heading, up to the next of its level or above.
	 */
	private static String section(String page, String title) {
		List<String> found = matches(Pattern.compile("(?ms)^## " + Pattern.quote(title) + "$(.*?)(?=^## |\\z)"), page)
			.stream()
			.map((match) -> match.group(1))
			.toList();
		assertThat(found).as("sections '" + title + "'").hasSize(1);
		return found.getFirst();
	}

	private static List<MatchResult> matches(Pattern pattern, String text) {
		return pattern.matcher(text).results().toList();
	}

	private static List<Route> routes() throws Exception {
		var scanner = new ClassPathScanningCandidateComponentProvider(false);
		scanner.addIncludeFilter(new AnnotationTypeFilter(RestController.class));
		List<Route> routes = new ArrayList<>();
		for (var controller : scanner.findCandidateComponents("dev.reprise")) {
			Class<?> type = Class.forName(controller.getBeanClassName());
			RequestMapping outer = AnnotatedElementUtils.findMergedAnnotation(type, RequestMapping.class);
			for (Method method : type.getDeclaredMethods()) {
				RequestMapping inner = AnnotatedElementUtils.findMergedAnnotation(method, RequestMapping.class);
				if (inner != null && inner.method().length > 0) {
					routes.add(Route.of(outer, inner));
				}
			}
		}
		assertThat(routes).isNotEmpty();
		return routes;
	}

	/**
	 * A mapping of a controller.
	 *
	 * @param method of HTTP
	 * @param pattern of the path
	 */
	private record Route(String method, PathPattern pattern) {

		static Route of(@Nullable RequestMapping outer, RequestMapping inner) {
			String path = (outer != null) ? outer.path()[0] : "";
			path += (inner.path().length > 0) ? inner.path()[0] : "";
			return new Route(inner.method()[0].name(), PathPatternParser.defaultInstance.parse(path));
		}

		boolean isNamedBy(String verb, String path) {
			boolean sameVerb = verb == null || verb.equals(this.method)
					|| (verb.equals("HEAD") && this.method.equals("GET"));
			return sameVerb && this.pattern.matches(PathContainer.parsePath(path.replace("{*path}", "path")));
		}

	}

}
