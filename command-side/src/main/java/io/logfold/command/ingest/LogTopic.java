package io.logfold.command.ingest;

import io.logfold.command.start.StartRefused;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.PreDestroy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ReplicaInfo;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * The topic that is the log of record: created with its settings if it is missing, checked against
 * them if it is there. A start without Kafka goes on, and so does the asking, every two seconds;
 * ingest is closed until the answer is good. The gauge {@code logfold.log.bytes} is what the topic
 * takes on all brokers' disks, copies included, or NaN while unknown.
 */
@Component("eventLog")
class LogTopic implements InitializingBean, InfoContributor, HealthIndicator {

  private static final Logger log = LoggerFactory.getLogger(LogTopic.class);
  private static final String AWAY = "The event log cannot be reached yet.";
  private static final Duration GROWTH_WINDOW = Duration.ofHours(1);
  private static final int CALL_TIMEOUT_MS = 4_000;

  private final LogProperties settings;
  private final String bootstrapServers;
  private final Clock clock;
  private final Deque<Size> sizes = new ArrayDeque<>();
  private @Nullable Admin admin;
  private volatile @Nullable String closed = AWAY;
  private volatile boolean told;

  LogTopic(
      LogProperties settings,
      @Value("${logfold.kafka.bootstrap-servers}") String bootstrapServers,
      Clock clock,
      MeterRegistry meters) {
    this.settings = settings;
    this.bootstrapServers = bootstrapServers;
    this.clock = clock;
    Gauge.builder("logfold.log.bytes", this, LogTopic::bytes).baseUnit("bytes").register(meters);
  }

  String name() {
    return settings.topic();
  }

  /** Why nothing can be published now, as a sentence; null when it can. */
  @Nullable String whyClosed() {
    return closed;
  }

  /** The first try, so that a topic that contradicts the settings ends the start. */
  @Override
  public void afterPropertiesSet() {
    if (!settings.manage()) {
      closed = null;
      return;
    }
    prepare();
    String refusal = closed;
    if (refusal != null && !refusal.equals(AWAY)) {
      close();
      throw new StartRefused(
          refusal, "Set it to the topic's count, or name a new topic in logfold.log.topic.");
    }
  }

  @Scheduled(fixedDelay = 2_000, initialDelay = 2_000)
  void retry() {
    if (closed != null) {
      prepare();
    }
  }

