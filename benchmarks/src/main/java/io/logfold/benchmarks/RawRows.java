package io.logfold.benchmarks;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The limit of the error log: its own rows, by multi-row statements of 1,000 into a table of the
 * same definition, a commit every 10,000, on as many connections as the fold has threads.
 */
final class RawRows {

  private static final int ROWS_A_STATEMENT = 1_000;
  private static final int ROWS_A_COMMIT = 10_000;
  private static final String TABLE = "limits_error_log";
  private static final String SAMPLE = "SELECT * FROM error_log ORDER BY id LIMIT ";

  private final Callable<Connection> connections;
  private final int threads;
  private final List<String> columns = new ArrayList<>();
  private final List<@Nullable Object[]> rows = new ArrayList<>();

  /**
   * Takes a sample of the rows there are.
   *
   * @param connections to the read models' database
   * @param sample rows to write in each run
   */
  RawRows(Callable<Connection> connections, int threads, int sample) throws Exception {
    this.connections = connections;
    this.threads = threads;
    try (Connection connection = connections.call();
        Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery(SAMPLE + sample)) {
      keep(found);
    }
  }

  private void keep(ResultSet found) throws SQLException {
    ResultSetMetaData definition = found.getMetaData();
    for (int i = 1; i <= definition.getColumnCount(); i++) {
      columns.add(definition.getColumnName(i));
    }
    while (found.next()) {
      @Nullable Object[] row = new Object[columns.size()];
      for (int i = 0; i < row.length; i++) {
        row[i] = found.getObject(i + 1);
      }
      rows.add(row);
    }
  }

  /** Writes the sample into an empty table; no CPU time. */
  Speed insert() throws Exception {
    execute("DROP TABLE IF EXISTS " + TABLE);
    execute("CREATE TABLE " + TABLE + " LIKE error_log");
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      long began = System.nanoTime();
      List<Future<Long>> parts = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        List<@Nullable Object[]> part = part(i);
        parts.add(pool.submit(() -> insert(part)));
      }
      long inserted = 0;
      for (Future<Long> part : parts) {
        inserted += part.get();
      }
      return new Speed(inserted, (System.nanoTime() - began) / 1e9, 0);
    } finally {
      pool.shutdown();
      execute("DROP TABLE " + TABLE);
    }
  }

  private List<@Nullable Object[]> part(int number) {
    return rows.subList(rows.size() * number / threads, rows.size() * (number + 1) / threads);
  }

  private long insert(List<@Nullable Object[]> part) throws Exception {
    try (Connection connection = connections.call();
        PreparedStatement statement = connection.prepareStatement(sql())) {
      connection.setAutoCommit(false);
      for (int done = 0; done < part.size(); done += ROWS_A_STATEMENT) {
        List<@Nullable Object[]> next =
            part.subList(done, Math.min(part.size(), done + ROWS_A_STATEMENT));
        insertAtOnce(statement, next);
        if ((done + ROWS_A_STATEMENT) % ROWS_A_COMMIT == 0) {
          connection.commit();
        }
      }
      connection.commit();
      return part.size();
    }
  }

  private static void insertAtOnce(PreparedStatement statement, List<@Nullable Object[]> next)
      throws SQLException {
    for (@Nullable Object[] row : next) {
      for (int i = 0; i < row.length; i++) {
        statement.setObject(i + 1, row[i]);
      }
      statement.addBatch();
    }
    statement.executeBatch();
  }

  private String sql() {
    return "INSERT INTO %s (%s) VALUES (%s)"
        .formatted(
            TABLE,
            String.join(", ", columns),
            String.join(", ", Collections.nCopies(columns.size(), "?")));
  }

  private void execute(String sql) throws Exception {
    try (Connection connection = connections.call();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
