package io.logfold.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.axonframework.serialization.Revision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Records of Kafka as every release wrote them, one or more of each revision of each event, are
 * kept for ever in {@code src/test/resources/golden/<event>/<revision>*.json}. The sides' own tests
 * read each of them through to today's answers; here is what must be there. A golden record is
 * never changed but for {@code reads}, which says what today's program makes of it.
 */
class GoldenTest {

  private static final Path GOLDEN = Path.of("src/test/resources/golden");
  private static final Path CLASSES = Path.of("target/classes");

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .registerModule(new JavaTimeModule())
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS);

  /** Every class that says which revision it is of. */
  static List<Class<?>> events() throws IOException {
    try (Stream<Path> files = Files.walk(CLASSES)) {
      return files
          .map(file -> CLASSES.relativize(file).toString())
          .filter(name -> name.endsWith(".class") && !name.endsWith("-info.class"))
          .map(name -> name.substring(0, name.length() - ".class".length()).replace('/', '.'))
          .<Class<?>>map(GoldenTest::load)
          .filter(type -> type.isAnnotationPresent(Revision.class))
          .toList();
    }
  }

  static List<Path> records() throws IOException {
    try (Stream<Path> files = Files.walk(GOLDEN)) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("events")
  void hasAGoldenRecordOfTheRevisionOfEachEvent(Class<?> event) throws IOException {
    assertThat(ofToday(event))
        .as("golden records of revision %s of %s", revision(event), nameOf(event))
        .isNotEmpty();
  }

  /** A field that none of them has was added without one. */
  @ParameterizedTest
  @MethodSource("events")
  void hasEveryFieldOfAnEventInAGoldenRecordOfItsRevision(Class<?> event) throws IOException {
    Set<String> empty = new TreeSet<>();
    Set<String> filled = new TreeSet<>();
    for (Path file : ofToday(event)) {
      collect("", JSON.valueToTree(read(event, file)), empty, filled);
    }
    empty.removeAll(filled);
    assertThat(empty)
        .as("fields of %s that no golden record of revision %s has", nameOf(event), revision(event))
        .isEmpty();
  }

  /** Else what is written today is of another shape than what was released as this revision. */
  @ParameterizedTest
  @MethodSource("events")
  void writesTheFieldsThatItsGoldenRecordsHave(Class<?> event) throws IOException {
    for (Path file : ofToday(event)) {
      Set<String> today = new TreeSet<>();
      Set<String> released = new TreeSet<>();
      collect("", JSON.valueToTree(read(event, file)), new TreeSet<>(), today);
      collect("", JSON.readTree(value(file)), new TreeSet<>(), released);
      assertThat(today).as(file.toString()).isEqualTo(released);
    }
  }

  @ParameterizedTest
  @MethodSource("events")
  void readsAGoldenRecordOfTodayAsItSays(Class<?> event) throws IOException {
    for (Path file : ofToday(event)) {
      assertThat(read(event, file))
          .as(file.toString())
          .isEqualTo(JSON.treeToValue(JSON.readTree(file.toFile()).get("reads"), event));
    }
  }

  @ParameterizedTest
  @MethodSource("records")
  void isNamedAfterTheEventAndTheRevisionInItsHeaders(Path file) throws IOException {
    JsonNode golden = JSON.readTree(file.toFile());
    String type = header(golden, "axon-message-type");
    assertThat(file.getParent().getFileName()).hasToString(nameOf(load(type)));
    assertThat(file.getFileName().toString())
        .matches(header(golden, "axon-message-revision") + "(-[a-z-]+)?\\.json");
    assertThat(golden.get("reads").isObject()).isTrue();
  }

  @Test
  void knowsTheEventsOfBothSides() throws IOException {
    assertThat(events()).hasSizeGreaterThanOrEqualTo(15);
  }

  private static List<Path> ofToday(Class<?> event) throws IOException {
    return records().stream()
        .filter(file -> file.getParent().getFileName().toString().equals(nameOf(event)))
        .filter(file -> file.getFileName().toString().matches(revision(event) + "(-.*)?\\.json"))
        .toList();
  }

  private static Object read(Class<?> event, Path file) throws IOException {
    return JSON.readValue(value(file), event);
  }

  private static String value(Path file) throws IOException {
    return JSON.readTree(file.toFile()).get("value").asText();
  }

  /** Empty is null, and a list without an element, which may have fields. */
  private static void collect(String path, JsonNode node, Set<String> empty, Set<String> filled) {
    if (node.isNull() || (node.isArray() && node.isEmpty())) {
      empty.add(path);
      return;
    }
    filled.add(path);
    if (node.isArray()) {
      node.forEach(element -> collect(path + "[]", element, empty, filled));
    }
    node.properties()
        .forEach(field -> collect(path + "." + field.getKey(), field.getValue(), empty, filled));
  }

  private static String header(JsonNode golden, String name) {
    for (JsonNode header : golden.get("headers")) {
      if (header.get("name").asText().equals(name)) {
        return header.has("text")
            ? header.get("text").asText()
            : new String(HexFormat.of().parseHex(header.get("hex").asText()), UTF_8);
      }
    }
    throw new AssertionError("No header " + name + " in " + golden);
  }

  private static String revision(Class<?> event) {
    return event.getAnnotation(Revision.class).value();
  }

  private static String nameOf(Class<?> event) {
    return Stream.of(event.getName().substring(event.getName().lastIndexOf('.') + 1).split("\\$"))
        .collect(Collectors.joining("."));
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name);
    } catch (ClassNotFoundException e) {
      throw new AssertionError(name, e);
    }
  }
}
