package io.logfold.api.routes;

import org.jspecify.annotations.Nullable;

/**
 * Which routes are asked for most, how often do they fail, how slow are they?
 *
 * @param range the rolling range asked about
 * @param source one source, or null for all, each apart
 * @param limit routes answered at most
 */
public record FindRoutes(RouteRange range, @Nullable String source, int limit) {}
