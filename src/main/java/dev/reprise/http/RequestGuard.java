package dev.reprise.http;

import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Keeps pages of other sites away from a service that listens on loopback and asks for no
 * key: a name that someone made resolve to loopback (DNS rebinding) comes with a foreign
 * Host, and a form or script of another page that changes something (CSRF) with a foreign
 * Origin. Browsers let no page forge either.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class RequestGuard extends OncePerRequestFilter {

	private static final Pattern LOOPBACK = Pattern.compile("(127\\.0\\.0\\.1|\\[::1]|localhost)(:\\d{1,5})?");

	private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		String refusal = refusal(request);
		if (refusal == null) {
			chain.doFilter(request, response);
			return;
		}
		Problems.write(response, Problems.of(HttpStatus.FORBIDDEN, "foreign-request", refusal));
	}

	private static @Nullable String refusal(HttpServletRequest request) {
		String host = lower(request.getHeader(HttpHeaders.HOST));
		if (!LOOPBACK.matcher(host).matches()) {
			return "The Host header does not name this machine's loopback; address the service as"
					+ " http://127.0.0.1, http://localhost or http://[::1], with its port.";
		}
		String origin = request.getHeader(HttpHeaders.ORIGIN);
		if (origin != null && !SAFE.contains(request.getMethod())
				&& !lower(origin).equals(request.getScheme() + "://" + host)) {
			return "The Origin header names another site than this service; other sites may not change anything here.";
		}
		return null;
	}

	private static String lower(@Nullable String header) {
		return (header != null) ? header.toLowerCase(Locale.ROOT) : "";
	}

}
