package dev.reprise.record;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A folder that a job may have written, held open: what lies in it is looked up from the
 * open folder, never through a link, and opened only if it is a folder or a regular file.
 * A job that is still alive could put a FIFO in a file's place between the look and the
 * opening, so a record is read when its processes are gone.
 */
public final class RecordFolder implements Closeable {

	private final SecureDirectoryStream<Path> folder;

	private final String name;

	private RecordFolder(SecureDirectoryStream<Path> folder, String name) {
		this.folder = folder;
		this.name = name;
	}

	/**
	 * Opens a folder that a person or the service named, through links if need be.
	 * @throws UnreadableRecordException if it cannot be opened
	 */
	@SuppressWarnings("StreamResourceLeak") // held by the folder, which closes it
	public static RecordFolder open(Path folder) throws UnreadableRecordException {
		try {
			DirectoryStream<Path> stream = Files.newDirectoryStream(folder);
			if (stream instanceof SecureDirectoryStream<Path> secure) {
				return new RecordFolder(secure, "");
			}
			stream.close();
			throw new UnreadableRecordException("the record folder is on a file system where links cannot be refused");
		}
		catch (IOException ex) {
			throw new UnreadableRecordException("the record folder cannot be opened");
		}
	}

	/**
	 * Opens a folder in this one.
	 * @throws UnreadableRecordException if there is none of that name
	 */
	public RecordFolder folder(String child) throws UnreadableRecordException {
		String path = path(child);
		if (!attributes(child).isDirectory()) {
			throw new UnreadableRecordException(path + " is no folder");
		}
		try {
			return new RecordFolder(this.folder.newDirectoryStream(Path.of(child), LinkOption.NOFOLLOW_LINKS), path);
		}
		catch (IOException ex) {
			throw new UnreadableRecordException(path + " cannot be opened");
		}
	}

	/**
	 * Goes through the names in this folder, in no order; once only.
	 * @param most most names that are looked at
	 * @return whether there were no more
	 * @throws UnreadableRecordException if they cannot be listed
	 */
	public boolean forEachName(int most, Consumer<String> each) throws UnreadableRecordException {
		int seen = 0;
		try {
			for (Path entry : this.folder) {
				if (seen++ == most) {
					return false;
				}
				each.accept(String.valueOf(entry.getFileName()));
			}
			return true;
		}
		catch (DirectoryIteratorException ex) {
			throw new UnreadableRecordException(this.name + " cannot be listed");
		}
	}

	/**
	 * Reads a whole file.
	 * @param most most bytes that are read
	 * @throws UnreadableRecordException if there is none, or it is larger
	 */
	public byte[] bytes(String child, long most) throws UnreadableRecordException {
		try (InputStream in = open(child)) {
			byte[] bytes = in.readNBytes((int) most + 1);
			if (bytes.length > most) {
				throw new UnreadableRecordException(path(child) + " is larger than " + most + " bytes");
			}
			return bytes;
		}
		catch (IOException ex) {
			throw new UnreadableRecordException(path(child) + " cannot be read");
		}
	}

	/**
	 * Opens a file of this folder.
	 */
	InputStream open(String child) throws UnreadableRecordException {
		return Channels.newInputStream(channel(child));
	}

	/**
	 * Opens a file of this folder for reading by position or for mapping.
	 * @throws UnreadableRecordException if there is no regular file of that name
	 */
	public FileChannel channel(String child) throws UnreadableRecordException {
		if (!attributes(child).isRegularFile()) {
			throw new UnreadableRecordException(path(child) + " is no regular file");
		}
		try {
			SeekableByteChannel channel = this.folder.newByteChannel(Path.of(child),
					Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
			if (channel instanceof FileChannel file) {
				return file;
			}
			channel.close();
			throw new UnreadableRecordException(path(child) + " is on a file system that cannot map it");
		}
		catch (IOException ex) {
			throw new UnreadableRecordException(path(child) + " cannot be opened");
		}
	}

	/**
	 * Whether there is anything of that name.
	 */
	public boolean has(String child) {
		try {
			attributes(child);
			return true;
		}
		catch (UnreadableRecordException ex) {
			return false;
		}
	}

	private BasicFileAttributes attributes(String child) throws UnreadableRecordException {
		try {
			return this.folder
				.getFileAttributeView(Path.of(child), BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
				.readAttributes();
		}
		catch (NoSuchFileException ex) {
			throw new UnreadableRecordException(path(child) + " is missing");
		}
		catch (IOException ex) {
			throw new UnreadableRecordException(path(child) + " cannot be looked at");
		}
	}

	/**
	 * How a file of this folder is called in a sentence.
	 */
	public String path(String child) {
		return this.name.isEmpty() ? child : this.name + "/" + child;
	}

	@Override
	public void close() {
		try {
			this.folder.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException("a folder could not be closed", ex);
		}
	}

}
