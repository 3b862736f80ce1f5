package io.logfold.query.rollup;

import com.datadoghq.sketch.ddsketch.DDSketch;
import com.datadoghq.sketch.ddsketch.encoding.ByteArrayInput;
import com.datadoghq.sketch.ddsketch.encoding.GrowingByteArrayOutput;
import com.datadoghq.sketch.ddsketch.mapping.LogarithmicMapping;
import com.datadoghq.sketch.ddsketch.store.UnboundedSizeDenseStore;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Quantiles of latency within 1 % of the exact value (DDSketch, VLDB 2019). Partial sketches merge
 * without further error. At most some 1,400 bins between a microsecond and a day. Not thread-safe.
 */
public final class LatencySketch {

  private static final double RELATIVE_ACCURACY = 0.01;

  private final DDSketch sketch;

  /** Of no requests. */
  public LatencySketch() {
    this(new DDSketch(new LogarithmicMapping(RELATIVE_ACCURACY), UnboundedSizeDenseStore::new));
  }

  private LatencySketch(DDSketch sketch) {
    this.sketch = sketch;
  }

  /** Counts a request's latency. */
  public void add(long micros) {
    sketch.accept((double) micros);
  }

  /** Adds the requests of another sketch, which stays as it is. */
  public void merge(LatencySketch other) {
    sketch.mergeWith(other.sketch);
  }

  /** Adds the requests of what {@link #toBytes} wrote. */
  public void mergeBytes(byte[] bytes) {
    try {
      sketch.decodeAndMergeWith(ByteArrayInput.wrap(bytes));
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /**
   * The latency that a share of the requests did not exceed, in microseconds; 0 without requests.
   *
   * @param quantile 0 to 1
   */
  public long micros(double quantile) {
    return sketch.isEmpty() ? 0 : Math.round(sketch.getValueAtQuantile(quantile));
  }

  /** The same bytes for the same requests, in whatever order they were added or merged. */
  public byte[] toBytes() {
    try {
      GrowingByteArrayOutput output = GrowingByteArrayOutput.withDefaultInitialCapacity();
      sketch.encode(output, false);
      return output.trimmedCopy();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads what {@link #toBytes} wrote. */
  public static LatencySketch fromBytes(byte[] bytes) {
    try {
      return new LatencySketch(
          DDSketch.decode(ByteArrayInput.wrap(bytes), UnboundedSizeDenseStore::new));
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static UncheckedIOException unreadable(IOException e) {
    return new UncheckedIOException("A latency sketch in the database cannot be read.", e);
  }
}
