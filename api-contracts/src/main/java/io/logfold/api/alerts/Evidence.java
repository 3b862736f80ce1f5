package io.logfold.api.alerts;

import io.logfold.api.AccessLog;
import java.util.List;

/**
 * What stands behind a crossing, for whoever is told: of the window's requests in the rule's scope,
 * the failed ones where the measure is about failures, else all.
 *
 * @param routes the routes with most of them, at most 5, most first
 * @param statuses their statuses, at most 5, most first
 * @param clients the clients with most failed ones, at most 5, most first
 * @param samples failed ones, the newest, at most 3
 */
public record Evidence(
    List<Count> routes, List<Count> statuses, List<Count> clients, List<AccessLog> samples) {

  /** Nothing is known. */
  public static final Evidence NONE = new Evidence(List.of(), List.of(), List.of(), List.of());

  /**
   * How many requests share something.
   *
   * @param value the route, status or address
   * @param requests how many
   */
  public record Count(String value, long requests) {}
}
