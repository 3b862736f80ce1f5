package io.logfold.api.incidents;

import java.time.Instant;
import java.util.List;

/**
 * The answer to {@link FindIncidents}.
 *
 * @param total how many match the filter
 * @param asOf when the answer was read from the database
 */
public record IncidentList(List<IncidentReport> incidents, long total, Instant asOf) {}
