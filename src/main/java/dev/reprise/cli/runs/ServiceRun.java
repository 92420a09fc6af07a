package dev.reprise.cli.runs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

import dev.reprise.artifact.Bounds;
import dev.reprise.artifact.ListedFile;
import dev.reprise.artifact.tar.BadTarException;
import dev.reprise.artifact.tar.TarEntry;
import dev.reprise.artifact.tar.TarReader;
import dev.reprise.record.RecordFiles;

/**
 * A run of a service. Its record is fetched whole, its outputs one by one when they are
 * asked for.
 *
 * @param server such as {@code http://127.0.0.1:8080}
 * @param id of the run
 */
record ServiceRun(String server, String id) implements RunSource {

	/**
	 * The address of a run.
	 */
	static final Pattern ADDRESS = Pattern.compile("(https?://[^/]+(?:/.*)?)/api/v1/runs/([^/]+)/?");

	/**
	 * Far more than a service keeps of a run beside its outputs: the most is its traces.
	 */
	private static final Bounds RECORD = new Bounds(2000 + RecordFiles.MAX_ALL_SEGMENTS, 2L << 40, 2L << 40, 1);

	ServiceRun {
		if (!server.matches("https?://.+")) {
			throw new IllegalArgumentException(
					"--server takes an address such as http://127.0.0.1:8080, not " + server);
		}
	}

	@Override
	public OpenRun open(Path scratch) throws IOException, InterruptedException, UnreadableRunException {
		ServiceClient client = new ServiceClient(this.server);
		Path folder = Files.createDirectories(scratch.resolve("fetched"));
		try (InputStream in = client.open("/runs/" + this.id + "/record")) {
			TarReader tar = new TarReader(in, RECORD);
			for (TarEntry entry; (entry = tar.next()) != null;) {
				if (!RecordFiles.isOne(entry.path())) {
					throw new UnreadableRunException(this.server + " sent something that is no part of a record");
				}
				Path file = folder.resolve(entry.path());
				Files.createDirectories(file.getParent());
				Files.copy(tar.content(), file);
			}
		}
		catch (BadTarException ex) {
			throw new UnreadableRunException("the record of run " + this.id + " came damaged: " + ex.getMessage());
		}
		Path outputs = Files.createDirectories(scratch.resolve("blobs"));
		return OpenRun.of(this.id, folder, (file) -> fetch(client, file, outputs));
	}

	/**
	 * The bytes of an output. Whether they are those that were listed is found out by who
	 * reads them; that they cannot be had, by there being none.
	 */
	private Path fetch(ServiceClient client, ListedFile file, Path outputs) {
		Path target = outputs.resolve(file.digest().hex());
		if (Files.exists(target)) {
			return target;
		}
		try (InputStream in = client.open("/runs/" + this.id + "/artifacts/" + ServiceClient.encode(file.path()))) {
			Path temp = outputs.resolve("fetching");
			Files.deleteIfExists(temp);
			try (var out = Files.newOutputStream(temp)) {
				byte[] buffer = new byte[256 * 1024];
				long left = file.size();
				for (int read; left > 0 && (read = in.read(buffer, 0, (int) Math.min(buffer.length, left))) > 0;) {
					out.write(buffer, 0, read);
					left -= read;
				}
			}
			return Files.move(temp, target);
		}
		catch (IOException | UnreadableRunException ex) {
			return target;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return target;
		}
	}

}
