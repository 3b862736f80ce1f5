package io.logfold.generator;

import java.util.SplittableRandom;

/**
 * The clients whose requests are logged. Each has its own address, and their popularity follows
 * Zipf's law. Immutable.
 */
final class Clients {

  /** More addresses than this are not kept: books of 10 million clients take about 120 MB. */
  static final int MAX = 10_000_000;

  private static final int ADDRESS_BITS = 30;
  private static final byte[][] OCTETS = octets();

  private final WeightedPick popularity;

  Clients(int count) {
    popularity = WeightedPick.zipf(count);
  }

  int pick(SplittableRandom random) {
    return popularity.pick(random);
  }

  /**
   * Writes a client's IPv4 address. Different clients have different addresses: an odd factor is a
   * permutation of the 30 bits, and the first octet (20, 23, ... 209) names 64 networks that are
   * neither private nor loopback nor multicast.
   */
  static void putAddress(Bytes out, int client) {
    int bits = (client * 0x9E3779B1 + 0x2F6B_1D03) & ((1 << ADDRESS_BITS) - 1);
    out.put(OCTETS[20 + 3 * (bits >>> 24)]).put('.');
    out.put(OCTETS[(bits >>> 16) & 255]).put('.');
    out.put(OCTETS[(bits >>> 8) & 255]).put('.');
    out.put(OCTETS[bits & 255]);
  }

  private static byte[][] octets() {
    byte[][] octets = new byte[256][];
    for (int i = 0; i < octets.length; i++) {
      octets[i] = Bytes.ascii(Integer.toString(i));
    }
    return octets;
  }
}
