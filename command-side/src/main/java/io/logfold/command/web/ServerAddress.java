package io.logfold.command.web;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** What {@code server.address} means. */
public final class ServerAddress {

  private ServerAddress() {}

  /** Whether only this machine can reach a server there. */
  public static boolean isLoopback(String address) {
    try {
      return !address.isBlank() && InetAddress.getByName(address).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
