package io.logfold.query.fold;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.logfold.api.ingest.LogReceived;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.axonframework.serialization.Revision;

/** The headers that say of a record that it is a {@link LogReceived} of today's revision. */
final class LogHeaders {

  private static final String ID = org.axonframework.messaging.Headers.MESSAGE_ID;
  private static final String TYPE = org.axonframework.messaging.Headers.MESSAGE_TYPE;
  private static final String REVISION = org.axonframework.messaging.Headers.MESSAGE_REVISION;
  private static final String TIMESTAMP = org.axonframework.messaging.Headers.MESSAGE_TIMESTAMP;

  private static final byte[] OUR_TYPE = LogReceived.class.getName().getBytes(UTF_8);
  private static final byte[] OUR_REVISION =
      LogReceived.class.getAnnotation(Revision.class).value().getBytes(UTF_8);

  private LogHeaders() {}

  /**
   * Headers of a log whose own were not kept, as far as the converter asks for them when it shall
   * say what is wrong with a record.
   */
  static Headers ofToday() {
    return new RecordHeaders(
        List.of(
            new RecordHeader(ID, "(not kept)".getBytes(UTF_8)),
            new RecordHeader(REVISION, OUR_REVISION),
            new RecordHeader(TIMESTAMP, new byte[Long.BYTES]),
            new RecordHeader(TYPE, OUR_TYPE)));
  }

  static boolean areOfToday(Headers headers) {
    return areInOurOrder(headers.toArray()) || areThere(headers);
  }

  /**
   * Whether the headers stand where the receiver puts them: id, revision, timestamp, type. A name
   * is decoded as it is asked for, which takes long for each record; a value is compared as it is.
   */
  private static boolean areInOurOrder(Header[] headers) {
    return headers.length == 4
        && Arrays.equals(headers[3].value(), OUR_TYPE)
        && Arrays.equals(headers[1].value(), OUR_REVISION)
        && headers[1].key().equals(REVISION);
  }

  private static boolean areThere(Headers headers) {
    boolean type = false;
    boolean revision = false;
    boolean id = false;
    for (Header header : headers) {
      switch (header.key()) {
        case org.axonframework.messaging.Headers.MESSAGE_TYPE ->
            type = Arrays.equals(header.value(), OUR_TYPE);
        case org.axonframework.messaging.Headers.MESSAGE_REVISION ->
            revision = Arrays.equals(header.value(), OUR_REVISION);
        case org.axonframework.messaging.Headers.MESSAGE_ID -> id = true;
        default -> {}
      }
    }
    return type && revision && id;
  }
}
