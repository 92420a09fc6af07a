package dev.reprise.environment;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The environments that the operator prepared, by name: {@code reprise.environments.NAME}
 * is the folder of a Python environment, one that has {@code bin/python}.
 *
 * @param environments folders by name
 */
@ConfigurationProperties("reprise")
public record Environments(Map<String, Path> environments) {

	/**
	 * Checks each folder.
	 * @throws IllegalArgumentException naming the one that is no environment
	 */
	public Environments {
		environments = (environments != null) ? new TreeMap<>(environments) : Map.of();
		environments.forEach((name, folder) -> {
			if (!Files.isExecutable(folder.resolve("bin/python"))) {
				throw new IllegalArgumentException("reprise.environments." + name + " is " + folder
						+ ", which has no bin/python: give the folder of a Python environment");
			}
		});
	}

	/**
	 * The names that a spec may give.
	 */
	public Set<String> names() {
		return this.environments.keySet();
	}

	/**
	 * The folder of an environment.
	 * @throws IllegalArgumentException if there is none of that name any more
	 */
	public Path folder(String name) {
		Path folder = this.environments.get(name);
		if (folder == null) {
			throw new IllegalArgumentException("the environment " + name
					+ " is no longer there: have the operator set reprise.environments." + name);
		}
		return folder;
	}

}
