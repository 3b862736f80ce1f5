package io.logfold.query.rollup;

import java.util.Arrays;
import java.util.SortedMap;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/**
 * Requests by HTTP status; few of them differ, so they stand in two short arrays. Not thread-safe.
 */
public final class StatusCounts {

  private int[] statuses = new int[8];
  private long[] counts = new long[8];
  private int size;

  /** Counts requests that were answered with a status. */
  public void add(int status, long requests) {
    for (int i = 0; i < size; i++) {
      if (statuses[i] == status) {
        counts[i] += requests;
        return;
      }
    }
    append(status, requests);
  }

  /** Adds the requests of other counts, which stay as they are. */
  public void merge(StatusCounts other) {
    for (int i = 0; i < other.size; i++) {
      add(other.statuses[i], other.counts[i]);
    }
  }

  /** How many requests were answered with one of some statuses. */
  public long sum(IntPredicate wanted) {
    long requests = 0;
    for (int i = 0; i < size; i++) {
      if (wanted.test(statuses[i])) {
        requests += counts[i];
      }
    }
    return requests;
  }

  /** Requests by status, a copy. */
  public SortedMap<Integer, Long> toMap() {
    SortedMap<Integer, Long> map = new TreeMap<>();
    for (int i = 0; i < size; i++) {
      map.put(statuses[i], counts[i]);
    }
    return map;
  }

  /** In order of status, such as {@code 200:70,404:20}. */
  public String toText() {
    StringJoiner text = new StringJoiner(",");
    toMap().forEach((status, requests) -> text.add(status + ":" + requests));
    return text.toString();
  }

  /** Reads what {@link #toText} wrote of at least one request. */
  public static StatusCounts fromText(String text) {
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
