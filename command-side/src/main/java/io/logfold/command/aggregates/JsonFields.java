package io.logfold.command.aggregates;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.logfold.command.web.Refusal;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * A JSON object that a person wrote, read field by field. A field of the wrong type is noted and
 * read as something that does no harm, so that one answer can name all mistakes. Not thread-safe.
 */
public final class JsonFields {

  private static final int MAX_BODY = 64 * 1024;
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final JsonNode node;
  private final String prefix;
  private final List<Invalid.Mistake> mistakes;
  private final Set<String> known = new HashSet<>();

  private JsonFields(JsonNode node, String prefix, List<Invalid.Mistake> mistakes) {
    this.node = node;
    this.prefix = prefix;
    this.mistakes = mistakes;
  }

  /**
   * The body of a request, whatever it says its type is.
   *
   * @throws Refusal if it is larger than 64 KB, or no JSON object
   */
  public static JsonFields of(HttpServletRequest request) {
    return of(body(request));
  }

  static JsonFields of(byte[] body) {
    JsonNode node = parse(body);
    if (!node.isObject()) {
      throw Refusal.badRequest("bad-json", "The body is to be one JSON object.");
    }
    return new JsonFields(node, "", new ArrayList<>());
  }

  private static byte[] body(HttpServletRequest request) {
    try {
      byte[] body = request.getInputStream().readNBytes(MAX_BODY + 1);
      if (body.length > MAX_BODY) {
        throw new Refusal(
            HttpStatus.CONTENT_TOO_LARGE,
            "body-too-large",
            "The body is larger than %d bytes.".formatted(MAX_BODY));
      }
      return body;
    } catch (IOException e) {
      throw Refusal.badRequest("broken-body", "The body could not be read to its end.");
    }
  }

  private static JsonNode parse(byte[] body) {
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw Refusal.badRequest("bad-json", "The body is no JSON: " + firstLine(e));
    } catch (IOException e) {
      throw Refusal.badRequest("bad-json", "The body is no JSON in UTF-8.");
    }
  }

  private static String firstLine(JsonProcessingException e) {
    String reason = e.getOriginalMessage();
    int end = reason == null ? 0 : Math.min(200, reason.length());
    return reason == null
        ? "it ends early."
        : reason.substring(0, end).lines().findFirst().orElse("") + ".";
  }

  /** Whether the field is there, be it null. */
  public boolean has(String name) {
    return node.has(name);
  }

  /** A text that must be there. */
  public String text(String name) {
    String text = optionalText(name);
    if (text == null && isNull(name)) {
      missing(name, "a string");
    }
    return text == null ? "" : text;
  }

  /** A text, or null. */
  public @Nullable String optionalText(String name) {
    JsonNode value = value(name);
    if (value == null) {
      return null;
    }
    if (!value.isTextual()) {
      wrong(name, "a string", value);
      return null;
    }
    return value.textValue();
  }

  /** A whole number that must be there; 1 when it is not. */
  public int integer(String name) {
    if (isNull(name)) {
      value(name);
      missing(name, "a whole number");
      return 1;
    }
    return integer(name, 1);
  }

  /** A whole number, or what stands for a missing one. */
  public int integer(String name, int otherwise) {
    Integer value = optionalInteger(name);
    return value == null ? otherwise : value;
  }

  /** A whole number, or null. */
  public @Nullable Integer optionalInteger(String name) {
    JsonNode value = value(name);
    if (value == null) {
      return null;
    }
    if (!value.isIntegralNumber() || !value.canConvertToInt()) {
      wrong(name, "a whole number", value);
      return null;
    }
    return value.intValue();
  }

  /** A number that must be there; NaN when it is not. */
  public double number(String name) {
    JsonNode value = value(name);
    if (value == null) {
      missing(name, "a number");
      return Double.NaN;
    }
    if (!value.isNumber()) {
      wrong(name, "a number", value);
      return Double.NaN;
    }
    return value.doubleValue();
  }

  /** One of the names of an enum that must be there; null when it is not. */
  public <E extends Enum<E>> @Nullable E choice(String name, Class<E> type) {
    String expected =
        "one of " + Arrays.toString(type.getEnumConstants()).replaceAll("[\\[\\]]", "");
    JsonNode value = value(name);
    if (value == null) {
      missing(name, expected);
      return null;
    }
    for (E choice : type.getEnumConstants()) {
      if (value.isTextual() && choice.name().equals(value.textValue())) {
        return choice;
      }
    }
    wrong(name, expected, value);
    return null;
  }

  /** An object, or null. */
  public @Nullable JsonFields object(String name) {
    JsonNode value = value(name);
    if (value == null) {
      return null;
    }
    if (!value.isObject()) {
      wrong(name, "an object", value);
      return null;
    }
    return new JsonFields(value, prefix + name + ".", mistakes);
  }

  /** A list of objects; empty when it is not there. */
  public List<JsonFields> objects(String name) {
    JsonNode value = value(name);
    if (value == null) {
      return List.of();
    }
    if (!value.isArray()) {
      wrong(name, "a list of objects", value);
      return List.of();
    }
    List<JsonFields> objects = new ArrayList<>();
    for (int i = 0; i < value.size(); i++) {
      String field = "%s[%d]".formatted(name, i);
      if (value.get(i).isObject()) {
        objects.add(new JsonFields(value.get(i), prefix + field + ".", mistakes));
      } else {
        wrong(field, "an object", value.get(i));
      }
    }
    return objects;
  }

  /** To be called when all fields are read: what is left is unknown. */
  public void end() {
    node.fieldNames()
        .forEachRemaining(
            name -> {
              if (!known.contains(name)) {
                String shown = excerpt(name);
                add(shown, "There is no field %s%s.".formatted(prefix, shown));
              }
            });
  }

  /** Every mistake so far, those of nested objects too. */
  public List<Invalid.Mistake> mistakes() {
    return mistakes;
  }

  private @Nullable JsonNode value(String name) {
    known.add(name);
    JsonNode value = node.get(name);
    return value == null || value.isNull() ? null : value;
  }

  private boolean isNull(String name) {
    return !node.hasNonNull(name);
  }

  private void missing(String name, String expected) {
    add(name, "%s%s is missing; expected %s.".formatted(prefix, name, expected));
  }

  private void wrong(String name, String expected, JsonNode value) {
    String found = excerpt(value.toString());
    add(name, "%s%s is %s, expected %s.".formatted(prefix, name, found, expected));
  }

  private void add(String name, String reason) {
    mistakes.add(new Invalid.Mistake(prefix + name, reason));
  }

  private static String excerpt(String text) {
    return text.length() <= 40 ? text : text.substring(0, 40) + "...";
  }
}
