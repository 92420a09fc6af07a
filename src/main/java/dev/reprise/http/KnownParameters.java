package dev.reprise.http;

import java.util.Arrays;
import java.util.Objects;
import java.util.TreeSet;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Refuses parameters that an address does not take, and those given twice: a filter with
 * a slip in its name would list everything.
 */
final class KnownParameters implements HandlerInterceptor {

	@Override
	public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
		boolean reads = request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
		if (reads && request.getDispatcherType() == DispatcherType.REQUEST && handler instanceof HandlerMethod method
				&& method.getBeanType().getPackageName().startsWith("dev.reprise.")) {
			check(request, method);
		}
		return true;
	}

	private static void check(HttpServletRequest request, HandlerMethod method) {
		TreeSet<String> known = new TreeSet<>();
		Arrays.stream(method.getMethodParameters())
			.filter((parameter) -> parameter.hasParameterAnnotation(RequestParam.class))
			.forEach((parameter) -> known.add(Objects.requireNonNull(parameter.getParameter().getName())));
		FieldErrors errors = new FieldErrors();
		request.getParameterMap().forEach((name, values) -> {
			if (!known.contains(name)) {
				errors.add(ObjectReader.printable(name), "is no parameter of this address",
						known.isEmpty() ? "leave it out" : "leave it out; known are " + String.join(", ", known));
			}
			else if (values.length > 1) {
				errors.add(name, "is there twice", "give it once");
			}
		});
		errors.throwIfAny();
	}

}
