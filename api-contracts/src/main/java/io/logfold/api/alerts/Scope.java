package io.logfold.api.alerts;

import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Which requests a rule looks at. In a rule a field that is {@code *} asks for each of its values
 * apart; in what a rule found no field is {@code *}.
 *
 * @param source one source, {@code *} for each apart, or null for all together
 * @param route one path template such as {@code /users/{id}}, {@code *}, or null
 * @param method one HTTP method in upper case, {@code *}, or null
 */
public record Scope(@Nullable String source, @Nullable String route, @Nullable String method) {

  /** Asks for each value of a field apart. */
  public static final String EACH = "*";

  /** Every request together. */
  public static final Scope ALL = new Scope(null, null, null);

  /**
   * The scope as one text, such as {@code source=shop method=GET}, or {@code all}; equal for equal
   * scopes only.
   */
  public String key() {
    StringJoiner key = new StringJoiner(" ").setEmptyValue("all");
    add(key, "source", source);
    add(key, "method", method);
    add(key, "route", route);
    return key.toString();
  }

  private static void add(StringJoiner key, String field, @Nullable String value) {
    if (value != null) {
      key.add(field + "=" + value.replace("%", "%25").replace(" ", "%20"));
    }
  }
}
