package io.logfold.generator;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The settings that the seed's generator read, by its names, and our token.
 *
 * @param variables the process's environment
 */
record Environment(Map<String, String> variables) {

  /** Full URL that requests are posted to, such as {@code http://receiver:8080/upload}. */
  Optional<String> target() {
    return value("TARGET_API_URL", text -> text);
  }

  /** Requests a second. */
  Optional<Double> requestsPerSecond() {
    return value("RPS", Double::valueOf);
  }

  /** Logs a request. */
  Optional<Integer> batch() {
    return value("QTY_IN_BATCH", Integer::valueOf);
  }

  /** Share of logs with status 404. */
  Optional<Double> clientErrors() {
    return value("CLIENT_ERROR_FREQ", Double::valueOf);
  }

  /** Share of logs with status 500. */
  Optional<Double> serverErrors() {
    return value("SERVER_ERROR_FREQ", Double::valueOf);
  }

  /** What the receiver wants as Bearer. */
  Optional<String> token() {
    return value("LOGFOLD_TOKEN", text -> text);
  }

  private <T> Optional<T> value(String name, Function<String, T> parse) {
    String text = variables.getOrDefault(name, "").strip();
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(parse.apply(text));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "The environment variable " + name + " is '" + text + "', expected a number.", e);
    }
  }
}
