package io.logfold.query.fold;

import java.util.List;

/**
 * Which projections a reset of their processor sends back to the beginning; a reset without one
 * sends back all that ride on it.
 *
 * @param projections names of projections
 */
public record ProjectionReset(List<String> projections) {}
