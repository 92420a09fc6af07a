package dev.reprise.cli;

import java.util.Arrays;

/**
 * Where {@code ./reprise} comes in.
 */
public final class Main {

	private Main() {
	}

	/**
	 * Runs one command.
	 * @param args the command's name, its options, and properties of the service as
	 * {@code --name=value}
	 */
	public static void main(String[] args) {
		String command = (args.length > 0) ? args[0] : "serve";
		String[] rest = Arrays.copyOfRange(args, Math.min(1, args.length), args.length);
		switch (command) {
			case "serve" -> Serve.run(rest);
			default -> {
				System.err.println("reprise: there is no command " + command);
				System.exit(2);
			}
		}
	}

}
