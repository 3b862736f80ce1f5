package io.logfold.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What this machine, this Kafka and this database can do at most, measured with the run's own
 * records and rows, while the sides are idle.
 *
 * @param plainProducer records acknowledged
 * @param plainConsumer records read and counted
 * @param parsingConsumer records read, and every field taken out of their JSON
 * @param rawRows error rows inserted
 * @param discardingServer logs that a server reads and throws away, as fast as the generator sends
 * @param recordBytes a record's value, on average
 */
record Limits(
    Speed plainProducer,
    Speed plainConsumer,
    Speed parsingConsumer,
    Speed rawRows,
    Speed discardingServer,
    double recordBytes) {

  private static final int RUNS = 3;
  private static final int SAMPLE = 100_000;
  private static final int PRODUCED = 300_000;
  private static final int CONSUMED = 1_000_000;
  private static final int DISCARDED = 500_000;

  /** Threads that the fold has by default, and so connections. */
  private static final int FOLD_THREADS = 2;

  /**
   * Measures them all.
   *
   * @param folder for files
   * @param streams requests in flight
   * @param records on the log
   */
  static Limits measure(
      Rig rig, EventLog log, LoadGenerator generator, Path folder, int streams, long records)
      throws Exception {
    loadNativeCompression();
    int partitions = rig.settings().partitions();
    PlainConsumer consumer = new PlainConsumer(rig.bootstrapServers(), partitions);
    SampleLogs sample = SampleLogs.of(consumer.take((int) Math.min(records, SAMPLE)));
    PlainProducer producer = new PlainProducer(rig.bootstrapServers(), sample, streams);
    return new Limits(
        say("plain producer", produce(rig, log, producer)),
        say("plain consumer", consume(rig, consumer, records, record -> {})),
        say("parsing consumer", consume(rig, consumer, records, new LogFields()::read)),
        say("raw rows", insert(rig)),
        say("discarding server", discard(generator, folder)),
        sample.meanValueBytes());
  }

  /**
   * The library loads it by itself only from a plain class path, not from an executable jar; and
   * slow compression is no limit of the machine.
   */
  private static void loadNativeCompression() throws ReflectiveOperationException {
    Class.forName("net.jpountz.lz4.LZ4Factory").getMethod("nativeInstance").invoke(null);
  }

  private static Speed produce(Rig rig, EventLog log, PlainProducer producer) throws Exception {
    String topic = "limits-plain-producer";
    log.create(topic);
    try {
      Speed unused = producer.send(topic, PRODUCED);
      return Speed.median(
          RUNS, () -> withCpu(() -> producer.send(topic, PRODUCED), List.of(rig.kafka())));
    } finally {
      log.delete(topic);
    }
  }

  private static Speed consume(
      Rig rig, PlainConsumer consumer, long records, Consumer<ConsumerRecord<String, byte[]>> work)
      throws Exception {
    long logs = Math.min(records, CONSUMED);
    Speed unused = consumer.read(logs, work);
    return Speed.median(RUNS, () -> withCpu(() -> consumer.read(logs, work), List.of(rig.kafka())));
  }

  private static Speed insert(Rig rig) throws Exception {
    RawRows rows = new RawRows(rig::connectToQueryDatabase, FOLD_THREADS, SAMPLE);
    Speed unused = rows.insert();
    return Speed.median(RUNS, () -> withCpu(rows::insert, known(rig.database())));
  }

  private static Speed discard(LoadGenerator generator, Path folder) throws Exception {
    try (DiscardingServer server = DiscardingServer.start(folder)) {
      return Speed.median(
          RUNS,
          () ->
              withCpu(
                  () -> {
                    var books = generator.atFullSpeed(server.url(), DISCARDED).books();
                    return new Speed(books.accepted(), books.durationSeconds(), 0);
                  },
                  List.of()));
    }
  }

  private static List<Child> known(@Nullable Child process) throws IOException {
    return process == null ? List.of() : List.of(process);
  }

  /** Adds what this process and the others spent meanwhile. */
  private static Speed withCpu(Callable<Speed> run, List<Child> others) throws Exception {
    CpuTimes before = CpuTimes.of(others);
    double ownBefore = CpuTimes.own();
    Speed speed = run.call();
    double used =
        CpuTimes.own() - ownBefore + CpuTimes.of(new ArrayList<>(others)).since(before).total();
    return new Speed(speed.count(), speed.seconds(), used);
  }

  private static Speed say(String what, Speed speed) {
    System.out.printf(
        "  %-18s %,12.0f a second, %.2f CPU-s a million%n",
        what, speed.perSecond(), speed.cpuPerMillion());
    return speed;
  }
}
