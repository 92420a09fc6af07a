package dev.reprise.trainer;

import java.util.HashMap;
import java.util.Map;

/**
 * The parameters of a trainer, {@code --name=value} each. The service has checked them.
 */
final class Arguments {

	private final Map<String, String> values = new HashMap<>();

	Arguments(String[] args) {
		for (String arg : args) {
			int equals = arg.indexOf('=');
			if (!arg.startsWith("--") || equals < 0) {
				throw new IllegalArgumentException(arg + " is not of the form --name=value");
			}
			this.values.put(arg.substring(2, equals), arg.substring(equals + 1));
		}
	}

	int whole(String name) {
		return Integer.parseInt(text(name));
	}

	float decimal(String name) {
		return Float.parseFloat(text(name));
	}

	private String text(String name) {
		String value = this.values.get(name);
		if (value == null) {
			throw new IllegalArgumentException("--" + name + "= is missing");
		}
		return value;
	}

}
