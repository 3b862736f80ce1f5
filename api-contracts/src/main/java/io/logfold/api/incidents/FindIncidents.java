package io.logfold.api.incidents;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which incidents were there? A null filter does not filter. Newest first, by opening, then by id.
 *
 * @param from incidents that were open at this time or later
 * @param to incidents that opened before this time or at it
 * @param limit incidents to answer at most
 */
public record FindIncidents(
    IncidentReport.@Nullable State state,
    @Nullable Instant from,
    @Nullable Instant to,
    int limit) {}
