package dev.reprise.run;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

import org.springframework.core.io.AbstractResource;

/**
 * A log, wherever it is now: it moves when its run ends, and a reader who comes just then
 * finds it at its new place. A run that has not written yet has an empty one.
 */
final class LogResource extends AbstractResource {

	private final RunFolders folders;

	private final Run run;

	private final String name;

	LogResource(RunFolders folders, Run run, String name) {
		this.folders = folders;
		this.run = run;
		this.name = name;
	}

	@Override
	public boolean exists() {
		return true;
	}

	@Override
	public long contentLength() throws IOException {
		return now(Files::size, 0L);
	}

	@Override
	public InputStream getInputStream() throws IOException {
		return now(Files::newInputStream, InputStream.nullInputStream());
	}

	/**
	 * With the last part of one that is too long, which the stream above has only once
	 * the job has ended.
	 */
	InputStream whole() throws IOException {
		return now(LogParts::now, InputStream.nullInputStream());
	}

	@Override
	public String getDescription() {
		return this.name + " of run " + this.run.id();
	}

	private <T> T now(Step<T> step, T whenNone) throws IOException {
		try {
			return step.of(this.folders.log(this.run, this.name));
		}
		catch (NoSuchFileException ex) {
			try {
				return step.of(this.folders.log(this.run, this.name));
			}
			catch (NoSuchFileException again) {
				return whenNone;
			}
		}
	}

	/**
	 * What is done with the file.
	 *
	 * @param <T> what comes of it
	 */
	@FunctionalInterface
	private interface Step<T> {

		T of(Path log) throws IOException;

	}

}
