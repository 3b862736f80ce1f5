package io.logfold.query.routes;

import io.logfold.api.AccessLog;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.springframework.stereotype.Component;

/**
 * From a log to its route: what the sender says, else the first of the user's rules that matches
 * its path, else what {@link PathTemplate} makes of it. At most 200 characters, without blanks at
 * its ends.
 */
@Component
public class RouteTemplates {

  private final List<RouteRule> rules;

  RouteTemplates(RouteProperties properties) {
    this.rules = properties.rules().stream().map(RouteRule::new).toList();
  }

  /** The route of a log. */
  public String of(AccessLog log) {
    String given = log.route() == null ? "" : shortened(log.route().strip());
    return given.isEmpty() ? ofPath(log.path()) : given;
  }

  /** The rules as a short text: another text for others, or for the same in another order. */
  String digest() {
    StringBuilder patterns = new StringBuilder();
    rules.forEach(rule -> patterns.append(rule).append('\n'));
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(patterns.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256.", e);
    }
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
