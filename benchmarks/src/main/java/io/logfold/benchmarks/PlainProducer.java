package io.logfold.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * The limit of the entry: the same bytes by a producer with the command side's settings, the same
 * number of requests in flight, each acknowledged by all before the next is sent.
 */
final class PlainProducer {

  private final String bootstrapServers;
  private final SampleLogs sample;
  private final int threads;

  PlainProducer(String bootstrapServers, SampleLogs sample, int threads) {
    this.bootstrapServers = bootstrapServers;
    this.sample = sample;
    this.threads = threads;
  }

  /**
   * Sends the sample, over and over.
   *
   * @param logs at least
   * @return logs that were acknowledged; no CPU time
   */
  Speed send(String topic, long logs) throws Exception {
    AtomicLong requests = new AtomicLong();
    long wanted = logs / LoadGenerator.BATCH;
    try (Producer<String, byte[]> producer =
        new KafkaProducer<>(settings(), new StringSerializer(), new ByteArraySerializer())) {
      producer.partitionsFor(topic);
      long began = System.nanoTime();
      long sent = inParallel(() -> sendUntil(wanted, requests, producer, topic));
      return new Speed(sent, (System.nanoTime() - began) / 1e9, 0);
    }
  }

  private long sendUntil(
      long wanted, AtomicLong requests, Producer<String, byte[]> producer, String topic)
      throws InterruptedException {
    long sent = 0;
    for (long next = requests.getAndIncrement(); next < wanted; next = requests.getAndIncrement()) {
      List<ConsumerRecord<String, byte[]>> request =
          sample.requests().get((int) (next % sample.requests().size()));
      sendAndWait(request, producer, topic);
      sent += request.size();
    }
    return sent;
  }

  private static void sendAndWait(
      List<ConsumerRecord<String, byte[]>> request, Producer<String, byte[]> producer, String topic)
      throws InterruptedException {
    CountDownLatch missing = new CountDownLatch(request.size());
    for (ConsumerRecord<String, byte[]> like : request) {
      var unused =
          producer.send(
              new ProducerRecord<>(topic, null, null, like.key(), like.value(), like.headers()),
              (position, failure) -> {
                if (failure == null) {
                  missing.countDown();
                }
              });
    }
    missing.await();
  }

  private long inParallel(Callable<Long> work) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<Long>> parts = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        parts.add(pool.submit(work));
      }
      long sum = 0;
      for (Future<Long> part : parts) {
        sum += part.get();
      }
      return sum;
    } finally {
      pool.shutdown();
    }
  }

  /** As the command side's {@code LogConfiguration} has them. */
  private Map<String, Object> settings() {
    return Map.of(
        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
        bootstrapServers,
        ProducerConfig.CLIENT_ID_CONFIG,
        "limits-producer",
        ProducerConfig.ACKS_CONFIG,
        "all",
        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
        true,
        ProducerConfig.LINGER_MS_CONFIG,
        2,
        ProducerConfig.BATCH_SIZE_CONFIG,
        128 * 1024,
        ProducerConfig.COMPRESSION_TYPE_CONFIG,
        "lz4");
  }
}
