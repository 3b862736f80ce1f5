package io.logfold.query.routes;

import io.logfold.api.AccessLog;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A partition's rows of a generation. What a transaction adds to them is a record of the journal,
 * written with it; the rows are written whole, and only when the journal has grown for a while:
 * where there are many routes, nearly every log of a transaction is another row's.
 *
 * <p>Rows that were used lately are kept in memory, so that a sketch is read back only after it was
 * put away. Not thread-safe.
 */
final class PartRows {

  /** Some 2 KB each when well filled. */
  private static final int MAX_ROWS = 4_096;

  /** Whoever reads rows reads all of the journal. */
  private static final int MAX_RECORDS = 2_000;

  private static final int MAX_BYTES = 512 * 1024;

  private final int generation;
  private final int part;
  private final RouteTable table;
  private final RouteJournalTable journal;
  private final Duration writeEvery;
  private final Clock clock;
  private final Map<RouteRow, Row> rows = new LinkedHashMap<>(64, 0.75f, true);

  /** Minutes of which every row there is is open: what is not, has had no requests yet. */
  private final Set<Long> whole = new HashSet<>();

  /** The rows that the journal adds to, by their numbers in it. */
  private final List<Row> journaled = new ArrayList<>();

  private boolean begun;
  private int records;
  private int bytes;
  private long writtenMillis;

  /**
   * @param writeEvery how long the journal grows at most
   */
  PartRows(
      int generation,
      int part,
      RouteTable table,
      RouteJournalTable journal,
      Duration writeEvery,
      Clock clock) {
    this.generation = generation;
    this.part = part;
    this.table = table;
    this.journal = journal;
    this.writeEvery = writeEvery;
    this.clock = clock;
  }

  /** A row in memory, and its number in the journal. */
  private static final class Row {

    private static final int NONE = -1;

    private final RouteRow key;
    private final RouteFigures figures;
    private int number = NONE;

    Row(RouteRow key, RouteFigures figures) {
      this.key = key;
      this.figures = figures;
    }

    boolean isJournaled() {
      return number != NONE;
    }
  }

  /**
   * Counts logs of a transaction, in it.
   *
   * @param oldest the oldest minute that is kept; older rows are not written any more
   */
  void add(Map<RouteRow, List<AccessLog>> logs, long oldest) {
    if (!begun) {
      writeJournal(oldest);
    }
    readBack(logs.keySet());
    JournalRecord record = new JournalRecord();
    logs.forEach((row, its) -> add(row, its, record));
    if (isTimeToWrite()) {
      write(oldest);
    } else if (!logs.isEmpty()) {
      append(record);
    }
    putAwayTheOldest();
  }

  private void add(RouteRow key, List<AccessLog> logs, JournalRecord record) {
    Row row = row(key);
    boolean isNew = !row.isJournaled();
    number(row);
    record.add(key, row.number, isNew, logs);
    for (AccessLog log : logs) {
      row.figures.add(log.status(), log.latencyMicros());
    }
  }

  private Row row(RouteRow key) {
    return rows.computeIfAbsent(key, each -> new Row(each, new RouteFigures()));
  }

  private void number(Row row) {
    if (!row.isJournaled()) {
      row.number = journaled.size();
      journaled.add(row);
    }
  }

  /** Writes what an earlier writer left in the journal, before anything else is done. */
  void writeJournal(long oldest) {
    Map<RouteRow, RouteFigures> left = new HashMap<>();
    JournalRecord.Reader reader =
        new JournalRecord.Reader(part, row -> left.computeIfAbsent(row, key -> new RouteFigures()));
    List<byte[]> found = journal.find(generation, part);
    found.forEach(reader::read);
    records = found.size();
    readBack(left.keySet());
    left.forEach(
        (key, added) -> {
          Row row = row(key);
          row.figures.merge(added);
          number(row);
        });
    write(oldest);
    begun = true;
  }

  private boolean isTimeToWrite() {
    return records >= MAX_RECORDS
        || bytes >= MAX_BYTES
        || journaled.size() >= MAX_ROWS
        || clock.millis() - writtenMillis >= writeEvery.toMillis();
  }

  private void append(JournalRecord record) {
    journal.add(generation, part, records, record);
    records++;
    bytes += record.bytes();
  }

  private void write(long oldest) {
    Map<RouteRow, RouteFigures> written = new LinkedHashMap<>();
    for (Row row : journaled) {
      row.number = Row.NONE;
      if (row.key.minute() >= oldest) {
        written.put(row.key, row.figures);
      }
    }
    table.save(generation, written);
    if (records > 0) {
      journal.delete(generation, part);
    }
    journaled.clear();
    records = 0;
    bytes = 0;
    writtenMillis = clock.millis();
  }

  /** What is in the journal stays. */
  private void putAwayTheOldest() {
    var oldest = rows.entrySet().iterator();
    for (int surplus = rows.size() - MAX_ROWS; surplus > 0 && oldest.hasNext(); ) {
      Map.Entry<RouteRow, Row> row = oldest.next();
      if (!row.getValue().isJournaled()) {
        whole.remove(row.getKey().minute());
        oldest.remove();
        surplus--;
      }
    }
  }

  private void readBack(Collection<RouteRow> wanted) {
    Map<Long, List<RouteRow>> closed = new HashMap<>();
    for (RouteRow row : wanted) {
      if (!whole.contains(row.minute()) && !rows.containsKey(row)) {
        closed.computeIfAbsent(row.minute(), minute -> new ArrayList<>()).add(row);
      }
    }
    closed.forEach(
        (minute, missing) -> {
          if (table.hasRows(generation, minute, part)) {
            table
                .find(generation, minute, part, missing)
                .forEach((row, figures) -> rows.put(row, new Row(row, figures)));
          } else {
            whole.add(minute);
          }
        });
  }
}
