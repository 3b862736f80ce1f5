package io.logfold.query.stats;

import java.util.Arrays;
import java.util.SortedMap;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * Requests by HTTP status; few of them differ, so they stand in two short arrays. Not thread-safe.
 */
final class StatusCounts {

  private int[] statuses = new int[8];
  private long[] counts = new long[8];
  private int size;

  void add(int status, long requests) {
    for (int i = 0; i < size; i++) {
      if (statuses[i] == status) {
        counts[i] += requests;
        return;
      }
    }
    append(status, requests);
  }

  void merge(StatusCounts other) {
    for (int i = 0; i < other.size; i++) {
      add(other.statuses[i], other.counts[i]);
    }
  }

  SortedMap<Integer, Long> toMap() {
    SortedMap<Integer, Long> map = new TreeMap<>();
    for (int i = 0; i < size; i++) {
      map.put(statuses[i], counts[i]);
    }
    return map;
  }

  /** In order of status, such as {@code 200:70,404:20}. */
  String toText() {
    StringJoiner text = new StringJoiner(",");
    toMap().forEach((status, requests) -> text.add(status + ":" + requests));
    return text.toString();
  }

  static StatusCounts fromText(String text) {
    StatusCounts counts = new StatusCounts();
    for (String entry : text.split(",", -1)) {
      int colon = entry.indexOf(':');
      counts.append(
          Integer.parseInt(entry.substring(0, colon)), Long.parseLong(entry.substring(colon + 1)));
    }
    return counts;
  }

  private void append(int status, long requests) {
    if (size == statuses.length) {
      statuses = Arrays.copyOf(statuses, 2 * size);
      counts = Arrays.copyOf(counts, 2 * size);
    }
    statuses[size] = status;
    counts[size] = requests;
    size++;
  }
}
