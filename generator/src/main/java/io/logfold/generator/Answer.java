package io.logfold.generator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.BitSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What came back from one try.
 *
 * @param status HTTP status; 0 when there was no answer
 * @param text the answer's body, or how the try broke
 * @param retryAfterNanos how long the receiver asks to wait; negative when it does not say
 */
record Answer(int status, String text, long retryAfterNanos) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<Integer> TRANSIENT = Set.of(0, 408, 429, 502, 503, 504);
  private static final int EXCERPT = 200;

  static Answer broken(String how) {
    return new Answer(0, how, -1);
  }

  boolean isSuccess() {
    return status >= 200 && status < 300;
  }

  /** Whether the same request may well succeed later. */
  boolean isTransient() {
    return TRANSIENT.contains(status);
  }

  /** For the report: the status and what the receiver says about it, on one line. */
  String describe() {
    String start = text.length() > EXCERPT ? text.substring(0, EXCERPT) : text;
    return (status == 0 ? "no answer" : Integer.toString(status))
        + ": "
        + start.replaceAll("\\p{Cntrl}+", " ").strip();
  }

  /**
   * How many of a request's logs were accepted.
   *
   * @param rejectedLines which were not, counted from 0; null when the answer does not name all
   */
  record Receipt(int accepted, int rejected, @Nullable BitSet rejectedLines) {}

  /**
   * Reads a success. An answer without counts, such as the seed's, means that all were accepted.
   * Null when the counts do not add up to what was sent: then nobody knows.
   */
  @Nullable Receipt receipt(int sent) {
    JsonNode body = json();
    if (!body.has("accepted")) {
      return new Receipt(sent, 0, new BitSet());
    }
    long accepted = body.path("accepted").asLong(-1);
    long rejected = body.path("rejected").asLong(0);
    if (accepted < 0 || rejected < 0 || accepted + rejected != sent) {
      return null;
    }
    return new Receipt((int) accepted, (int) rejected, lines(body, (int) rejected, sent));
  }

  private static @Nullable BitSet lines(JsonNode body, int rejected, int sent) {
    BitSet lines = new BitSet();
    for (JsonNode error : body.path("errors")) {
      int line = error.path("line").asInt(0);
      if (line >= 1 && line <= sent) {
        lines.set(line - 1);
      }
    }
    return lines.cardinality() == rejected ? lines : null;
  }

  private JsonNode json() {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      return JSON.missingNode();
    }
  }
}
