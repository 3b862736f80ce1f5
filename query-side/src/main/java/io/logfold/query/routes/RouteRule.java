package io.logfold.query.routes;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pattern that the user gave, such as {@code /shop/{lang}/item/{sku}}: a segment in braces stands
 * for any one segment that is not empty, a last {@code **} for all that follow, none included.
 * Everything else stands for itself.
 */
final class RouteRule {

  private static final String NAME = "\\{[A-Za-z0-9_-]+}";
  private static final String REST = "/**";

  private final String pattern;
  private final boolean takesTheRest;
  private final @Nullable String[] segments;

  /**
   * Reads a pattern.
   *
   * @throws IllegalArgumentException if it is none, with a sentence that says why
   */
  RouteRule(String pattern) {
    this.pattern = pattern;
    this.takesTheRest = pattern.endsWith(REST);
    require(pattern.startsWith("/"), "a pattern begins with a slash");
    require(
        pattern.length() <= PathTemplate.MAX_LENGTH,
        "a pattern has at most " + PathTemplate.MAX_LENGTH + " characters");
    require(
        pattern.chars().noneMatch(c -> Character.isWhitespace(c) || Character.isISOControl(c)),
        "a path holds no blanks");
    String fixed = takesTheRest ? pattern.substring(0, pattern.length() - REST.length()) : pattern;
    List<String> texts = fixed.isEmpty() ? List.of() : List.of(fixed.substring(1).split("/", -1));
    this.segments = texts.stream().map(this::segment).toArray(String[]::new);
  }

  /** What the paths that match are counted as: the pattern itself. */
  String template() {
    return pattern;
  }

  boolean matches(String path) {
    int at = 0;
    for (String segment : segments) {
      if (at == path.length() || path.charAt(at) != '/') {
        return false;
      }
      int start = at + 1;
      at = PathTemplate.endOfSegment(path, start);
      if (segment == null ? at == start : !isThere(segment, path, start, at)) {
        return false;
      }
    }
    return at == path.length() || (takesTheRest && path.charAt(at) == '/');
  }

  @Override
  public String toString() {
    return pattern;
  }

  private static boolean isThere(String segment, String path, int start, int end) {
    return segment.length() == end - start && path.startsWith(segment, start);
  }

  /** The segment's text, or null if any is meant. */
  private @Nullable String segment(String text) {
    if (text.matches(NAME)) {
      return null;
    }
    require(
        text.chars().noneMatch(c -> c == '{' || c == '}' || c == '*'),
        "'" + text + "' is no segment: expected text, a name in braces such as {id}, or a last **");
    return text;
  }

  private void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(
          "logfold.routes.rules has '%s': %s; write for example /shop/{lang}/item/{sku} or /static/**."
              .formatted(pattern, otherwise));
    }
  }
}
