package dev.reprise.environment;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How environments are built from lock files, and how long they are kept.
 *
 * @param sourceBuilds whether packages without a wheel are built, which runs their code
 * @param timeout how long one build may take
 * @param memory bytes that one build may hold
 * @param reserve room on the disk that builds leave
 * @param age unused ones are removed after this
 * @param size unused ones are removed, the longest unused first, while all together hold
 * more than this; files that several share count in each
 * @param every how often that is looked at
 */
@ConfigurationProperties("reprise.built-environments")
public record BuildSettings(@DefaultValue("false") boolean sourceBuilds, @DefaultValue("30m") Duration timeout,
		@DefaultValue("4GB") DataSize memory, @DefaultValue("2GB") DataSize reserve, @DefaultValue("30d") Duration age,
		@DefaultValue("60GB") DataSize size, @DefaultValue("1h") Duration every) {

	/**
	 * Checks each.
	 * @throws IllegalArgumentException naming the property that is not positive
	 */
	public BuildSettings {
		positive("timeout", timeout.toMillis());
		positive("memory", memory.toBytes());
		positive("every", every.toMillis());
		if (age.isNegative() || reserve.isNegative() || size.isNegative()) {
			throw new IllegalArgumentException("reprise.built-environments: age, reserve and size are not negative");
		}
	}

	private static void positive(String name, long value) {
		if (value <= 0) {
			throw new IllegalArgumentException("reprise.built-environments." + name + " must be more than nothing");
		}
	}

}
