package io.logfold.api.ingest;

/**
 * A line that is no access log.
 *
 * @param line its number in the request, from 1
 * @param code the reason as a word to count by, such as {@code status-out-of-range}
 * @param reason the reason as a sentence for the sender: which field, what was expected
 * @param excerpt the line's first 200 characters, control characters replaced
 */
public record RejectedLine(int line, String code, String reason, String excerpt) {}
