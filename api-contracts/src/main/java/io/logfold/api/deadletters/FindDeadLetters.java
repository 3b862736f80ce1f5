package io.logfold.api.deadletters;

import org.jspecify.annotations.Nullable;

/**
 * Which records were kept aside? A null filter does not filter. Newest first, by id.
 *
 * @param projection who could not fold them; {@code requests} stands for records that cannot be
 *     read
 * @param limit letters to answer at most
 * @param before only those with a lower id, as {@link DeadLetterList#next()} says
 */
public record FindDeadLetters(
    DeadLetterReport.@Nullable State state,
    @Nullable String projection,
    int limit,
    @Nullable Long before) {}
