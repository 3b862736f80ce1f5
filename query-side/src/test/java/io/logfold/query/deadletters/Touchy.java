package io.logfold.query.deadletters;

import io.logfold.api.AccessLog;
import io.logfold.query.fold.CarryOver;
import io.logfold.query.fold.GenerationDiff;
import io.logfold.query.fold.GenerationWriter;
import io.logfold.query.fold.LogProjection;
import io.logfold.query.fold.ReceivedLog;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * A projection that fails for the paths that begin with {@code /poison}, as long as a test wants it
 * to. It counts logs and latency, a row a partition, and keeps its rows in memory as others do.
 */
class Touchy implements LogProjection {

  static final String NAME = "touchy";

  private record Sum(long logs, long micros) {}

  private final JdbcTemplate jdbc;
  private volatile @Nullable RuntimeException failure;
  private volatile boolean failsToTake;

  /** Attempts to fold that failed. */
  final AtomicInteger failures = new AtomicInteger();

  Touchy(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
    jdbc.execute(
        "CREATE TABLE touchy (generation INT, part INT, logs BIGINT, micros BIGINT, PRIMARY KEY (generation, part))");
  }

  void failWith(@Nullable RuntimeException newFailure) {
    failure = newFailure;
    failsToTake = false;
    failures.set(0);
  }

  void failToTakeWith(RuntimeException newFailure) {
    failWith(newFailure);
    failsToTake = true;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String rule() {
    return "all but DELETE";
  }

  @Override
  public void clear(int generation) {
    jdbc.update("DELETE FROM touchy WHERE generation = ?", generation);
  }

  @Override
  public GenerationDiff compare(int before, int after) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void carryOver(CarryOver lost, GenerationWriter writer) {
    throw new UnsupportedOperationException();
  }

  @Override
  public GenerationWriter writer(int generation, String rule) {
    return new Writer(generation);
  }

  private void fail(AccessLog log) {
    RuntimeException wanted = failure;
    if (wanted != null && log.path().startsWith("/poison")) {
      failures.incrementAndGet();
      throw wanted;
    }
  }

  private final class Writer implements GenerationWriter {

    private final int generation;
    private final Map<Integer, Sum> open = new ConcurrentHashMap<>();

    Writer(int generation) {
      this.generation = generation;
    }

    @Override
    public boolean takes(AccessLog log) {
      if (failsToTake) {
        fail(log);
      }
      return !log.method().equals("DELETE");
    }

    /** Changes what it has in memory before it fails, and the table too. */
    @Override
    public void fold(List<ReceivedLog> logs) {
      Map<Integer, Sum> touched = new HashMap<>();
      for (ReceivedLog received : logs) {
        Sum known = open.computeIfAbsent(received.part(), this::stored);
        Sum sum = new Sum(known.logs() + 1, known.micros() + received.log().latencyMicros());
        open.put(received.part(), sum);
        touched.put(received.part(), sum);
      }
      touched.forEach(this::save);
      logs.forEach(received -> fail(received.log()));
    }

    @Override
    public void forget(int part) {
      open.remove(part);
    }

    private Sum stored(int part) {
      return jdbc
          .query(
              "SELECT logs, micros FROM touchy WHERE generation = ? AND part = ?",
              (row, number) -> new Sum(row.getLong(1), row.getLong(2)),
              generation,
              part)
          .stream()
          .findFirst()
          .orElse(new Sum(0, 0));
    }

    private void save(int part, Sum sum) {
      jdbc.update(
          "INSERT INTO touchy VALUES (?, ?, ?, ?) ON DUPLICATE KEY UPDATE logs = VALUES(logs), micros = VALUES(micros)",
          generation,
          part,
          sum.logs(),
          sum.micros());
    }
  }
}
