package io.logfold.generator;

import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;

/** Runs of the tests. */
final class Runs {

  static final Clock NOON = Clock.fixed(Instant.parse("2025-06-10T12:00:00.123Z"), ZoneOffset.UTC);

  private Runs() {}

  /** One stream, as fast as it goes: what comes is in order. */
  static GeneratorSettings.Builder oneStream(URI target) {
    return GeneratorSettings.to(target).streams(1).rate(0).batch(10).clients(100);
  }

  /** Runs to the end at a fixed time of day. */
  static GeneratorReport run(GeneratorSettings.Builder settings, Ticker ticker)
      throws InterruptedException {
    try (Generator generator = Generator.start(settings.build(), NOON, ticker)) {
      generator.await();
      return generator.report();
    }
  }
}
