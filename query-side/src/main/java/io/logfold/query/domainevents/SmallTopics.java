package io.logfold.query.domainevents;

import jakarta.annotation.PreDestroy;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.axonframework.common.AxonThreadFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * The topics of domain events and of threshold events: one partition each, kept for ever, made by
 * whichever side starts first. While Kafka is away it asks again every two seconds, on a thread of
 * its own; no start waits for it.
 */
@Component
public class SmallTopics {

  private static final Logger log = LoggerFactory.getLogger(SmallTopics.class);
  private static final int CALL_TIMEOUT_MS = 4_000;

  private final List<String> names;
  private final short replicationFactor;
  private final boolean manage;
  private final String servers;
  private final ScheduledExecutorService asking =
      Executors.newSingleThreadScheduledExecutor(new AxonThreadFactory("small-topics"));
  private volatile boolean there;
  private boolean told;

  SmallTopics(
      DomainEventsProperties properties,
      @Value("${logfold.thresholds.topic:logfold.thresholds}") String thresholds,
      @Value("${logfold.kafka.bootstrap-servers}") String servers) {
    this.names = List.of(properties.topic(), thresholds);
    this.replicationFactor = properties.replicationFactor();
    this.manage = properties.manage();
    this.servers = servers;
    ScheduledFuture<?> unused = asking.scheduleWithFixedDelay(this::ask, 0, 2, TimeUnit.SECONDS);
  }

  /** Whether both were seen. */
  public boolean areThere() {
    return there;
  }

  @PreDestroy
  void close() {
    asking.shutdownNow();
  }

  private void ask() {
    try (Admin kafka = Admin.create(settings())) {
      List<String> missing = missing(kafka);
      if (missing.isEmpty()) {
        there = true;
        asking.shutdown();
        log.info("Kafka at {} has the topics {}.", servers, names);
      } else if (manage) {
        // Whether it worked, or the other side was quicker, is seen at the next look.
        kafka.createTopics(missing.stream().map(this::topic).toList()).all().get();
      } else {
        tellOnce("somebody else makes " + missing);
      }
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        tellOnce(String.valueOf(e.getCause()));
      }
    } catch (KafkaException e) {
      tellOnce(e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private List<String> missing(Admin kafka) throws ExecutionException, InterruptedException {
    Set<String> found = kafka.listTopics().names().get();
    return names.stream().filter(name -> !found.contains(name)).toList();
  }

  private Map<String, Object> settings() {
    return Map.of(
        AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
        servers,
        AdminClientConfig.CLIENT_ID_CONFIG,
        "logfold-query-topics",
        AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
        CALL_TIMEOUT_MS - 1_000,
        AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
        CALL_TIMEOUT_MS);
  }

  private void tellOnce(String reason) {
    if (!told) {
      told = true;
      log.warn("Waiting for the topics {} of Kafka at {}: {}", names, servers, reason);
    }
  }

  private NewTopic topic(String name) {
    return new NewTopic(name, 1, replicationFactor)
        .configs(
            Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG,
                TopicConfig.CLEANUP_POLICY_DELETE,
                TopicConfig.RETENTION_MS_CONFIG,
                "-1",
                TopicConfig.RETENTION_BYTES_CONFIG,
                "-1",
                TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG,
                replicationFactor >= 3 ? "2" : "1"));
  }
}
