package dev.reprise.http;

import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.converter.ResourceHttpMessageConverter;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyAdvice;

/**
 * Puts a problem in place of the file where none of the ranges that were asked for is in
 * it: the framework would send the whole file with status 416, to each client that asks
 * whether a log has grown.
 */
@RestControllerAdvice
class UnsatisfiableRange implements ResponseBodyAdvice<Object> {

	@Override
	public boolean supports(MethodParameter returnType, Class<? extends HttpMessageConverter<?>> converter) {
		return ResourceHttpMessageConverter.class.isAssignableFrom(converter);
	}

	@Override
	public @Nullable Object beforeBodyWrite(@Nullable Object body, MethodParameter returnType, MediaType type,
			Class<? extends HttpMessageConverter<?>> converter, ServerHttpRequest request,
			ServerHttpResponse response) {
		HttpStatus status = HttpStatus.REQUESTED_RANGE_NOT_SATISFIABLE;
		if (!(response instanceof ServletServerHttpResponse servlet)
				|| servlet.getServletResponse().getStatus() != status.value()) {
			return body;
		}
		response.getHeaders().remove(HttpHeaders.ETAG);
		response.getHeaders().remove(HttpHeaders.CONTENT_DISPOSITION);
		response.getHeaders().setContentType(MediaType.APPLICATION_PROBLEM_JSON);
		return new ByteArrayResource(Problems.json(Problems.of(status, "range",
				"There is nothing in this range; Content-Range says how many bytes there are now.")));
	}

}
