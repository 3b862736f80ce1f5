package io.logfold.query.fold;

import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import net.jpountz.lz4.LZ4Factory;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.axonframework.common.AxonThreadFactory;
import org.axonframework.common.jpa.SimpleEntityManagerProvider;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.eventhandling.EventBus;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.eventhandling.SimpleEventBus;
import org.axonframework.eventhandling.StreamingEventProcessor;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.async.SequencingPolicy;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventhandling.tokenstore.jpa.JpaTokenStore;
import org.axonframework.extensions.kafka.eventhandling.DefaultKafkaMessageConverter;
import org.axonframework.extensions.kafka.eventhandling.KafkaMessageConverter;
import org.axonframework.lifecycle.Phase;
import org.axonframework.messaging.StreamableMessageSource;
import org.axonframework.queryhandling.QueryBus;
import org.axonframework.queryhandling.SimpleQueryBus;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.axonframework.springboot.util.RegisterDefaultEntities;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;

/** Wires {@link LogFold} to Axon and Kafka. */
@Configuration(proxyBeanMethods = false)
@RegisterDefaultEntities(packages = "org.axonframework.eventhandling.tokenstore")
class FoldConfiguration {

  private static final Logger log = LoggerFactory.getLogger(FoldConfiguration.class);

  /** A segment whose process has not said for this long that it is there is another's to take. */
  private static final Duration CLAIM_TIMEOUT = Duration.ofSeconds(8);

  /** How often a process says so, and looks for segments that are nobody's. */
  static final Duration CLAIM_INTERVAL = Duration.ofSeconds(2);

  /** Declared so that Axon makes no JPA event store of the read side's database. */
  @Bean
  EventBus eventBus() {
    return SimpleEventBus.builder().build();
  }

  /** Tokens are in the read models' own database, and commit with them. */
  @Bean
  TokenStore tokenStore(
      Serializer serializer,
      EntityManager entities,
      PlatformTransactionManager transactions,
      TokenTable table) {
    return new SharedTokenStore(
        JpaTokenStore.builder()
            .entityManagerProvider(new SimpleEntityManagerProvider(entities))
            .serializer(serializer)
            .claimTimeout(CLAIM_TIMEOUT),
        transactions,
        table);
  }

  /** Opens no transaction for a question: the cache may answer it without the database. */
  @Bean
  QueryBus queryBus(RebuildThrottle rebuilds) {
    QueryBus bus = SimpleQueryBus.builder().build();
    bus.registerHandlerInterceptor(
        (unitOfWork, chain) -> {
          rebuilds.served();
          return chain.proceed();
        });
    return bus;
  }

  @Bean
  RebuildThrottle rebuildThrottle(FoldProperties properties) {
    return new RebuildThrottle(properties.rebuildRest(), System::nanoTime);
  }

  /** From Kafka's records to events of today's revisions, whatever release wrote them. */
  @Bean
  KafkaMessageConverter<String, byte[]> eventConverter(
      @Qualifier("eventSerializer") Serializer serializer,
      org.axonframework.config.Configuration axon) {
    return DefaultKafkaMessageConverter.builder()
        .serializer(serializer)
        .upcasterChain(axon.upcasterChain())
        .build();
  }

  @Bean
  LogRecord logRecord(
      KafkaMessageConverter<String, byte[]> eventConverter,
      ObjectProvider<EventUpcaster> upcasters) {
    return new LogRecord(eventConverter, upcasters.stream().findAny().isPresent());
  }

  @Bean
  ReadAhead readAhead(
      FoldProperties properties,
      FoldPositionTable positions,
      ObjectProvider<EventProcessingConfiguration> processors) {
    return new ReadAhead(
        properties.maxUnfolded().toBytes(),
        part -> isOurs(processors.getObject(), part),
        () -> foldedByAnyone(positions),
        System::nanoTime);
  }

  private static Map<Integer, Long> foldedByAnyone(FoldPositionTable positions) {
    try {
      return positions.positions(Fold.REQUESTS);
    } catch (DataAccessException | TransactionException e) {
      log.debug("The database is away: {}", e.getMessage());
      return Map.of();
    }
  }

  private static boolean isOurs(EventProcessingConfiguration processors, int part) {
    return processors
        .eventProcessor(LogFold.PROCESSOR, StreamingEventProcessor.class)
        .map(
            processor ->
                processor.processingStatus().values().stream()
                    .anyMatch(status -> status.getSegment().matches(part)))
        .orElse(false);
  }

  @Bean
  StreamableMessageSource<TrackedEventMessage<?>> logSource(
      @Value("${logfold.kafka.bootstrap-servers}") String servers,
      @Value("${logfold.log.topic}") String topic,
      Clock clock,
      LogRecord records,
      ReadAhead readAhead) {
    return kafkaLog(servers, topic, clock, records, readAhead);
  }

