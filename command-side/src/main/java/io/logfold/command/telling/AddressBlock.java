package io.logfold.command.telling;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * Addresses that begin alike, in CIDR notation.
 *
 * @param first any address of the block
 * @param bits how many of its leading bits the others share
 */
record AddressBlock(InetAddress first, int bits) {

  AddressBlock {
    if (bits < 0 || bits > first.getAddress().length * 8) {
      throw new IllegalArgumentException("An address of that kind has no " + bits + " bits.");
    }
  }

  /** Reads {@code 10.0.0.0/8}, {@code fc00::/7}, or one address. */
  static AddressBlock valueOf(String text) {
    int slash = text.indexOf('/');
    String address = slash < 0 ? text : text.substring(0, slash);
    try {
      InetAddress first = literal(address);
      int all = first.getAddress().length * 8;
      return new AddressBlock(first, slash < 0 ? all : Integer.parseInt(text.substring(slash + 1)));
    } catch (NumberFormatException | UnknownHostException e) {
      throw new IllegalArgumentException(
          "'%s' is no block of addresses, expected one such as 10.0.0.0/8.".formatted(text), e);
    }
  }

  /** A name must not be looked up: what it means could change. */
  private static InetAddress literal(String address) throws UnknownHostException {
    if (!address.matches("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) {
      throw new UnknownHostException(address);
    }
    return InetAddress.getByName(address);
  }

  boolean holds(InetAddress address) {
    byte[] block = first.getAddress();
    byte[] other = address.getAddress();
    return block.length == other.length && commonBits(block, other) >= bits;
  }

  private static int commonBits(byte[] one, byte[] other) {
    for (int i = 0; i < one.length; i++) {
      int difference = (one[i] ^ other[i]) & 0xff;
      if (difference != 0) {
        return i * 8 + Integer.numberOfLeadingZeros(difference) - 24;
      }
    }
    return one.length * 8;
  }
}
