package io.logfold.command.telling;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Looks names up and refuses those with an address that must not be called. The connection is made
 * to the very addresses that were checked: a name that means something else a moment later changes
 * nothing. Every address of a name must pass.
 */
final class CheckedNames implements DnsResolver {

  private final DnsResolver names;
  private final boolean allowAll;
  private final List<AddressBlock> allowed;

  /**
   * @param names looks names up, and reads addresses that are written out
   * @param allowAll whether every address may be called
   * @param allowed what may be called beside public addresses
   */
  CheckedNames(DnsResolver names, boolean allowAll, List<AddressBlock> allowed) {
    this.names = names;
    this.allowAll = allowAll;
    this.allowed = List.copyOf(allowed);
  }

  @Override
  public InetAddress[] resolve(String host) throws UnknownHostException {
    InetAddress[] addresses = names.resolve(host);
    if (addresses == null || addresses.length == 0) {
      throw new UnknownHostException(host);
    }
    for (InetAddress address : addresses) {
      check(host, address);
    }
    return addresses;
  }

  private void check(String host, InetAddress address) throws TargetRefused {
    if (!allowAll
        && !PublicAddresses.isPublic(address)
        && allowed.stream().noneMatch(block -> block.holds(address))) {
      throw new TargetRefused(
          ("The host %s is at %s, which is no public address; logfold.telling.allow and"
                  + " logfold.telling.allow-private could allow it.")
              .formatted(host, address.getHostAddress()));
    }
  }

  @Override
  public String resolveCanonicalHostname(String host) {
    return host;
  }
}
