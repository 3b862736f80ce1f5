package io.logfold.command.telling;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What proves to a hook that a body is ours and how old it is: {@code t=SECONDS,v1=HEX}, where HEX
 * is the HMAC-SHA256 of {@code SECONDS.BODY}.
 */
final class Signature {

  private static final String HMAC = "HmacSHA256";

  private Signature() {}

  /**
   * @param secret 1 or more characters; its UTF-8 is the key
   * @param at when it is sent
   */
  static String of(String secret, Instant at, byte[] body) {
    String seconds = Long.toString(at.getEpochSecond());
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), HMAC));
      mac.update((seconds + ".").getBytes(StandardCharsets.US_ASCII));
      return "t=%s,v1=%s".formatted(seconds, HexFormat.of().formatHex(mac.doFinal(body)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java knows HMAC-SHA256", e);
    }
  }
}
