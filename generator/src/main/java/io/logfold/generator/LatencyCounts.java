package io.logfold.generator;

/**
 * Exact latencies: how often each whole microsecond occurred. Pages are made as they are needed, so
 * memory is about 8 KB for each millisecond that occurs, at most 80 MB, however long the run. Not
 * thread-safe.
 */
final class LatencyCounts {

  private static final int PAGE = 1_024;

  private final long[][] pages = new long[Route.MAX_LATENCY_MICROS / PAGE + 1][];
  private long count;
  private long sum;

  void add(int micros) {
    int page = micros / PAGE;
    if (pages[page] == null) {
      pages[page] = new long[PAGE];
    }
    pages[page][micros % PAGE]++;
    count++;
    sum += micros;
  }

  /** The mean in microseconds; 0 when nothing was added. */
  double mean() {
    return count == 0 ? 0 : (double) sum / count;
  }

  /**
   * The smallest latency that at least this share of all are not above (nearest rank), in
   * microseconds; 0 when nothing was added.
   */
  long quantile(double share) {
    long rank = Math.max(1, (long) Math.ceil(share * count));
    long seen = 0;
    for (int page = 0; page < pages.length && count > 0; page++) {
      for (int i = 0; pages[page] != null && i < PAGE; i++) {
        seen += pages[page][i];
        if (seen >= rank) {
          return (long) page * PAGE + i;
        }
      }
    }
    return 0;
  }
}
