package io.logfold.generator;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A growing buffer of ASCII text: the cheap way to write many lines, as nothing is allocated per
 * line. Not thread-safe.
 */
final class Bytes {

  private byte[] buffer = new byte[16_384];
  private int length;

  /** The text as the bytes a writer puts again and again. */
  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  void clear() {
    length = 0;
  }

  Bytes put(byte[] text) {
    reserve(text.length);
    System.arraycopy(text, 0, buffer, length, text.length);
    length += text.length;
    return this;
  }

  Bytes put(char ascii) {
    reserve(1);
    buffer[length++] = (byte) ascii;
    return this;
  }

  /** Writes a number in decimal. */
  Bytes put(int number) {
    if (number < 0) {
      throw new IllegalArgumentException("Not written here: " + number);
    }
    return digits(number, Math.max(1, decimals(number)));
  }

  /** Writes the lowest digits of a number, with leading zeros. */
  Bytes digits(int number, int count) {
    reserve(count);
    int rest = number;
    for (int i = length + count - 1; i >= length; i--) {
      buffer[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += count;
    return this;
  }

  /** Takes the last character back. */
  void dropLast() {
    length--;
  }

  byte[] copy() {
    return Arrays.copyOf(buffer, length);
  }

  private static int decimals(int number) {
    int count = 0;
    for (int rest = number; rest > 0; rest /= 10) {
      count++;
    }
    return count;
  }

  private void reserve(int more) {
    if (length + more > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, length + more));
    }
  }
}
