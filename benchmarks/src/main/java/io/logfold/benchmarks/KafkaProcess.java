package io.logfold.benchmarks;

import io.logfold.standalone.EmbeddedKafka;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** The broker as a process of its own. Arguments: folder, port, and the port that clients use. */
final class KafkaProcess {

  private KafkaProcess() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    EmbeddedKafka kafka =
        EmbeddedKafka.start(Path.of(args[0]), Integer.parseInt(args[1]), Integer.parseInt(args[2]));
    System.err.println("Kafka runs on " + kafka.bootstrapServers());
    new CountDownLatch(1).await();
  }
}
