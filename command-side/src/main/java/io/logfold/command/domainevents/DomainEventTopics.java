package io.logfold.command.domainevents;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Makes the topics of domain events and thresholds when they are missing: one partition each, kept
 * for ever, since read models are rebuilt from them. Asks every two seconds until Kafka answers;
 * the start does not wait for it.
 */
@Component
class DomainEventTopics {

  private static final Logger log = LoggerFactory.getLogger(DomainEventTopics.class);
  private static final int CALL_TIMEOUT_MS = 4_000;

  private final DomainEventsProperties settings;
  private final String thresholds;
  private final String bootstrapServers;
  private boolean there;
  private boolean told;

  DomainEventTopics(
      DomainEventsProperties settings,
      @Value("${logfold.thresholds.topic:logfold.thresholds}") String thresholds,
      @Value("${logfold.kafka.bootstrap-servers}") String bootstrapServers) {
    this.settings = settings;
    this.thresholds = thresholds;
    this.bootstrapServers = bootstrapServers;
    this.there = !settings.manage();
  }

  @Scheduled(fixedDelay = 2_000)
  void make() {
    if (there) {
      return;
    }
    try (Admin kafka = admin()) {
      make(kafka, settings.topic());
      make(kafka, thresholds);
      there = true;
    } catch (ExecutionException | KafkaException e) {
      tellOnce(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Admin admin() {
    return Admin.create(
        Map.of(
            CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
            bootstrapServers,
            CommonClientConfigs.CLIENT_ID_CONFIG,
            "logfold-command-domain-events-topics",
            AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
            CALL_TIMEOUT_MS - 1_000,
            AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
            CALL_TIMEOUT_MS,
            AdminClientConfig.RECONNECT_BACKOFF_MS_CONFIG,
            500,
            AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
            1_000));
  }

  private void make(Admin kafka, String name) throws ExecutionException, InterruptedException {
    try {
      NewTopic topic = new NewTopic(name, 1, settings.replicationFactor());
      kafka.createTopics(List.of(topic.configs(configs()))).all().get();
      log.info("Made the topic {}", name);
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw e;
      }
    }
  }

  private Map<String, String> configs() {
    return Map.of(
        TopicConfig.CLEANUP_POLICY_CONFIG,
        TopicConfig.CLEANUP_POLICY_DELETE,
        TopicConfig.RETENTION_MS_CONFIG,
        "-1",
        TopicConfig.RETENTION_BYTES_CONFIG,
        "-1",
        TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG,
        settings.replicationFactor() >= 3 ? "2" : "1");
  }

  private void tellOnce(Exception e) {
    if (!told) {
      told = true;
      log.warn("Kafka at {} cannot be asked for topics yet: {}", bootstrapServers, e.toString());
    }
  }
}
