package io.logfold.query.fold;

import java.util.List;

/**
 * Which projections a reset of {@link LogFold} sends back; a reset without one sends back all.
 *
 * @param projections names of projections
 */
record FoldReset(List<String> projections) {}
