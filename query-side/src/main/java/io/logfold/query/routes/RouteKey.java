package io.logfold.query.routes;

/**
 * Requests that are counted together.
 *
 * @param source who logged them
 * @param route their path's template such as {@code /users/{id}}, or {@code (other)} beyond the cap
 *     of routes; at most 200 characters
 * @param method HTTP method in upper case, or {@code (other)} if it is none of the registered ones
 */
public record RouteKey(String source, String route, String method) {}
