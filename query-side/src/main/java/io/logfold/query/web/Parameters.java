package io.logfold.query.web;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;

/** A query string, read strictly: a typo answers 400, not the answer to another question. */
public final class Parameters {

  private static final Instant EARLIEST = Instant.parse("1970-01-01T00:00:00Z");
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999Z");

  private final MultiValueMap<String, String> raw;

  /**
   * Checks the parameters' names.
   *
   * @param raw as sent
   * @param known the names there are
   * @throws BadParameter for a name that is not known or stands twice
   */
  public Parameters(MultiValueMap<String, String> raw, String... known) {
    this.raw = raw;
    Set<String> names = new TreeSet<>(Arrays.asList(known));
    raw.forEach(
        (name, values) -> {
          if (!names.contains(name)) {
            throw new BadParameter(
                shown(name),
                "There is no parameter '%s'; there are %s.".formatted(shown(name), names));
          }
          if (values.size() > 1) {
            throw new BadParameter(
                name, "'%s' stands %d times, expected once.".formatted(name, values.size()));
          }
        });
  }

  /** The text, or null if the parameter is missing or empty. */
  public @Nullable String text(String name, int maxLength) {
    String value = raw.getFirst(name);
    if (value == null || value.isEmpty()) {
      return null;
    }
    if (value.length() > maxLength) {
      throw new BadParameter(
          name,
          "'%s' has %d characters, at most %d are allowed."
              .formatted(name, value.length(), maxLength));
    }
    if (value.chars().anyMatch(Character::isISOControl)) {
      throw new BadParameter(name, "'%s' holds a control character.".formatted(name));
    }
    return value;
  }

  /** The whole number, or null if the parameter is missing or empty. */
  public @Nullable Integer integer(String name, int lowest, int highest) {
    String value = raw.getFirst(name);
    if (value == null || value.isEmpty()) {
      return null;
    }
    if (value.matches("-?[0-9]{1,9}")) {
      int number = Integer.parseInt(value);
      if (number >= lowest && number <= highest) {
        return number;
      }
    }
    throw new BadParameter(
        name,
        "'%s' is '%s', expected a whole number from %d to %d."
            .formatted(name, shown(value), lowest, highest));
  }

  /** The whole number, or a default if the parameter is missing or empty. */
  public int integer(String name, int lowest, int highest, int byDefault) {
    Integer number = integer(name, lowest, highest);
    return number == null ? byDefault : number;
  }

  /** The whole number from 0, however great, or null if the parameter is missing or empty. */
  public @Nullable Long wholeNumber(String name) {
    String value = raw.getFirst(name);
    if (value == null || value.isEmpty()) {
      return null;
    }
    if (value.matches("[0-9]{1,18}")) {
      return Long.parseLong(value);
    }
    throw new BadParameter(
        name, "'%s' is '%s', expected a whole number.".formatted(name, shown(value)));
  }

  /** The RFC 3339 time, or null if the parameter is missing or empty. */
  public @Nullable Instant time(String name) {
    String value = raw.getFirst(name);
    if (value == null || value.isEmpty()) {
      return null;
    }
    try {
      // A query string turns the plus of an offset into a space.
      Instant time = OffsetDateTime.parse(value.replace(' ', '+')).toInstant();
      if (!time.isBefore(EARLIEST) && !time.isAfter(LATEST)) {
        return time;
      }
    } catch (DateTimeException e) {
      // Answered below, together with times out of range.
    }
    throw new BadParameter(
        name,
        "'%s' is '%s', expected an RFC 3339 time such as 2025-06-10T10:41:40Z."
            .formatted(name, shown(value)));
  }

  /** One of an enum's constants, written in any case, or a default if missing or empty. */
  public <E extends Enum<E>> E oneOf(String name, Class<E> type, E byDefault) {
    E constant = oneOf(name, type);
    return constant == null ? byDefault : constant;
  }

  /** One of an enum's constants, written in any case, or null if missing or empty. */
  public <E extends Enum<E>> @Nullable E oneOf(String name, Class<E> type) {
    String value = raw.getFirst(name);
    if (value == null || value.isEmpty()) {
      return null;
    }
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equalsIgnoreCase(value)) {
        return constant;
      }
    }
    List<String> names =
        Arrays.stream(type.getEnumConstants())
            .map(constant -> constant.name().toLowerCase(Locale.ROOT))
            .toList();
    throw new BadParameter(
        name,
        "'%s' is '%s', expected one of %s."
            .formatted(name, shown(value), String.join(", ", names)));
  }

  /** {@code true} or {@code false}, or a default if the parameter is missing or empty. */
  public boolean flag(String name, boolean byDefault) {
    String value = raw.getFirst(name);
    if (value == null || value.isEmpty()) {
      return byDefault;
    }
    if (value.equals("true") || value.equals("false")) {
      return value.equals("true");
    }
    throw new BadParameter(
        name, "'%s' is '%s', expected true or false.".formatted(name, shown(value)));
  }

  /**
   * Checks that a span of time does not end before it begins.
   *
   * @throws BadParameter if it does
   */
  public void requireOrder(
      String fromName, @Nullable Instant from, String toName, @Nullable Instant to) {
    if (from != null && to != null && from.isAfter(to)) {
      throw new BadParameter(
          fromName, "'%s' (%s) is after '%s' (%s).".formatted(fromName, from, toName, to));
    }
  }

  private static String shown(String value) {
    String printable = value.replaceAll("\\p{Cntrl}", "?");
    if (printable.length() <= 60) {
      return printable;
    }
    int end = Character.isHighSurrogate(printable.charAt(59)) ? 59 : 60; // no half characters
    return printable.substring(0, end) + "...";
  }
}
