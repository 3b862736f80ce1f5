package io.logfold.command.eventstore;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.logfold.api.ingest.ReceiveLogs;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.common.jdbc.PersistenceExceptionResolver;
import org.axonframework.common.jpa.EntityManagerProvider;
import org.axonframework.common.transaction.NoTransactionManager;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.config.Configuration;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventhandling.tokenstore.jpa.JpaTokenStore;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.eventsourcing.eventstore.jpa.JpaEventStorageEngine;
import org.axonframework.messaging.MessageHandlerInterceptor;
import org.axonframework.messaging.interceptors.CorrelationDataInterceptor;
import org.axonframework.messaging.interceptors.TransactionManagingInterceptor;
import org.axonframework.serialization.Serializer;
import org.axonframework.springboot.util.RegisterDefaultEntities;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * The event store of aggregates and sagas, declared by hand: beside a second event bus Axon's own
 * configuration of it steps back, and without one it would swallow every access log.
 */
@org.springframework.context.annotation.Configuration(proxyBeanMethods = false)
@RegisterDefaultEntities(packages = "org.axonframework.eventsourcing.eventstore.jpa")
class EventStoreConfiguration {

  /** Writes events as the contracts freeze them, less the fields that hold nothing. */
  @Bean
  ObjectMapper defaultAxonObjectMapper() {
    return JsonMapper.builder()
        .addModule(new JavaTimeModule())
        .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .defaultPropertyInclusion(
            JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
        .build();
  }

  @Bean
  EventStorageEngine eventStorageEngine(
      Serializer snapshotSerializer,
      @Qualifier("eventSerializer") Serializer eventSerializer,
      PersistenceExceptionResolver exceptions,
      EntityManagerProvider entityManagers,
      TransactionManager transactions,
      Configuration axon) {
    return JpaEventStorageEngine.builder()
        .snapshotSerializer(snapshotSerializer)
        .eventSerializer(eventSerializer)
        .upcasterChain(axon.upcasterChain())
        .snapshotFilter(axon.snapshotFilter())
        .persistenceExceptionResolver(exceptions)
        .entityManagerProvider(entityManagers)
        .transactionManager(transactions)
        .build();
  }

  @Bean
  @Primary
  EmbeddedEventStore eventStore(EventStorageEngine engine) {
    return EmbeddedEventStore.builder().storageEngine(engine).build();
  }

  @Bean
  TokenStore tokenStore(
      Serializer serializer,
      EntityManagerProvider entityManagers,
      PlatformTransactionManager transactions) {
    return new SharedTokenStore(
        JpaTokenStore.builder()
            .entityManagerProvider(entityManagers)
            .serializer(serializer)
            .claimTimeout(OneAtATime.CLAIM_TIMEOUT),
        transactions);
  }

  /**
   * Every command gets a database transaction and correlation data but {@link ReceiveLogs}: ingest
   * must go on without the database, and its events carry their request themselves.
   */
  @Bean
  @Qualifier("localSegment")
  SimpleCommandBus commandBus(TransactionManager transactions, Configuration axon) {
    SimpleCommandBus bus =
        SimpleCommandBus.builder().transactionManager(NoTransactionManager.instance()).build();
    bus.registerHandlerInterceptor(
        exceptForLogs(new TransactionManagingInterceptor<CommandMessage<?>>(transactions)));
    bus.registerHandlerInterceptor(
        exceptForLogs(
            new CorrelationDataInterceptor<CommandMessage<?>>(axon.correlationDataProviders())));
    return bus;
  }

  private static MessageHandlerInterceptor<CommandMessage<?>> exceptForLogs(
      MessageHandlerInterceptor<CommandMessage<?>> interceptor) {
    return (unitOfWork, chain) ->
        ReceiveLogs.class.equals(unitOfWork.getMessage().getPayloadType())
            ? chain.proceed()
            : interceptor.handle(unitOfWork, chain);
  }
}
