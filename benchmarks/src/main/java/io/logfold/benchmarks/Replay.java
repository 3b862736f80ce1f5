package io.logfold.benchmarks;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The whole log folded once more by a fresh query side on an empty database. */
final class Replay {

  private static final Duration START_LIMIT = Duration.ofMinutes(3);
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Rig rig;
  private final Child querySide;

  Replay(Rig rig, Child querySide) {
    this.rig = rig;
    this.querySide = querySide;
  }

  /**
   * Runs until the log's end is folded. The clock starts at the first commit that is seen.
   *
   * @param records on the log
   */
  Speed run(long records) throws SQLException, InterruptedException {
    emptyTheDatabase();
    querySide.start();
    try (FoldPositions positions = new FoldPositions(rig.connectToQueryDatabase())) {
      Waiting.until(START_LIMIT, () -> positions.folded() > 0, () -> querySide.tail());
      CpuTimes before = CpuTimes.of(processes());
      long began = System.nanoTime();
      long already = positions.folded();
      long ended = positions.await(records, PATIENCE);
      CpuTimes used = CpuTimes.of(processes()).since(before);
      return new Speed(records - already, (ended - began) / 1e9, used.total());
    }
  }

  private List<Child> processes() {
    List<Child> processes = new ArrayList<>(List.of(querySide, rig.kafka()));
    Child database = rig.database();
    if (database != null) {
      processes.add(database);
    }
    return processes;
  }

  private void emptyTheDatabase() throws SQLException {
    try (Connection connection = rig.connectToQueryDatabase();
        Statement statement = connection.createStatement()) {
      statement.execute("DROP DATABASE " + connection.getCatalog());
    }
  }
}