  @Scheduled(fixedDelayString = "${logfold.log.measure-every:30s}")
  void measure() {
    if (!settings.manage() || closed != null) {
      return;
    }
    try {
      remember(new Size(clock.instant(), bytesOnDisk(admin())));
    } catch (ExecutionException | KafkaException e) {
      log.debug("The size of {} is unknown", name(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @PreDestroy
  synchronized void close() {
    if (admin != null) {
      admin.close(Duration.ofSeconds(1));
      admin = null;
    }
  }

  private synchronized Admin admin() {
    if (admin == null) {
      admin =
          Admin.create(
              Map.of(
                  CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
                  bootstrapServers,
                  CommonClientConfigs.CLIENT_ID_CONFIG,
                  "logfold-command-topic",
                  AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                  CALL_TIMEOUT_MS - 1_000,
                  AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                  CALL_TIMEOUT_MS));
    }
    return admin;
  }

  private void prepare() {
    try {
      closed = check(admin());
      told = false;
      log.info("{}", closed == null ? "The event log is " + name() : closed);
    } catch (ExecutionException | KafkaException e) {
      closed = AWAY;
      tellOnce(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void tellOnce(Exception e) {
    if (!told) {
      told = true;
      log.warn("Kafka at {} cannot be asked for {}: {}", bootstrapServers, name(), e.toString());
    }
  }

  private @Nullable String check(Admin kafka) throws ExecutionException, InterruptedException {
    if (isMissing(kafka) && create(kafka)) {
      // As it was asked for; to ask back at once may find a broker that has not heard of it yet.
      return null;
    }
    int partitions = partitions(kafka);
    if (partitions != settings.partitions()) {
      return "The topic %s has %d partitions and logfold.log.partitions is %d: another count would send the same keys to other partitions."
          .formatted(name(), partitions, settings.partitions());
    }
    alignRetention(kafka);
    return null;
  }

  private boolean isMissing(Admin kafka) throws ExecutionException, InterruptedException {
    try {
      return partitions(kafka) == 0;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return true;
      }
      throw e;
    }
  }

  private int partitions(Admin kafka) throws ExecutionException, InterruptedException {
    var topics = kafka.describeTopics(List.of(name())).allTopicNames().get();
    return topics.values().iterator().next().partitions().size();
  }

  /** False if another node was quicker. */
  private boolean create(Admin kafka) throws ExecutionException, InterruptedException {
    try {
      NewTopic topic = new NewTopic(name(), settings.partitions(), settings.replicationFactor());
      kafka.createTopics(List.of(topic.configs(configs()))).all().get();
      return true;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TopicExistsException) {
        return false;
      }
      throw e;
    }
  }

  private Map<String, String> configs() {
    return Map.of(
        TopicConfig.CLEANUP_POLICY_CONFIG,
        TopicConfig.CLEANUP_POLICY_DELETE,
        TopicConfig.RETENTION_MS_CONFIG,
        Long.toString(settings.retentionMillis()),
        TopicConfig.RETENTION_BYTES_CONFIG,
        "-1",
        TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
        "LogAppendTime",
        TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG,
        settings.replicationFactor() >= 3 ? "2" : "1");
  }

  private void alignRetention(Admin kafka) throws ExecutionException, InterruptedException {
    ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, name());
    String wanted = Long.toString(settings.retentionMillis());
    var configs = kafka.describeConfigs(List.of(topic)).all().get();
    ConfigEntry found = configs.values().iterator().next().get(TopicConfig.RETENTION_MS_CONFIG);
    if (found != null && wanted.equals(found.value())) {
      return;
    }
    ConfigEntry entry = new ConfigEntry(TopicConfig.RETENTION_MS_CONFIG, wanted);
    Collection<AlterConfigOp> change = List.of(new AlterConfigOp(entry, OpType.SET));
    kafka.incrementalAlterConfigs(Map.of(topic, change)).all().get();
    log.warn(
        "Retention of {} was {} ms and is now {} ms, as logfold.log.retention says (-1: for ever)",
        name(),
        found == null ? "unknown" : found.value(),
        wanted);
  }

  private long bytesOnDisk(Admin kafka) throws ExecutionException, InterruptedException {
    List<Integer> brokers = kafka.describeCluster().nodes().get().stream().map(Node::id).toList();
    return kafka.describeLogDirs(brokers).allDescriptions().get().values().stream()
        .flatMap(directories -> directories.values().stream())
        .mapToLong(this::bytesIn)
        .sum();
  }

  private long bytesIn(LogDirDescription directory) {
    return directory.replicaInfos().entrySet().stream()
        .filter(replica -> replica.getKey().topic().equals(name()))
        .map(Map.Entry::getValue)
        .mapToLong(ReplicaInfo::size)
        .sum();
  }

  private void remember(Size size) {
    synchronized (sizes) {
      sizes.addLast(size);
      while (sizes.getFirst().at().isBefore(size.at().minus(GROWTH_WINDOW))) {
        sizes.removeFirst();
      }
    }
  }

  private double bytes() {
    synchronized (sizes) {
      return sizes.isEmpty() ? Double.NaN : sizes.getLast().bytes();
    }
  }

  /** Growth over the last hour, or over as much of it as was seen; null before two looks. */
  private @Nullable Long bytesPerHour() {
    synchronized (sizes) {
      if (sizes.size() < 2) {
        return null;
      }
      Size first = sizes.getFirst();
      Size last = sizes.getLast();
      long millis = Math.max(1, Duration.between(first.at(), last.at()).toMillis());
      return Math.round((last.bytes() - first.bytes()) * 3_600_000.0 / millis);
    }
  }

  @Override
  public void contribute(Info.Builder info) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("topic", name());
    details.put("partitions", settings.partitions());
    details.put("retention", settings.retention() == null ? "for ever" : settings.retention());
    double bytes = bytes();
    details.put("bytes", Double.isNaN(bytes) ? "unknown" : (long) bytes);
    Long growth = bytesPerHour();
    details.put("bytesPerHour", growth == null ? "unknown" : growth);
    info.withDetail("eventLog", details);
  }

  @Override
  public Health health() {
    String reason = closed;
    return reason == null
        ? Health.up().build()
        : Health.outOfService().withDetail("reason", reason).build();
  }

  private record Size(Instant at, long bytes) {}
}
