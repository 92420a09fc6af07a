package dev.reprise.http;

/**
 * One thing wrong in a request.
 *
 * @param field JSON path of the field, such as {@code $.resources.cpus}, or the name of a
 * parameter, header or part
 * @param problem what is wrong, as the end of a sentence that begins with the field
 * @param mend what to send instead
 */
public record FieldError(String field, String problem, String mend) {
}
