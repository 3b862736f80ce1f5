package io.logfold.api.deadletters;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to {@link FindDeadLetters}.
 *
 * @param letters one page, newest first
 * @param next what to ask for the page after it with, or null if this was the last
 * @param asOf when this was so
 */
public record DeadLetterList(List<DeadLetterReport> letters, @Nullable Long next, Instant asOf) {}
