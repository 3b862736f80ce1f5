package io.logfold.benchmarks;

import io.logfold.generator.GeneratorReport;
import java.util.Map;

/**
 * What was sent, compared with what the read models say.
 *
 * @param lost logs that the statistics or the error log lack
 * @param doubled logs that either has more than once
 */
record Books(long lost, long doubled) {

  static Books compare(GeneratorReport sent, ReadModels found) {
    Books books = difference(sent.accepted(), found.requests());
    for (Map.Entry<Integer, Long> status : sent.byStatus().entrySet()) {
      if (status.getKey() >= 400) {
        long rows = found.errorsByStatus().getOrDefault(status.getKey(), 0L);
        books = books.and(difference(status.getValue(), rows));
      }
    }
    return books;
  }

  boolean balance() {
    return lost == 0 && doubled == 0;
  }

  private Books and(Books other) {
    return new Books(lost + other.lost, doubled + other.doubled);
  }

  private static Books difference(long sent, long found) {
    return new Books(Math.max(0, sent - found), Math.max(0, found - sent));
  }
}
