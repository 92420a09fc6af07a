package dev.reprise.diff.engine;

import java.util.Locale;

import com.fasterxml.jackson.annotation.JsonValue;

/**
 * The layers in which two runs are compared: six that went in, three that came out.
 */
public enum Layer {

	SETTINGS, CODE, INPUTS, ENVIRONMENT, MACHINE, RECIPE, END, TRACE, OUTPUTS;

	/**
	 * As it is written in JSON and in sentences.
	 */
	@JsonValue
	public String word() {
		return name().toLowerCase(Locale.ROOT);
	}

}
