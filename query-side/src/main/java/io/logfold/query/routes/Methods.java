package io.logfold.query.routes;

import java.util.Locale;
import java.util.Set;

/**
 * The methods that requests are counted by. A sender may write any word for a method; each of them
 * would be a row a route and minute.
 */
final class Methods {

  private static final String OTHER = "(other)";

  /** Those registered with IANA, but for one of 17 letters, and what caches understand. */
  private static final Set<String> KNOWN =
      Set.of(
          "ACL",
          "BASELINE-CONTROL",
          "BIND",
          "CHECKIN",
          "CHECKOUT",
          "CONNECT",
          "COPY",
          "DELETE",
          "GET",
          "HEAD",
          "LABEL",
          "LINK",
          "LOCK",
          "MERGE",
          "MKACTIVITY",
          "MKCALENDAR",
          "MKCOL",
          "MKREDIRECTREF",
          "MKWORKSPACE",
          "MOVE",
          "OPTIONS",
          "ORDERPATCH",
          "PATCH",
          "POST",
          "PROPFIND",
          "PROPPATCH",
          "PURGE",
          "PUT",
          "QUERY",
          "REBIND",
          "REPORT",
          "SEARCH",
          "TRACE",
          "UNBIND",
          "UNCHECKOUT",
          "UNLINK",
          "UNLOCK",
          "UPDATE",
          "VERSION-CONTROL");

  private Methods() {}

  /** In upper case, or {@code (other)}. */
  static String of(String method) {
    if (KNOWN.contains(method)) {
      return method;
    }
    String upper = method.strip().toUpperCase(Locale.ROOT);
    return KNOWN.contains(upper) ? upper : OTHER;
  }
}
