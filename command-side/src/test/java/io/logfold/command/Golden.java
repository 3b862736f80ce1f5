package io.logfold.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/**
 * A record of Kafka as some release wrote it, kept in {@code api-contracts}.
 *
 * @param event the simple name of its class
 * @param revision of the event, and what else tells it from others
 */
public record Golden(String event, String revision, JsonNode content) {

  private static final Path FOLDER = Path.of("../api-contracts/src/test/resources/golden");

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .registerModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS);

  /** All whose event's name begins so, such as {@code ThresholdEvent.}. */
  public static List<Golden> of(String prefix) {
    try (Stream<Path> files = Files.walk(FOLDER)) {
      return files
          .filter(file -> file.toString().endsWith(".json"))
          .filter(file -> file.getParent().getFileName().toString().startsWith(prefix))
          .sorted()
          .map(Golden::read)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Golden read(Path file) {
    try {
      String name = file.getFileName().toString();
      return new Golden(
          file.getParent().getFileName().toString(),
          name.substring(0, name.length() - ".json".length()),
          JSON.readTree(file.toFile()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String key() {
    return content.get("key").asText(null);
  }

  public Headers headers() {
    RecordHeaders headers = new RecordHeaders();
    for (JsonNode header : content.get("headers")) {
      byte[] value =
          header.has("text")
              ? header.get("text").asText().getBytes(UTF_8)
              : HexFormat.of().parseHex(header.get("hex").asText());
      headers.add(header.get("name").asText(), value);
    }
    return headers;
  }

  public byte[] value() {
    return content.get("value").asText().getBytes(UTF_8);
  }

  /** What today's program makes of it. */
  public <T> T reads(Class<T> type) {
    try {
      return JSON.treeToValue(content.get("reads"), type);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As Kafka brings it, with another value. */
  public ConsumerRecord<String, byte[]> record(byte[] value) {
    return new ConsumerRecord<>(
        "golden",
        0,
        0,
        0,
        TimestampType.CREATE_TIME,
        0,
        value.length,
        key(),
        value,
        headers(),
        Optional.empty());
  }

  @Override
  public String toString() {
    return event + " " + revision;
  }
}
