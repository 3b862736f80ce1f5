package io.logfold.command.telling;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.ListCrudRepository;
import org.springframework.transaction.annotation.Transactional;

/**
 * What is to be told and what was. Several command sides work on it at once: every change says
 * which row it expects, and answers how many it found, one or none.
 */
interface Deliveries extends ListCrudRepository<Delivery, String> {

  String LISTED =
      "select new io.logfold.command.telling.ListedDelivery(d.id, d.incidentId, d.what, d.kind,"
          + " d.url, d.state, d.attempts, d.created, d.nextAttempt, d.delivered, d.lastError)"
          + " from Delivery d ";

  /**
   * What may be tried now, longest due first. What was told of the same incident to the same target
   * before it must be over, or {@code resolved} could overtake {@code opened}.
   *
   * @param busy urls to leave out, one at least
   */
  @Query(
      "select d from Delivery d where d.state = PENDING and d.nextAttempt <= :now"
          + " and d.url not in :busy and not exists (select 1 from Delivery e"
          + " where e.incidentId = d.incidentId and e.url = d.url and e.kind = d.kind"
          + " and e.state = PENDING and e.sequenceNumber < d.sequenceNumber)"
          + " order by d.nextAttempt, d.sequenceNumber")
  List<Delivery> due(Instant now, Collection<String> busy, Limit limit);

  /**
   * Takes the right to try a delivery, until a time, unless another process took it meanwhile.
   *
   * @param attempts the tries that the caller knows of; the right goes by the number after it
   */
  @Transactional
  @Modifying
  @Query(
      "update Delivery d set d.attempts = d.attempts + 1, d.nextAttempt = :until"
          + " where d.id = :id and d.state = PENDING and d.attempts = :attempts"
          + " and d.nextAttempt <= :now")
  int claim(String id, int attempts, Instant now, Instant until);

  /** Whoever tried it and when: the target has it. */
  @Transactional
  @Modifying
  @Query(
      "update Delivery d set d.state = DELIVERED, d.delivered = :now, d.lastError = null"
          + " where d.id = :id and d.state <> DELIVERED")
  int delivered(String id, Instant now);

  /** Says when to try it again, if nobody else took it since. */
  @Transactional
  @Modifying
  @Query(
      "update Delivery d set d.nextAttempt = :next, d.lastError = :error"
          + " where d.id = :id and d.state = PENDING and d.attempts = :attempts")
  int postpone(String id, int attempts, Instant next, String error);

  /** Ends it, if nobody else took it since. */
  @Transactional
  @Modifying
  @Query(
      "update Delivery d set d.state = FAILED, d.lastError = :error"
          + " where d.id = :id and d.state = PENDING and d.attempts = :attempts")
  int fail(String id, int attempts, String error);

  /** Begins a failed one again. */
  @Transactional
  @Modifying
  @Query(
      "update Delivery d set d.state = PENDING, d.nextAttempt = :now, d.giveUpAt = :giveUpAt"
          + " where d.id = :id and d.state = FAILED")
  int retry(String id, Instant now, Instant giveUpAt);

  @Transactional
  @Modifying
  @Query("delete from Delivery d where d.state <> PENDING and d.created < :time")
  int deleteOlderThan(Instant time);

  /** Newest first. */
  @Query(LISTED + "order by d.created desc, d.sequenceNumber desc, d.id")
  List<ListedDelivery> list(Limit limit);

  /** Newest first. */
  @Query(LISTED + "where d.state = :state order by d.created desc, d.sequenceNumber desc, d.id")
  List<ListedDelivery> list(Delivery.State state, Limit limit);

  @Query(LISTED + "where d.id = :id")
  @Nullable ListedDelivery find(String id);

  long countByState(Delivery.State state);
}
