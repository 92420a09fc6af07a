package dev.reprise.service;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the service answered.
 *
 * @param response the response
 */
public record Answer(HttpResponse<byte[]> response) {

	/**
	 * What no answer may show: classes, stack traces, SQL, folders of the service.
	 */
	private static final Pattern LEAK = Pattern.compile(
			"Exception|java\\.|tools\\.jackson|org\\.|dev\\.reprise|\\tat |Whitelabel|Tomcat|insert into|target/services");

	public int status() {
		return this.response.statusCode();
	}

	public byte[] bytes() {
		return this.response.body();
	}

	public String text() {
		return new String(this.response.body(), StandardCharsets.UTF_8);
	}

	public JsonNode json() {
		return JsonMapper.shared().readTree(this.response.body());
	}

	public String header(String name) {
		return this.response.headers().firstValue(name).orElse("");
	}

	/**
	 * The answer, if it has this status.
	 */
	public Answer is(int status) {
		assertThat(status())
			.as("status of %s %s, whose body is: %s", this.response.request().method(), this.response.uri(), text())
			.isEqualTo(status);
		if (status >= 400) {
			assertThat(text()).doesNotContainPattern(LEAK);
		}
		return this;
	}

	/**
	 * The answer, if it is a problem of this status in the form of RFC 9457.
	 */
	public Answer isProblem(int status) {
		is(status);
		assertThat(header("Content-Type")).startsWith("application/problem+json");
		assertThat(json().path("status").asInt()).isEqualTo(status);
		assertThat(json().path("type").asString("")).startsWith("urn:reprise:problem:");
		assertThat(json().path("title").asString("")).isNotBlank();
		assertThat(json().path("detail").asString("")).isNotBlank();
		return this;
	}

	/**
	 * The fields that a problem names, each of them with its mend.
	 */
	public List<String> fields() {
		List<String> fields = new ArrayList<>();
		for (JsonNode error : json().path("errors")) {
			fields.add(error.path("field").asString());
			assertThat(error.path("problem").asString("")).as("problem of %s", error).isNotBlank();
			assertThat(error.path("mend").asString("")).as("mend of %s", error).isNotBlank();
		}
		return fields;
	}

	/**
	 * The problem and the mend of one field.
	 */
	public String said(String field) {
		for (JsonNode error : json().path("errors")) {
			if (error.path("field").asString().equals(field)) {
				return error.path("problem").asString() + "; " + error.path("mend").asString();
			}
		}
		throw new AssertionError("nothing is said of " + field + " in " + text());
	}

	/**
	 * The id of what was made.
	 */
	public String id() {
		return json().path("id").asString();
	}

}
