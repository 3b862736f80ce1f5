package io.logfold.api.ingest;

import java.util.OptionalLong;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The identity of a request, as the events carry it. There are three kinds:
 *
 * <ul>
 *   <li>{@code stream/sequence}, such as {@code web-1/42}: a sender that numbers its requests and
 *       has one in flight a stream. Remembered for ever at the cost of one row a stream.
 *   <li>any other key of the sender: remembered for a while.
 *   <li>{@code !} and a random id: the request had no key, and nothing about it is remembered.
 * </ul>
 *
 * @param value 1 to 200 visible ASCII characters
 */
public record RequestId(String value) {

  /** What the {@code Idempotency-Key} header may hold; {@code !} is kept for ids made here. */
  private static final Pattern KEY = Pattern.compile("[\\x22-\\x7e][\\x21-\\x7e]{0,199}");

  private static final int MAX_STREAM = 100;
  private static final int MAX_DIGITS = 18;

  /** An id for a request that came without a key. */
  public static RequestId unkeyed() {
    return new RequestId("!" + UUID.randomUUID());
  }

  /**
   * The id of a request whose sender named it.
   *
   * @param key the sender's {@code Idempotency-Key}
   * @throws IllegalArgumentException with a sentence for the sender when it is no usable key
   */
  public static RequestId ofKey(String key) {
    if (!KEY.matcher(key).matches()) {
      throw new IllegalArgumentException(
          "Idempotency-Key must be 1 to 200 visible ASCII characters and not start with '!'.");
    }
    return new RequestId(key);
  }

  /** Whether a repeat of this request can be told from a new one. */
  public boolean isKeyed() {
    return !value.startsWith("!");
  }

  /** Whether the sender numbers its requests: {@code stream/sequence}. */
  public boolean isNumbered() {
    int slash = value.indexOf('/');
    return slash >= 1 && slash <= MAX_STREAM && isNumber(slash + 1);
  }

  private boolean isNumber(int from) {
    int digits = value.length() - from;
    if (digits < 1 || digits > MAX_DIGITS) {
      return false;
    }
    for (int i = from; i < value.length(); i++) {
      if (value.charAt(i) < '0' || value.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  /**
   * The stream of a numbered request, else the whole id: requests of a stream share a partition.
   */
  public String stream() {
    return isNumbered() ? value.substring(0, value.indexOf('/')) : value;
  }

  /** The request's number in its stream; empty unless it {@link #isNumbered() is numbered}. */
  public OptionalLong sequence() {
    return isNumbered()
        ? OptionalLong.of(Long.parseLong(value.substring(value.indexOf('/') + 1)))
        : OptionalLong.empty();
  }
}
