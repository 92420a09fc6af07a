package dev.reprise.http;

/**
 * The service was told to listen where others than this machine's users reach it.
 */
public final class NotLoopbackException extends IllegalStateException {

	NotLoopbackException(String property, String address) {
		super("Reprise would listen on " + address + " (" + property + "), where anyone who reaches this machine"
				+ " could run programs on it: it asks for no keys yet; keys come with a later version. Set " + property
				+ " to 127.0.0.1 or leave it out, and reach it from elsewhere through ssh -L.");
	}

}
