package dev.reprise.acceptance;

import java.io.IOException;
import java.nio.file.Path;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A test whose methods share one service.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class WithService {

	private ServiceProcess service;

	Client client;

	@BeforeAll
	void start(@TempDir Path data) throws IOException, InterruptedException {
		this.service = ServiceProcess.start(data);
		this.client = this.service.client();
	}

	@AfterAll
	void stop() throws IOException, InterruptedException {
		this.service.stop();
	}

}
