package io.logfold.command.telling;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How hooks are told.
 *
 * @param secret what signs a webhook's body; empty: it is sent unsigned
 * @param allowPrivate whether a hook may be at an address of this machine or of a network of ours;
 *     always so while the server itself listens on this machine only
 * @param allow addresses or blocks of them, such as {@code 10.1.2.0/24}, that a hook may be at all
 *     the same
 * @param connectTimeout for a connection to be made, to each address
 * @param callTimeout for a whole call, 30 seconds at most: well below {@link Courier#LEASE}
 * @param giveUpAfter how long a delivery is tried
 * @param keep how long deliveries are listed after their event; those that are pending stay
 */
@ConfigurationProperties("logfold.telling")
record TellingProperties(
    @DefaultValue("") String secret,
    @DefaultValue("false") boolean allowPrivate,
    @DefaultValue List<String> allow,
    @DefaultValue("3s") Duration connectTimeout,
    @DefaultValue("10s") Duration callTimeout,
    @DefaultValue("24h") Duration giveUpAfter,
    @DefaultValue("30d") Duration keep) {

  private static final Duration LONGEST_CALL = Duration.ofSeconds(30);

  TellingProperties {
    if (callTimeout.isNegative() || callTimeout.compareTo(LONGEST_CALL) > 0) {
      throw new IllegalArgumentException(
          "logfold.telling.call-timeout is %s, expected 30s at most.".formatted(callTimeout));
    }
  }

  /** Not for logs: it holds the secret. */
  @Override
  public String toString() {
    return "TellingProperties";
  }
}
