package dev.reprise.artifact;

import java.io.IOException;
import java.util.Set;

import dev.reprise.http.RequestException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Refuses what would be kept while there is no room for it; what is there can be read all
 * the same, and a run can be cancelled.
 */
@Component
class RoomGuard implements HandlerInterceptor, WebMvcConfigurer {

	private static final Set<String> KEEPING = Set.of("POST", "PUT");

	private final BlobStore store;

	RoomGuard(BlobStore store) {
		this.store = store;
	}

	@Override
	public void addInterceptors(InterceptorRegistry registry) {
		registry.addInterceptor(this).addPathPatterns("/api/v1/**").excludePathPatterns("/api/v1/runs/*/cancel");
	}

	@Override
	public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
			throws IOException {
		if (KEEPING.contains(request.getMethod())) {
			try {
				this.store.checkRoom();
			}
			catch (BlobStoreException.Full ex) {
				throw RequestException.noRoom("Nothing was kept: " + ex.getMessage() + ". What is there can be read.");
			}
		}
		return true;
	}

}
