package io.logfold.command.incidents;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.task.FailureHandler.OnFailureRetryLater;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.logfold.command.eventstore.OneAtATime;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import javax.sql.DataSource;
import org.axonframework.common.jpa.EntityManagerProvider;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.config.Configuration;
import org.axonframework.config.ConfigurationScopeAwareProvider;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.deadline.dbscheduler.DbSchedulerBinaryDeadlineDetails;
import org.axonframework.deadline.dbscheduler.DbSchedulerDeadlineManager;
import org.axonframework.deadline.dbscheduler.DbSchedulerDeadlineManagerSupplier;
import org.axonframework.eventsourcing.EventCountSnapshotTriggerDefinition;
import org.axonframework.eventsourcing.SnapshotTriggerDefinition;
import org.axonframework.eventsourcing.Snapshotter;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.modelling.saga.repository.SagaStore;
import org.axonframework.serialization.Serializer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;

/** Wires {@link IncidentSaga} to the event store and to deadlines that outlive the process. */
@org.springframework.context.annotation.Configuration(proxyBeanMethods = false)
class IncidentsConfiguration {

  private static final int EVENTS_A_SNAPSHOT = 50;

  /** How late a deadline may be. */
  private static final Duration DEADLINE_INTERVAL = Duration.ofSeconds(1);

  /** When a deadline whose handling failed is tried again. */
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private static final Duration HEARTBEAT_INTERVAL = Duration.ofSeconds(3);

  /** So many heartbeats later a deadline that a process died with is another's. */
  private static final int MISSED_HEARTBEATS = 4;

  @Bean
  ConfigurerModule incidents(ObjectProvider<EmbeddedEventStore> eventStore) {
    return configurer ->
        OneAtATime.register(
            configurer.eventProcessing(), IncidentSaga.PROCESSOR, axon -> eventStore.getObject());
  }

  @Bean
  SnapshotTriggerDefinition incidentSnapshots(Snapshotter snapshotter) {
    return new EventCountSnapshotTriggerDefinition(snapshotter, EVENTS_A_SNAPSHOT);
  }

  /** Lazy as Axon's own: its constructor needs the entities to be known. */
  @Bean
  @Lazy
  SagaStore<Object> sagaStore(EntityManagerProvider entityManagers, Serializer serializer) {
    return new LockedSagaStore(entityManagers, serializer);
  }

  /** Kept in the command database, in the saga's transactions; of several processes one fires. */
  @Bean
  DbSchedulerDeadlineManager deadlineManager(
      DataSource database,
      TransactionManager transactions,
      @Qualifier("eventSerializer") Serializer serializer,
      ObjectProvider<Configuration> axon) {
    DbSchedulerDeadlineManagerSupplier itself = new DbSchedulerDeadlineManagerSupplier();
    DbSchedulerDeadlineManager deadlines =
        DbSchedulerDeadlineManager.builder()
            .scheduler(
                scheduler(database, soonAgain(DbSchedulerDeadlineManager.binaryTask(itself))))
            .scopeAwareProvider(
                scope ->
                    new ConfigurationScopeAwareProvider(axon.getObject())
                        .provideScopeAwareStream(scope))
            .serializer(serializer)
            .transactionManager(transactions)
            .build();
    itself.set(deadlines);
    return deadlines;
  }

  /** Axon's own task would be tried again after five minutes; who is told waits for it. */
  private static Task<DbSchedulerBinaryDeadlineDetails> soonAgain(
      Task<DbSchedulerBinaryDeadlineDetails> deadline) {
    return Tasks.oneTime(deadline.getName(), deadline.getDataClass())
        .onFailure(new OnFailureRetryLater<>(RETRY_AFTER))
        .execute((instance, context) -> deadline.execute(instance, context));
  }

  private static Scheduler scheduler(
      DataSource database, Task<DbSchedulerBinaryDeadlineDetails> deadline) {
    return Scheduler.create(new TransactionAwareDataSourceProxy(database), deadline)
        .schedulerName(new SchedulerName.Fixed(ManagementFactory.getRuntimeMXBean().getName()))
        .threads(1)
        .pollingInterval(DEADLINE_INTERVAL)
        .heartbeatInterval(HEARTBEAT_INTERVAL)
        .missedHeartbeatsLimit(MISSED_HEARTBEATS)
        .alwaysPersistTimestampInUTC()
        .shutdownMaxWait(Duration.ofSeconds(5))
        .build();
  }
}
