package io.logfold.query.routes;

import io.logfold.api.AccessLog;
import java.util.List;

/**
 * From a log to its route: what the sender says, else the first of the user's rules that matches
 * its path, else what {@link PathTemplate} makes of it. At most 200 characters, without blanks at
 * its ends.
 */
public final class RouteTemplates {

  private final List<RouteRule> rules;

  RouteTemplates(List<String> patterns) {
    this.rules = patterns.stream().map(RouteRule::new).toList();
  }

  /**
   * As a generation of the routes has them.
   *
   * @param rule its rule, as it is stored
   */
  public static RouteTemplates of(String rule) {
    return RoutingRule.parse(rule).templates();
  }

  /** The route of a log. */
  public String of(AccessLog log) {
    String given = log.route() == null ? "" : shortened(log.route().strip());
    return given.isEmpty() ? ofPath(log.path()) : given;
  }

  private String ofPath(String path) {
    for (RouteRule rule : rules) {
      if (rule.matches(path)) {
        return rule.template();
      }
    }
    return PathTemplate.of(path);
  }

  private static String shortened(String route) {
    if (route.length() <= PathTemplate.MAX_LENGTH) {
      return route;
    }
    boolean half = Character.isHighSurrogate(route.charAt(PathTemplate.MAX_LENGTH - 1));
    return route.substring(0, PathTemplate.MAX_LENGTH - (half ? 1 : 0)).strip();
  }
}