  @Bean
  FeedSource feedSource(
      @Value("${logfold.kafka.bootstrap-servers}") String servers,
      @Value("${logfold.log.topic}") String topic,
      Clock clock,
      LogRecord records,
      ReadAhead readAhead) {
    return kafkaLog(servers, topic, clock, records, readAhead)::from;
  }

  private static KafkaLogSource kafkaLog(
      String servers, String topic, Clock clock, LogRecord records, ReadAhead readAhead) {
    useNativeLz4();
    return new KafkaLogSource(
        clientId -> new KafkaConsumer<>(consumerSettings(servers, clientId)),
        topic,
        clock,
        records::isLogOfToday,
        readAhead);
  }

  @Bean
  LogOffsets logOffsets(
      @Value("${logfold.kafka.bootstrap-servers}") String servers,
      @Value("${logfold.log.topic}") String topic) {
    return new KafkaLogOffsets(servers, topic);
  }

  @Bean
  ConfigurerModule logFoldProcessor(
      ObjectProvider<StreamableMessageSource<TrackedEventMessage<?>>> logSource,
      FoldProperties properties,
      FoldPositionTable positions,
      FairShare fairShare,
      Generations generations,
      List<LogProjection> projections) {
    // Feeders see by the positions what has yet to be folded.
    generations.ensure(projections, joins -> {});
    return configurer -> {
      // Axon takes a first token that fails for one that another process makes, and tries again.
      configurer.onInitialize(
          axon ->
              axon.onStart(
                  Phase.LOCAL_MESSAGE_HANDLER_REGISTRATIONS,
                  () -> requireWholeLog(axon, logSource.getObject(), properties, positions)));
      configurer
          .eventProcessing()
          .registerPooledStreamingEventProcessor(
              LogFold.PROCESSOR,
              axon -> logSource.getObject(),
              (axon, builder) ->
                  builder
                      .initialSegmentCount(properties.segments())
                      .batchSize(properties.batchSize())
                      .maxSegmentProvider(fairShare)
                      .tokenClaimInterval(CLAIM_INTERVAL.toMillis())
                      .claimExtensionThreshold(CLAIM_INTERVAL.toMillis())
                      .enableCoordinatorClaimExtension()
                      .initialToken(
                          source -> firstToken(logSource.getObject(), properties, positions))
                      .workerExecutor(workers(properties.threads())))
          .registerSequencingPolicy(LogFold.PROCESSOR, axon -> byPartition())
          .registerListenerInvocationErrorHandler(
              LogFold.PROCESSOR, axon -> PropagatingErrorHandler.instance());
    };
  }

  /** Only a database that nothing was folded into can begin with a log that lacks something. */
  private static void requireWholeLog(
      org.axonframework.config.Configuration axon,
      StreamableMessageSource<TrackedEventMessage<?>> source,
      FoldProperties properties,
      FoldPositionTable positions) {
    if (axon.getComponent(TokenStore.class).fetchSegments(LogFold.PROCESSOR).length == 0) {
      try {
        requireWholeLog(source, properties, positions);
      } catch (KafkaException e) {
        log.warn("Kafka does not say yet where the log begins: {}", e.getMessage());
      }
    }
  }

  private static void requireWholeLog(
      StreamableMessageSource<TrackedEventMessage<?>> source,
      FoldProperties properties,
      FoldPositionTable positions) {
    if (source instanceof KafkaLogSource kafka && !properties.acceptLostLogs()) {
      kafka.requireWhole(positions.positions(Fold.REQUESTS));
    }
  }

  private static TrackingToken firstToken(
      StreamableMessageSource<TrackedEventMessage<?>> source,
      FoldProperties properties,
      FoldPositionTable positions) {
    requireWholeLog(source, properties, positions);
    return source.createTailToken();
  }

  /**
   * Within an executable jar Kafka's client would unpack lz4 in plain Java, two to four times
   * slower: it takes the native code only where that is loaded already.
   */
  private static void useNativeLz4() {
    try {
      LZ4Factory.nativeInstance();
    } catch (LinkageError e) {
      log.info("No native lz4 here, using Java's: {}", e.getMessage());
    }
  }

  /** A partition is one segment's, so each row has one writer. */
  static SequencingPolicy<EventMessage<?>> byPartition() {
    return message -> Place.of(message.getMetaData()).part();
  }

  private static ScheduledExecutorService workers(int threads) {
    return Executors.newScheduledThreadPool(threads, new AxonThreadFactory("log-fold"));
  }

  private static Map<String, Object> consumerSettings(String servers, String clientId) {
    Map<String, Object> settings = new HashMap<>();
    settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, servers);
    settings.put(ConsumerConfig.CLIENT_ID_CONFIG, clientId);
    settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, StringDeserializer.class);
    settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    // Positions are ours. A consumer that picks another one by itself skips records in silence.
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2000);
    // Compressed, that is some 15,000 logs, and as many again while they are read.
    settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 1024 * 1024);
    settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 512 * 1024);
    settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 5_000);
    settings.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
    return settings;
  }
}
