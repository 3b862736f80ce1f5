package io.logfold.query.fold;

import jakarta.persistence.EntityManager;
import java.sql.Connection;
import java.sql.Savepoint;
import org.hibernate.Session;
import org.springframework.stereotype.Component;

/** Parts of a transaction that can be undone alone. JPA's own transactions know of none. */
@Component
class Savepoints {

  private final EntityManager entities;

  Savepoints(EntityManager entities) {
    this.entities = entities;
  }

  /** Does work within the caller's transaction; if it fails, none of it was done. */
  void within(Runnable work) {
    Session session = entities.unwrap(Session.class);
    Savepoint before = session.doReturningWork(Connection::setSavepoint);
    try {
      work.run();
    } catch (RuntimeException | StackOverflowError e) {
      // If that fails too, the database is away: its failure is the one that counts.
      session.doWork(connection -> connection.rollback(before));
      throw e;
    }
    session.doWork(connection -> connection.releaseSavepoint(before));
  }
}
