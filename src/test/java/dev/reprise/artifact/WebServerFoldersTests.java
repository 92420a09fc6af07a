package dev.reprise.artifact;

import java.io.File;
import java.nio.file.Path;

import dev.reprise.service.ServiceTest;
import jakarta.servlet.ServletContext;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is being received lies where the next start removes it.
 */
@ServiceTest
class WebServerFoldersTests {

	private final ServletContext server;

	private final DataFolder data;

	WebServerFoldersTests(ServletContext server, DataFolder data) {
		this.server = server;
		this.data = data;
	}

	@Test
	void theWebServerWritesBelowTheDataFolder() {
		File uploads = (File) this.server.getAttribute(ServletContext.TEMPDIR);
		assertThat(uploads.toPath()).isDirectory().startsWith(this.data.tmp());
		assertThat(Path.of(this.server.getRealPath("/"))).startsWith(this.data.tmp());
	}

}
