package io.logfold.benchmarks;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Takes every field out of a record's JSON, names and values, and keeps none: what reading a log
 * costs at least. Not thread-safe.
 */
final class LogFields {

  private final JsonFactory json = new JsonFactory();
  private long seen;

  void read(ConsumerRecord<String, byte[]> record) {
    try (JsonParser parser = json.createParser(record.value())) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        seen += take(parser, token);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Something of every value, so that no reading is dead code. */
  long seen() {
    return seen;
  }

  private static long take(JsonParser parser, JsonToken token) throws IOException {
    return switch (token) {
      case FIELD_NAME -> parser.currentName().length();
      case VALUE_STRING -> parser.getText().length();
      case VALUE_NUMBER_INT -> parser.getLongValue();
      case VALUE_NUMBER_FLOAT -> (long) parser.getDoubleValue();
      default -> 1;
    };
  }
}
