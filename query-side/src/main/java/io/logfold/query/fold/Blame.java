package io.logfold.query.fold;

import jakarta.persistence.PersistenceException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.springframework.dao.InvalidDataAccessResourceUsageException;
import org.springframework.dao.NonTransientDataAccessResourceException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.dao.UncategorizedDataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Why folding failed: for the sake of a log, which fails each time and stops everything behind it,
 * or because of the database or Kafka, which are back some time. A database that says neither is
 * taken for ill: to stop is mended by an operator, to set aside a log that is sound is a loss.
 */
final class Blame {

  /** SQLSTATE class of a value that fits no column. */
  private static final String DATA = "22";

  /** SQLSTATE class of a row that breaks a constraint. */
  private static final String CONSTRAINT = "23";

  /**
   * MySQL's and MariaDB's codes of a value that fits no column, where SQLSTATE does not say so: no
   * default, truncated, not of the character set.
   */
  private static final Set<Integer> MYSQL_DATA = Set.of(1364, 1265, 1366);

  /** Where no SQLException says more. */
  private static final List<Class<? extends RuntimeException>> ON_THE_DATABASE =
      List.of(
          TransactionException.class,
          PersistenceException.class,
          TransientDataAccessException.class,
          RecoverableDataAccessException.class,
          NonTransientDataAccessResourceException.class,
          InvalidDataAccessResourceUsageException.class,
          UncategorizedDataAccessException.class);

  private Blame() {}

  /** Whether the logs are to blame, or our own code, which for these logs comes to the same. */
  static boolean isOnLogs(Throwable failure) {
    List<Throwable> causes = causesOf(failure);
    if (Thread.currentThread().isInterrupted() || causes.stream().anyMatch(Blame::isBeyondUs)) {
      return false;
    }
    // What wraps an SQLException says less than it does.
    return causes.stream()
        .filter(SQLException.class::isInstance)
        .map(SQLException.class::cast)
        .findFirst()
        .map(Blame::isOnLogs)
        .orElseGet(() -> causes.stream().noneMatch(Blame::isOnTheDatabase));
  }

  private static List<Throwable> causesOf(Throwable failure) {
    List<Throwable> causes = new ArrayList<>();
    Throwable cause = failure;
    while (cause != null && !causes.contains(cause)) {
      causes.add(cause);
      cause = cause.getCause();
    }
    return causes;
  }

  private static boolean isOnLogs(SQLException failure) {
    String state = failure.getSQLState() == null ? "" : failure.getSQLState();
    return state.startsWith(DATA)
        || state.startsWith(CONSTRAINT)
        || MYSQL_DATA.contains(failure.getErrorCode());
  }

  private static boolean isBeyondUs(Throwable cause) {
    return cause instanceof InterruptedException || cause instanceof KafkaException;
  }

  private static boolean isOnTheDatabase(Throwable cause) {
    return ON_THE_DATABASE.stream().anyMatch(type -> type.isInstance(cause));
  }
}
