package io.logfold.benchmarks;

import java.util.SortedMap;

/**
 * The measured load, from the first request to the last log folded.
 *
 * @param acceptedPerSecond logs that came onto the event log, while they were sent
 * @param folded logs end to end, and the CPU time of all processes but the generator
 * @param rows error rows end to end
 * @param cpuPerMillion CPU-seconds for a million logs, by process
 * @param peakResidentBytes by process, since it started
 * @param peakHeapBytes by side; what its heap took from the system at most
 * @param logBytesPerLog on Kafka's disk
 * @param tableBytesPerLog in the database, of all logs so far
 */
record MeasuredLoad(
    double acceptedPerSecond,
    Speed folded,
    long rows,
    SortedMap<String, Double> cpuPerMillion,
    SortedMap<String, Long> peakResidentBytes,
    SortedMap<String, Long> peakHeapBytes,
    double logBytesPerLog,
    double tableBytesPerLog,
    Books books) {

  double rowsPerSecond() {
    return rows / folded.seconds();
  }
}
