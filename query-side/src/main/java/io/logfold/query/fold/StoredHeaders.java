package io.logfold.query.fold;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** A record's headers as a column holds them: JSON in ASCII, with the values in base64. */
final class StoredHeaders {

  /** More than that is a mistake, or meant to hurt; the headers beyond it are not kept. */
  private static final int MAX_CHARACTERS = 1_000_000;

  private static final TypeReference<List<Stored>> LIST = new TypeReference<>() {};

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private StoredHeaders() {}

  private record Stored(String name, @Nullable String base64) {

    static Stored of(Header header) {
      byte[] value = header.value();
      return new Stored(
          header.key(), value == null ? null : Base64.getEncoder().encodeToString(value));
    }

    /** Six, since that is what a character needs that is not ASCII. */
    long characters() {
      return 6L * name.length() + (base64 == null ? 0 : base64.length());
    }

    Header header() {
      return new RecordHeader(name, base64 == null ? null : Base64.getDecoder().decode(base64));
    }
  }

  static String write(Headers headers) {
    List<Stored> kept = new ArrayList<>();
    long characters = 0;
    for (Header header : headers) {
      Stored stored = Stored.of(header);
      characters += stored.characters();
      if (characters <= MAX_CHARACTERS) {
        kept.add(stored);
      }
    }
    try {
      return JSON.writeValueAsString(kept);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Headers that are no JSON: " + kept, e);
    }
  }

  static Headers read(String json) {
    try {
      RecordHeaders headers = new RecordHeaders();
      JSON.readValue(json, LIST).forEach(stored -> headers.add(stored.header()));
      return headers;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("No headers: " + json, e);
    }
  }
}
