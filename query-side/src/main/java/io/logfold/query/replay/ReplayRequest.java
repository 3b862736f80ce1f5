package io.logfold.query.replay;

import io.logfold.query.fold.Generation.Switching;
import io.logfold.query.web.BadParameter;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a replay shall be, as a client asks for it.
 *
 * @param from the append time from which the log is read, or null for all of it
 * @param note at most 500 characters, or null
 */
record ReplayRequest(
    String projection, @Nullable Instant from, @Nullable String note, Switching switching) {

  private static final Set<String> FIELDS = Set.of("projection", "from", "note", "switch");
  private static final int MAX_NOTE = 500;

  /**
   * Reads a body.
   *
   * @param projections the names there are
   * @throws BadParameter if it is no such request, with the field and a sentence
   */
  static ReplayRequest read(JsonMapper json, byte[] body, List<String> projections) {
    JsonNode root = tree(json, body);
    for (String field : root.propertyNames()) {
      if (!FIELDS.contains(field)) {
        throw new BadParameter(
            "body",
            "There is no field '%s'; there are from, note, projection, switch."
                .formatted(field.length() > 60 ? field.substring(0, 60) : field));
      }
    }
    String projection = text(root, "projection");
    if (projection == null || !projections.contains(projection)) {
      throw new BadParameter(
          "projection",
          "'projection' is %s, expected one of %s."
              .formatted(projection == null ? "missing" : "'" + projection + "'", projections));
    }
    String note = text(root, "note");
    if (note != null && note.length() > MAX_NOTE) {
      throw new BadParameter(
          "note",
          "'note' has %d characters, at most %d are allowed.".formatted(note.length(), MAX_NOTE));
    }
    return new ReplayRequest(
        projection, time(text(root, "from")), note, switching(text(root, "switch")));
  }

  private static JsonNode tree(JsonMapper json, byte[] body) {
    try {
      JsonNode root = json.readTree(body);
      if (root.isObject()) {
        return root;
      }
    } catch (JacksonException e) {
      // Answered below.
    }
    throw new BadParameter(
        "body", "The body is no JSON object; write for example {\"projection\": \"stats\"}.");
  }

  private static @Nullable String text(JsonNode root, String field) {
    JsonNode value = root.get(field);
    if (value == null || value.isNull()) {
      return null;
    }
    if (!value.isString()) {
      throw new BadParameter(field, "'%s' is no text.".formatted(field));
    }
    return value.stringValue();
  }

  private static @Nullable Instant time(@Nullable String text) {
    try {
      return text == null ? null : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw new BadParameter(
          "from",
          "'from' is '%s', expected an RFC 3339 time such as 2025-06-10T10:41:40Z."
              .formatted(text.length() > 60 ? text.substring(0, 60) : text));
    }
  }

  private static Switching switching(@Nullable String text) {
    if (text == null) {
      return Switching.BY_HAND;
    }
    for (Switching each : Switching.values()) {
      if (each.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(text)) {
        return each;
      }
    }
    throw new BadParameter(
        "switch",
        "'switch' is '%s', expected by-hand, when-ready or when-equal."
            .formatted(text.length() > 60 ? text.substring(0, 60) : text));
  }
}
