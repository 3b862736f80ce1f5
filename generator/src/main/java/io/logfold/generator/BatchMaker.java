package io.logfold.generator;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;

/**
 * Makes requests. What is in request number n depends on the seed, n and the clock alone, not on
 * the stream that makes it: the same seed and clock give the same bodies with any number of streams
 * (on the same Java version). A stream has its own maker; it is not thread-safe.
 */
final class BatchMaker {

  private final GeneratorSettings settings;
  private final Traffic traffic;
  private final Clock clock;
  private final Instant started;
  private final Bytes out = new Bytes();
  private final LineWriter writer;
  private final Line line = new Line();

  BatchMaker(GeneratorSettings settings, Traffic traffic, Clock clock, Instant started) {
    this.settings = settings;
    this.traffic = traffic;
    this.clock = clock;
    this.started = started;
    writer = new LineWriter(settings.format(), out);
  }

  Batch make(Schedule.Slot slot) {
    SplittableRandom random = new SplittableRandom(mix(settings.seed(), slot.number()));
    Instant now = clock.instant();
    boolean outage = isOutage(now);
    int[] statuses = new int[slot.size()];
    int[] clients = new int[slot.size()];
    int[] latencies = new int[slot.size()];
    writer.begin(now);
    for (int i = 0; i < slot.size(); i++) {
      traffic.fill(line, random, outage);
      writer.write(line);
      statuses[i] = line.status;
      clients[i] = line.client;
      latencies[i] = settings.format().onTheWire(line.latencyMicros);
    }
    writer.end();
    return new Batch(body(), statuses, clients, latencies);
  }

  private boolean isOutage(Instant now) {
    GeneratorSettings.Outage outage = settings.outage();
    return outage != null && outage.isOn(Duration.between(started, now));
  }

  private byte[] body() {
    return settings.gzip() ? gzipped(out.copy()) : out.copy();
  }

  private static byte[] gzipped(byte[] plain) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream(plain.length / 4 + 64);
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }

  /** Neighbouring numbers must not give neighbouring random states. */
  private static long mix(long seed, long number) {
    return new SplittableRandom(seed).nextLong() ^ (number * 0x9E3779B97F4A7C15L);
  }
}
