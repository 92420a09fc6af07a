package dev.reprise.run.spec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

import dev.reprise.http.FieldErrors;
import dev.reprise.http.RequestException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A machine on which nothing can be traced says so before anything runs.
 */
class TraceLibraryTests {

	private static final String SPEC = """
			{"runtime": {"type": "python", "command": ["true"]}, "code": "sha256:%s"}""".formatted("0".repeat(64));

	@TempDir
	Path folder;

	@Test
	void theLibraryIsFoundWhereALoaderFindsIt() throws IOException {
		List<Path> folders = List.of(this.folder.resolve("none"), this.folder);
		assertThat(TraceLibrary.inFolders(folders)).isFalse();
		Path triplet = Files.createDirectories(this.folder.resolve("riscv64-linux-gnu"));
		assertThat(TraceLibrary.inFolders(folders)).isFalse();
		Files.createFile(triplet.resolve("libxxhash.so.0"));
		assertThat(TraceLibrary.inFolders(folders)).isTrue();
	}

	@Test
	void theLoadersCacheIsAsked() throws IOException {
		Path ldconfig = this.folder.resolve("ldconfig");
		List<Path> programs = List.of(this.folder.resolve("none"), ldconfig);
		assertThat(TraceLibrary.inCache(programs)).isFalse();
		Files.writeString(ldconfig, "#!/bin/sh\n[ \"$1\" = -p ] && echo 'libxxhash.so.0 (libc6,x86-64) => /opt/x'\n");
		Files.setPosixFilePermissions(ldconfig, PosixFilePermissions.fromString("rwx------"));
		assertThat(TraceLibrary.inCache(programs)).isTrue();
		Files.writeString(ldconfig, "#!/bin/sh\necho 'libxxhash.so.01 (libc6,x86-64) => /opt/x'\n");
		assertThat(TraceLibrary.inCache(programs)).isFalse();
	}

	@Test
	void withoutItATraceIsRefusedAndNoTraceIsTaken() {
		JobSpecReader reader = new JobSpecReader(new Capacity(2, 8L << 30, null), Set.of("default"), null,
				TraceLibrary.MEND);
		ObjectNode spec = (ObjectNode) JsonMapper.shared().readTree(SPEC);
		FieldErrors errors = new FieldErrors();
		reader.read(spec, null, errors);
		assertThatExceptionOfType(RequestException.class).isThrownBy(errors::throwIfAny)
			.satisfies((ex) -> assertThat(ex.errors()).singleElement().satisfies((error) -> {
				assertThat(error.field()).isEqualTo("$.trace");
				assertThat(error.problem()).contains("libxxhash.so.0 is not on this machine");
				assertThat(error.mend()).contains("libxxhash0").contains("\"off\"");
			}));
		FieldErrors none = new FieldErrors();
		reader.read(spec.put("trace", "off"), null, none);
		none.throwIfAny();
	}

}
