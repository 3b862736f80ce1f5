package io.logfold.query.fold;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLTransactionRollbackException;
import java.sql.SQLTransientConnectionException;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.EmptyResultDataAccessException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.UnexpectedRollbackException;

class BlameTest {

  static Stream<Throwable> ofTheLogs() {
    return Stream.of(
        new IllegalArgumentException("a mistake of ours"),
        new ArithmeticException("long overflow"),
        new StackOverflowError(),
        new EmptyResultDataAccessException(1),
        new DataIntegrityViolationException("of no driver"),
        new DataIntegrityViolationException("", new SQLException("too long", "22001", 1406)),
        new DataIntegrityViolationException("", new BatchUpdateException("", "22003", 1264, null)),
        new DataIntegrityViolationException(
            "", new SQLIntegrityConstraintViolationException("duplicate", "23000", 1062)),
        sql("Incorrect string value", "HY000", 1366),
        sql("Field has no default value", "HY000", 1364));
  }

  static Stream<Throwable> ofTheDatabaseOrKafka() {
    return Stream.of(
        new DataAccessResourceFailureException("Redis is away", new IOException()),
        new QueryTimeoutException("too slow"),
        new CannotAcquireLockException(
            "deadlock", new SQLTransactionRollbackException("deadlock", "40001", 1213)),
        new CannotAcquireLockException(
            "lock wait", new SQLTransactionRollbackException("lock wait", "40001", 1205)),
        new CannotGetJdbcConnectionException(
            "", new SQLTransientConnectionException("no connection", "08S01")),
        new CannotCreateTransactionException("no connection"),
        new UnexpectedRollbackException("marked"),
        new BadSqlGrammarException("", "SELECT", new SQLException("no such table", "42S02", 1146)),
        new BadSqlGrammarException("", "INSERT", new SQLException("denied", "42000", 1142)),
        sql("The table is full", "HY000", 1114),
        sql("Disk full", "HY000", 1021),
        sql("running with --read-only", "HY000", 1290),
        sql("read only transaction", "25006", 1792),
        sql("Lock wait timeout", "HY000", 1205),
        sql("no state at all", null, 0),
        new jakarta.persistence.PersistenceException("no session"),
        new IllegalStateException(new TimeoutException("Kafka")),
        new IllegalStateException(new InterruptedException()));
  }

  @ParameterizedTest
  @MethodSource("ofTheLogs")
  void blamesTheLogsForWhatFailsAgainHoweverOften(Throwable failure) {
    assertThat(Blame.isOnLogs(failure)).isTrue();
    assertThat(Blame.isOnLogs(new IllegalStateException(failure))).isTrue();
  }

  @ParameterizedTest
  @MethodSource("ofTheDatabaseOrKafka")
  void blamesNoLogForWhatIsAway(Throwable failure) {
    assertThat(Blame.isOnLogs(failure)).isFalse();
    assertThat(Blame.isOnLogs(new IllegalStateException(failure))).isFalse();
  }

  @Test
  void blamesNoLogWhileTheProcessStops() {
    Thread.currentThread().interrupt();
    try {
      assertThat(Blame.isOnLogs(new IllegalArgumentException())).isFalse();
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void endsWithCausesThatGoRoundInACircle() {
    IllegalStateException first = new IllegalStateException();
    first.initCause(new IllegalArgumentException(first));
    assertThat(Blame.isOnLogs(first)).isTrue();
  }

  private static UncategorizedSQLException sql(String reason, String state, int code) {
    return new UncategorizedSQLException("", "INSERT", new SQLException(reason, state, code));
  }
}
