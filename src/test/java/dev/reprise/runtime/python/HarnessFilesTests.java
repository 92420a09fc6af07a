package dev.reprise.runtime.python;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class HarnessFilesTests {

	private static final int AT_ONCE = 4;

	@RepeatedTest(5)
	void thoseThatLayItOutAtOnceGetTheSameFolder(@TempDir Path root) throws Exception {
		Path temp = Files.createDirectory(root.resolve("tmp"));
		CyclicBarrier start = new CyclicBarrier(AT_ONCE);
		List<Future<Path>> folders = new ArrayList<>();
		try (var threads = Executors.newFixedThreadPool(AT_ONCE)) {
			for (int i = 0; i < AT_ONCE; i++) {
				folders.add(threads.submit(() -> {
					start.await();
					return HarnessFiles.layOut(root.resolve("harness"), temp);
				}));
			}
		}
		Path first = folders.getFirst().get();
		for (Future<Path> folder : folders) {
			assertThat(folder.get()).isEqualTo(first);
		}
		assertThat(first.resolve("reprise_runner/site/sitecustomize.py")).isRegularFile();
		assertThat(temp).isEmptyDirectory();
	}

}
