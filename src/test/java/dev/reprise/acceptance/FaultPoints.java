package dev.reprise.acceptance;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.aopalliance.intercept.MethodInterceptor;

import org.springframework.aop.framework.Advised;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Lets the service die at a named boundary. It is the service as it is, with this class
 * behind its own: its parts are wrapped where {@code reprise.fault.file} is given, so
 * that nothing of this is in what users run. While that file exists it names a point,
 * such as {@code runTransitions.finish inside 2}: the second call of it from then on ends
 * the process at once, without shutdown hooks, as {@code kill -9} would.
 *
 * <p>
 * {@code before} and {@code after} are outside the transaction, if the method is one;
 * {@code inside} is after its work and before its commit.
 */
@Configuration
@ConditionalOnProperty("reprise.fault.file")
class FaultPoints {

	private static final int KILLED = 137;

	private static final List<String> PARTS = List.of("runTransitions", "idempotency", "executions", "recipeRepository",
			"replayRepository", "diffRepository");

	/**
	 * Boundaries that the life of a run goes past, in their order.
	 */
	static final List<String> OF_A_RUN = List.of("recipeRepository.save after", "idempotency.once after",
			"runTransitions.claim before", "runTransitions.claim inside", "runTransitions.claim after",
			"runTransitions.running inside", "runTransitions.running after", "executions.add before",
			"executions.add after", "executions.remove before", "runTransitions.collecting before",
			"runTransitions.collecting inside", "runTransitions.collecting after", "runTransitions.finish before",
			"runTransitions.finish inside", "runTransitions.finish after");

	/**
	 * Boundaries that a replay goes past beside those of its run.
	 */
	static final List<String> OF_A_REPLAY = List.of("replayRepository.saveAndFlush before",
			"replayRepository.saveAndFlush after", "diffRepository.saveAndFlush before",
			"diffRepository.saveAndFlush after");

	/**
	 * Boundaries that a restart after a kill may go past.
	 */
	static final List<String> OF_A_RECOVERY = List.of("runTransitions.requeue before", "runTransitions.requeue inside",
			"runTransitions.requeue after", "runTransitions.collecting inside", "runTransitions.collecting after",
			"runTransitions.finish before", "runTransitions.finish inside", "runTransitions.finish after");

	/**
	 * Puts this class, and no other of the tests, into a folder of classes.
	 * @return the folder
	 */
	static Path into(Path folder) throws IOException {
		Path compiled = Path.of(FaultPoints.class.getResource("FaultPoints.class").getPath()).getParent();
		Path target = Files.createDirectories(folder.resolve("dev/reprise/acceptance"));
		try (DirectoryStream<Path> classes = Files.newDirectoryStream(compiled, "FaultPoints{,$*}.class")) {
			for (Path one : classes) {
				Files.copy(one, target.resolve(one.getFileName().toString()));
			}
		}
		return folder;
	}

	@Bean
	static BeanPostProcessor dyingParts(@Value("${reprise.fault.file}") Path file) {
		AtomicInteger calls = new AtomicInteger();
		return new BeanPostProcessor() {
			@Override
			public Object postProcessAfterInitialization(Object bean, String name) {
				if (!PARTS.contains(name)) {
					return bean;
				}
				if (bean instanceof Advised advised) {
					advised.addAdvisor(0, new DefaultPointcutAdvisor(around(name, file, calls)));
					advised.addAdvisor(new DefaultPointcutAdvisor(inside(name, file, calls)));
					return bean;
				}
				ProxyFactory proxy = new ProxyFactory(bean);
				proxy.addAdvice(around(name, file, calls));
				return proxy.getProxy();
			}
		};
	}

	private static MethodInterceptor around(String part, Path file, AtomicInteger calls) {
		return (call) -> {
			String method = part + "." + call.getMethod().getName();
			dieIfMeant(method + " before", file, calls);
			Object result = call.proceed();
			dieIfMeant(method + " after", file, calls);
			return result;
		};
	}

	private static MethodInterceptor inside(String part, Path file, AtomicInteger calls) {
		return (call) -> {
			Object result = call.proceed();
			dieIfMeant(part + "." + call.getMethod().getName() + " inside", file, calls);
			return result;
		};
	}

	private static void dieIfMeant(String point, Path file, AtomicInteger calls) throws IOException {
		if (!Files.exists(file)) {
			return;
		}
		String meant = Files.readString(file).strip();
		int blank = meant.lastIndexOf(' ');
		if (meant.substring(0, Math.max(0, blank)).equals(point)
				&& calls.incrementAndGet() == Integer.parseInt(meant.substring(blank + 1))) {
			Runtime.getRuntime().halt(KILLED);
		}
	}

}
