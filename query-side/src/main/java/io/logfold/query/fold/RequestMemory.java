package io.logfold.query.fold;

import io.logfold.api.ingest.RequestId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;

/**
 * Tells a log that was sent again from a new one, by (request, line).
 *
 * <p>A try may reach the log in part, and its tail only after the retry; so lines are remembered,
 * not requests. Of a numbered stream the newest request is remembered, for ever: its sender starts
 * no request before the last one was answered, so an older number is a repeat. An opaque key is
 * remembered for {@link FoldProperties#keyMemory()} of append time. Append time, not this process's
 * clock, decides: a rebuild then drops exactly the repeats that were dropped the first time.
 */
@Component
class RequestMemory {

  private final RequestMemoryTable table;
  private final long keyMemoryMillis;

  RequestMemory(RequestMemoryTable table, FoldProperties properties) {
    this.table = table;
    this.keyMemoryMillis = properties.keyMemory().toMillis();
  }

  /**
   * Picks the logs seen for the first time and remembers them, inside a transaction.
   *
   * @param logs logs of one partition in log order
   */
  List<ReceivedLog> unseen(int part, List<ReceivedLog> logs) {
    Map<String, RequestId> requests = new HashMap<>();
    for (ReceivedLog log : logs) {
      requests.computeIfAbsent(log.event().request(), RequestId::new);
    }
    Map<String, Lines> remembered = load(part, requests.values());
    List<ReceivedLog> unseen = new ArrayList<>(logs.size());
    for (ReceivedLog log : logs) {
      RequestId request = requests.get(log.event().request());
      if (request == null || !request.isKeyed() || isFirst(remembered, request, log)) {
        unseen.add(log);
      }
    }
    save(part, remembered);
    return unseen;
  }

  void clear() {
    table.clear();
  }

  private boolean isFirst(Map<String, Lines> remembered, RequestId request, ReceivedLog log) {
    Lines lines = remembered.computeIfAbsent(nameOf(request), name -> new Lines());
    return lines.add(
        request.sequence().orElse(RequestMemoryTable.OPAQUE),
        log.event().line(),
        log.appended().toEpochMilli());
  }

  private Map<String, Lines> load(int part, Iterable<RequestId> requests) {
    Set<String> streams = new HashSet<>();
    requests.forEach(
        request -> {
          if (request.isKeyed()) {
            streams.add(nameOf(request));
          }
        });
    Map<String, Lines> remembered = new HashMap<>();
    if (!streams.isEmpty()) {
      table.find(part, streams).forEach((stream, row) -> remembered.put(stream, new Lines(row)));
    }
    return remembered;
  }

  /** A key may read like the stream of other requests, and must not be taken for it. */
  private static String nameOf(RequestId request) {
    return (request.isNumbered() ? "stream:" : "key:") + request.stream();
  }

  private void save(int part, Map<String, Lines> remembered) {
    List<RequestMemoryTable.Row> rows = new ArrayList<>();
    long newestOpaque = 0;
    for (Map.Entry<String, Lines> entry : remembered.entrySet()) {
      Lines lines = entry.getValue();
      rows.add(lines.toRow(entry.getKey()));
      if (lines.sequence == RequestMemoryTable.OPAQUE) {
        newestOpaque = Math.max(newestOpaque, lines.appendedMillis);
      }
    }
    if (!rows.isEmpty()) {
      table.save(part, rows);
    }
    if (newestOpaque > 0) {
      table.prune(part, newestOpaque - keyMemoryMillis);
    }
  }

  /** The folded lines of a stream's newest request. */
  private final class Lines {
    private long sequence;
    private long appendedMillis;
    private BitSet folded;

    Lines() {
      this.sequence = RequestMemoryTable.OPAQUE;
      this.folded = new BitSet();
    }

    Lines(RequestMemoryTable.Row row) {
      this.sequence = row.sequence();
      this.appendedMillis = row.appendedMillis();
      this.folded = row.folded();
    }

    boolean add(long requestSequence, int line, long appended) {
      if (requestSequence < sequence) {
        return false;
      }
      if (requestSequence > sequence || isForgotten(appended)) {
        sequence = requestSequence;
        folded = new BitSet();
      }
      appendedMillis = appended;
      boolean first = !folded.get(line);
      folded.set(line);
      return first;
    }

    private boolean isForgotten(long appended) {
      return sequence == RequestMemoryTable.OPAQUE && appended - appendedMillis > keyMemoryMillis;
    }

    RequestMemoryTable.Row toRow(String stream) {
      return new RequestMemoryTable.Row(stream, sequence, appendedMillis, folded);
    }
  }
}
