package io.logfold.query.routes;

import io.logfold.api.AccessLog;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a transaction adds to rows of a partition, some five bytes a log. A row has a number, by
 * which it is meant; it is described where its number comes up first, be that in an earlier record.
 * So a partition's records are read in their order, from the first.
 *
 * <p>For each row its number; its minute, source, route, method and class of status if the number
 * is new; how many logs; and of each of them the status within its class and the latency. Numbers
 * are of variable length, seven bits a byte, the lowest first. Not thread-safe.
 */
final class JournalRecord {

  private static final int CLASS = 100;
  private static final int MOST_BYTES_A_NUMBER = 10;

  private byte[] bytes = new byte[1_024];
  private int size;
  private long firstMinute = Long.MAX_VALUE;
  private long lastMinute = Long.MIN_VALUE;

  /**
   * Adds logs to a row.
   *
   * @param number the row's, from 0 without a gap
   * @param isNew whether no record has described it yet
   */
  void add(RouteRow row, int number, boolean isNew, List<AccessLog> logs) {
    firstMinute = Math.min(firstMinute, row.minute());
    lastMinute = Math.max(lastMinute, row.minute());
    put(number);
    if (isNew) {
      put(row.minute());
      put(row.source());
      put(row.route());
      put(row.method());
      put(row.statusClass());
    }
    put(logs.size());
    for (AccessLog log : logs) {
      put(log.status() - row.statusClass() * CLASS);
      put(log.latencyMicros());
    }
  }

  /** The oldest minute it adds to. */
  long firstMinute() {
    return firstMinute;
  }

  /** The newest minute it adds to. */
  long lastMinute() {
    return lastMinute;
  }

  int bytes() {
    return size;
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }

  private void put(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    put(utf8.length);
    reserve(utf8.length);
    System.arraycopy(utf8, 0, bytes, size, utf8.length);
    size += utf8.length;
  }

  private void put(long number) {
    reserve(MOST_BYTES_A_NUMBER);
    long rest = number;
    while ((rest & ~0x7FL) != 0) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  private void reserve(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
    }
  }

  /** Reads a partition's records, one after the other. Not thread-safe. */
  static final class Reader {

    private final int part;
    private final Function<RouteRow, @Nullable RouteFigures> figures;
    private final List<RouteRow> rows = new ArrayList<>();

    /**
     * @param figures where what is added to a row is counted, or null if nobody wants to know
     */
    Reader(int part, Function<RouteRow, @Nullable RouteFigures> figures) {
      this.part = part;
      this.figures = figures;
    }

    void read(byte[] record) {
      ByteBuffer in = ByteBuffer.wrap(record);
      while (in.hasRemaining()) {
        RouteRow row = row(in);
        RouteFigures counted = figures.apply(row);
        for (long logs = number(in); logs > 0; logs--) {
          int status = row.statusClass() * CLASS + (int) number(in);
          long latencyMicros = number(in);
          if (counted != null) {
            counted.add(status, latencyMicros);
          }
        }
      }
    }

    private RouteRow row(ByteBuffer in) {
      int number = (int) number(in);
      if (number == rows.size()) {
        rows.add(new RouteRow(number(in), text(in), text(in), text(in), (int) number(in), part));
      }
      return rows.get(number);
    }

    private static String text(ByteBuffer in) {
      byte[] utf8 = new byte[(int) number(in)];
      in.get(utf8);
      return new String(utf8, StandardCharsets.UTF_8);
    }

    private static long number(ByteBuffer in) {
      long number = 0;
      int shift = 0;
      byte next;
      do {
        next = in.get();
        number |= (next & 0x7FL) << shift;
        shift += 7;
      } while (next < 0);
      return number;
    }
  }
}
