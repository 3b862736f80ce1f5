package io.logfold.command.telling;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Tells addresses that anybody may be at from those with a special purpose: of this machine, of a
 * private network, of a link, of a group, for examples (RFC 6890 and IANA's registries). Whoever
 * may define a rule could otherwise make the server call what only the server can reach.
 */
final class PublicAddresses {

  private static final List<AddressBlock> SPECIAL =
      Stream.of(
              "0.0.0.0/8", // this network
              "10.0.0.0/8", // private
              "100.64.0.0/10", // behind a provider's NAT
              "127.0.0.0/8", // loopback
              "169.254.0.0/16", // link-local; clouds tell their secrets at 169.254.169.254
              "172.16.0.0/12", // private
              "192.0.0.0/24", // protocols
              "192.0.2.0/24", // examples
              "192.88.99.0/24", // relays to IPv6, given up
              "192.168.0.0/16", // private
              "198.18.0.0/15", // benchmarks
              "198.51.100.0/24", // examples
              "203.0.113.0/24", // examples
              "224.0.0.0/4", // multicast
              "240.0.0.0/4", // reserved, broadcast
              "2001::/23", // protocols; Teredo, which holds an IPv4 address
              "2001:db8::/32", // examples
              "2002::/16", // 6to4, which holds an IPv4 address
              "3fff::/20") // examples
          .map(AddressBlock::valueOf)
          .toList();

  /** All there is for everybody; loopback, mapped, link-local, ULA and multicast lie outside. */
  private static final AddressBlock GLOBAL_V6 = AddressBlock.valueOf("2000::/3");

  /** An IPv4 address as a network that speaks IPv6 alone sees it. */
  private static final AddressBlock NAT64 = AddressBlock.valueOf("64:ff9b::/96");

  private PublicAddresses() {}

  static boolean isPublic(InetAddress address) {
    if (NAT64.holds(address)) {
      return isPublic(lastFourBytes(address));
    }
    return (!(address instanceof Inet6Address) || GLOBAL_V6.holds(address))
        && SPECIAL.stream().noneMatch(block -> block.holds(address));
  }

  private static InetAddress lastFourBytes(InetAddress address) {
    try {
      return InetAddress.getByAddress(Arrays.copyOfRange(address.getAddress(), 12, 16));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("Four bytes are an address", e);
    }
  }
}
