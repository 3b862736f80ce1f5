package io.logfold.query.routes;

import java.util.List;

/**
 * What decides a log's route, as it is stored with a generation: a line for the cap, then a line
 * for each pattern. Patterns hold no blanks.
 *
 * @param maxPerSource routes of a source that have a name of their own, in each partition
 * @param patterns see {@link RouteRule}; the first that matches wins
 */
record RoutingRule(int maxPerSource, List<String> patterns) {

  private static final String CAP = " a source";

  RoutingRule {
    patterns = List.copyOf(patterns);
  }

  /** Reads what {@link #toText} wrote. */
  static RoutingRule parse(String text) {
    List<String> lines = text.lines().toList();
    String cap = lines.get(0);
    return new RoutingRule(
        Integer.parseInt(cap.substring(0, cap.length() - CAP.length())),
        lines.subList(1, lines.size()));
  }

  String toText() {
    StringBuilder text = new StringBuilder().append(maxPerSource).append(CAP);
    patterns.forEach(pattern -> text.append('\n').append(pattern));
    return text.toString();
  }

  RouteTemplates templates() {
    return new RouteTemplates(patterns);
  }
}
