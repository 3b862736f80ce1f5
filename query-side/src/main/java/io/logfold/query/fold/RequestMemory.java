package io.logfold.query.fold;

import io.logfold.api.ingest.RequestId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Tells a log that was sent again from a new one, by (request, line).
 *
 * <p>A try may reach the log in part, and its tail only after the retry; so lines are remembered,
 * not requests. Of a numbered stream the newest request is remembered, for ever: its sender starts
 * no request before the last one was answered, so an older number is a repeat. An opaque key is
 * remembered for {@link FoldProperties#keyMemory()} of append time, and until {@link
 * FoldProperties#maxKeysPerPartition()} other keys came after it. Append time and the order of the
 * log decide, not this process's clock: a rebuild then drops exactly the repeats that were dropped
 * the first time.
 *
 * <p>What was used lately is kept in memory too, valid as long as nobody else wrote: {@link
 * #forget}.
 */
@Component
class RequestMemory {

  /** Streams and keys of each partition at hand; some 300 bytes each, more for long requests. */
  private static final int AT_HAND = 4_000;

  private final RequestMemoryTable table;
  private final long keyMemoryMillis;
  private final long maxKeys;
  private final Map<Integer, PartMemory> memories = new ConcurrentHashMap<>();

  RequestMemory(RequestMemoryTable table, FoldProperties properties) {
    this.table = table;
    this.keyMemoryMillis = properties.keyMemory().toMillis();
    this.maxKeys = properties.maxKeysPerPartition();
  }

  /**
   * Says of each arrival whether it is {@link LedgerEntry#UNIQUE}, {@link LedgerEntry#DUPLICATE},
   * {@link LedgerEntry#KEY_REUSED} or {@link LedgerEntry#UNREADABLE}, and remembers it, inside a
   * transaction.
   *
   * @param arrivals those of a partition in log order, one partition after the other
   * @return an entry for each, in the same order
   */
  List<LedgerEntry> judge(List<Arrival> arrivals) {
    List<LedgerEntry> entries = new ArrayList<>(arrivals.size());
    for (int from = 0; from < arrivals.size(); from = entries.size()) {
      int part = arrivals.get(from).part();
      int to = from;
      while (to < arrivals.size() && arrivals.get(to).part() == part) {
        to++;
      }
      memories.computeIfAbsent(part, PartMemory::new).judge(arrivals.subList(from, to), entries);
    }
    return entries;
  }

  /**
   * Says of an arrival that was passed over when it was its turn what it would have been, and
   * remembers it, inside a transaction. Of a request that is no longer remembered it is taken for
   * unique: whether a copy of it was, the caller must know.
   */
  LedgerEntry judgeLate(Arrival arrival) {
    return memories.computeIfAbsent(arrival.part(), PartMemory::new).judgeLate(arrival);
  }

  /** Drops what is at hand of a partition: a transaction failed or another process wrote. */
  void forget(int part) {
    memories.remove(part);
  }

  void clear() {
    table.clear();
    memories.clear();
  }

  /** Used by one segment at a time. */
  private final class PartMemory {

    private final int part;
    private final LinkedHashMap<String, Lines> atHand = new LinkedHashMap<>(64, 0.75f, true);
    private long keysSeen = -1;

    PartMemory(int part) {
      this.part = part;
    }

    void judge(List<Arrival> arrivals, List<LedgerEntry> entries) {
      Map<String, RequestId> requests = requests(arrivals);
      load(requests.values());
      Set<Lines> touched = new LinkedHashSet<>();
      String lastRequest = "";
      Lines lines = null;
      for (Arrival arrival : arrivals) {
        String request = arrival.request();
        if (request == null) {
          entries.add(LedgerEntry.UNREADABLE);
          continue;
        }
        if (!request.equals(lastRequest)) {
          lastRequest = request;
          lines = linesOf(requests.get(request));
        }
        if (lines == null) {
          entries.add(LedgerEntry.UNIQUE);
        } else {
          entries.add(lines.judge(requests.get(request), arrival));
          touched.add(lines);
        }
      }
      save(touched);
      putAwayTheOldest();
    }

    LedgerEntry judgeLate(Arrival arrival) {
      Map<String, RequestId> requests = requests(List.of(arrival));
      load(requests.values());
      Lines lines = linesOf(requests.get(arrival.request()));
      if (lines == null || lines.isPast(requests.get(arrival.request()))) {
        return LedgerEntry.UNIQUE;
      }
      LedgerEntry entry = lines.judge(requests.get(arrival.request()), arrival);
      save(Set.of(lines));
      return entry;
    }

    private Map<String, RequestId> requests(List<Arrival> arrivals) {
      Map<String, RequestId> requests = new HashMap<>();
      String last = "";
      for (Arrival arrival : arrivals) {
        String request = arrival.request();
        if (request != null && !request.equals(last)) {
          requests.computeIfAbsent(request, RequestId::new);
          last = request;
        }
      }
      return requests;
    }

    private void load(Iterable<RequestId> requests) {
      Set<String> missing = new HashSet<>();
      for (RequestId request : requests) {
        if (request.isKeyed() && !atHand.containsKey(nameOf(request))) {
          missing.add(nameOf(request));
        }
      }
      if (!missing.isEmpty()) {
        table.find(part, missing).forEach(row -> atHand.put(row.stream(), new Lines(row)));
      }
    }

    /** What is remembered of a request's stream or key, or null for a request without a key. */
    private @Nullable Lines linesOf(@Nullable RequestId request) {
      return request == null || !request.isKeyed()
          ? null
          : atHand.computeIfAbsent(nameOf(request), Lines::new);
    }

    private void save(Set<Lines> touched) {
      if (touched.isEmpty()) {
        return;
      }
      table.save(part, touched.stream().map(Lines::toRow).toList());
      long newestKey = 0;
      for (Lines lines : touched) {
        if (lines.isOpaque()) {
          newestKey = Math.max(newestKey, lines.appendedMillis);
        }
      }
      if (newestKey > 0) {
        table.prune(part, newestKey - keyMemoryMillis, keysSeen() - maxKeys);
      }
    }

    private void putAwayTheOldest() {
      var oldest = atHand.entrySet().iterator();
      for (int surplus = atHand.size() - AT_HAND; surplus > 0; surplus--) {
        oldest.next();
        oldest.remove();
      }
    }

    /** The sequence of a key that is seen for the first time. */
    private long nextKey() {
      keysSeen = keysSeen() + 1;
      return -keysSeen;
    }

    private long keysSeen() {
      if (keysSeen < 0) {
        keysSeen = table.keysSeen(part);
      }
      return keysSeen;
    }

    /** The folded lines of a stream's newest request, or of a key's. */
    private final class Lines {

      private final String name;
      private long sequence;
      private long appendedMillis;
      private @Nullable String body;
      private BitSet folded;

      /** Of which nothing is remembered. */
      Lines(String name) {
        this.name = name;
        this.sequence = RequestMemoryTable.NONE;
        this.folded = new BitSet();
      }

      Lines(RequestMemoryTable.Row row) {
        this.name = row.stream();
        this.sequence = row.sequence();
        this.appendedMillis = row.appendedMillis();
        this.body = row.body();
        this.folded = row.folded();
      }

      LedgerEntry judge(@Nullable RequestId request, Arrival arrival) {
        long appended = arrival.appended().toEpochMilli();
        long number = request == null ? -1 : request.sequence().orElse(-1);
        if (number >= 0 && number < sequence) {
          return LedgerEntry.DUPLICATE;
        }
        if (number >= 0 ? number > sequence : isForgotten(appended)) {
          begin(number >= 0 ? number : nextKey(), arrival.body());
        } else if (isOtherBody(arrival.body())) {
          return LedgerEntry.KEY_REUSED;
        }
        appendedMillis = Math.max(appendedMillis, appended);
        return isFirst(arrival.line()) ? LedgerEntry.UNIQUE : LedgerEntry.DUPLICATE;
      }

      boolean isOpaque() {
        return sequence < 0;
      }

      /** Whether later requests of the stream came after it. */
      boolean isPast(@Nullable RequestId request) {
        return request != null && request.sequence().orElse(Long.MAX_VALUE) < sequence;
      }

      private void begin(long newSequence, @Nullable String newBody) {
        sequence = newSequence;
        body = newBody;
        folded = new BitSet();
      }

      private boolean isForgotten(long appended) {
        return sequence == RequestMemoryTable.NONE
            || appended - appendedMillis > keyMemoryMillis
            || -sequence <= keysSeen() - maxKeys;
      }

      private boolean isOtherBody(@Nullable String other) {
        return body != null && other != null && !body.equals(other);
      }

      private boolean isFirst(int line) {
        boolean first = !folded.get(line);
        folded.set(line);
        return first;
      }

      RequestMemoryTable.Row toRow() {
        return new RequestMemoryTable.Row(name, sequence, appendedMillis, body, folded);
      }
    }
  }

  /** A key may read like the stream of other requests, and must not be taken for it. */
  private static String nameOf(RequestId request) {
    return (request.isNumbered() ? "stream:" : "key:") + request.stream();
  }
}
