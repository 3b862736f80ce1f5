package io.logfold.query.deadletters;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.logfold.api.deadletters.DeadLetterList;
import io.logfold.api.deadletters.DeadLetterRecord;
import io.logfold.api.deadletters.DeadLetterReport;
import io.logfold.api.deadletters.FindDeadLetter;
import io.logfold.api.deadletters.FindDeadLetters;
import io.logfold.query.fold.DeadLetterTable;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.axonframework.queryhandling.QueryHandler;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Answers what was kept aside; never from a cache, since it is asked in doubt. */
@Component
class DeadLetterQueries {

  private final DeadLetterTable table;
  private final Clock clock;

  DeadLetterQueries(DeadLetterTable table, Clock clock) {
    this.table = table;
    this.clock = clock;
  }

  @QueryHandler
  @Transactional(readOnly = true)
  public DeadLetterList handle(FindDeadLetters query) {
    List<DeadLetterReport> found = table.find(query);
    boolean more = found.size() > query.limit();
    List<DeadLetterReport> page = more ? found.subList(0, query.limit()) : found;
    return new DeadLetterList(page, more ? page.get(page.size() - 1).id() : null, clock.instant());
  }

  @QueryHandler
  @Transactional(readOnly = true)
  public Optional<DeadLetterRecord> handle(FindDeadLetter query) {
    return table.find(query.id()).map(DeadLetterQueries::whole);
  }

  private static DeadLetterRecord whole(DeadLetterTable.Row row) {
    List<DeadLetterRecord.Header> headers = new ArrayList<>();
    for (Header header : row.record().headers()) {
      headers.add(
          new DeadLetterRecord.Header(header.key(), base64(header.value()), text(header.value())));
    }
    byte[] value = row.record().value();
    return new DeadLetterRecord(row.letter(), headers, base64(value), text(value));
  }

  private static @Nullable String base64(byte @Nullable [] bytes) {
    return bytes == null ? null : Base64.getEncoder().encodeToString(bytes);
  }

  /** Null where a reader would see no text. */
  private static @Nullable String text(byte @Nullable [] bytes) {
    if (bytes == null) {
      return null;
    }
    try {
      String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.chars().allMatch(DeadLetterQueries::isPrintable) ? text : null;
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  private static boolean isPrintable(int character) {
    return !Character.isISOControl(character) || Character.isWhitespace(character);
  }
}
