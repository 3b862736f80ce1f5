package io.logfold.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Records as the command side wrote them, in requests as it sends them: up to 100 of one key.
 *
 * @param requests none of them empty
 */
record SampleLogs(List<List<ConsumerRecord<String, byte[]>>> requests) {

  /** Sorts records into requests, by their keys. */
  static SampleLogs of(List<ConsumerRecord<String, byte[]>> records) {
    Map<String, List<ConsumerRecord<String, byte[]>>> byKey = new LinkedHashMap<>();
    records.forEach(
        record -> byKey.computeIfAbsent(record.key(), k -> new ArrayList<>()).add(record));
    List<List<ConsumerRecord<String, byte[]>>> requests = new ArrayList<>();
    for (List<ConsumerRecord<String, byte[]>> ofKey : byKey.values()) {
      for (int from = 0; from < ofKey.size(); from += LoadGenerator.BATCH) {
        requests.add(ofKey.subList(from, Math.min(ofKey.size(), from + LoadGenerator.BATCH)));
      }
    }
    return new SampleLogs(requests);
  }

  /** Bytes of the values, on average. */
  double meanValueBytes() {
    return requests.stream()
        .flatMap(List::stream)
        .mapToInt(record -> record.value().length)
        .average()
        .orElse(0);
  }
}
