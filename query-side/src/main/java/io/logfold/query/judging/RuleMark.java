package io.logfold.query.judging;

import io.logfold.api.alerts.RuleDefinition;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * What tells a rule from the rule that it was before a change: only that by which it judges, not
 * its name nor whom it tells.
 *
 * @param measure what it measures: values of the same measure can be compared
 * @param digest of everything by which it judges
 */
record RuleMark(String measure, String digest) {

  static RuleMark of(RuleDefinition rule) {
    String measure = rule.measure() + (rule.status() == null ? "" : " " + rule.status());
    return new RuleMark(
        measure,
        sha256(
            List.of(
                    measure,
                    rule.scope().key(),
                    rule.windowMinutes(),
                    rule.opensAt(),
                    rule.closesAt(),
                    rule.minimumRequests(),
                    rule.opensAfterMinutes(),
                    rule.closesAfterMinutes())
                .toString()));
  }

  /** 64 hexadecimal digits. */
  static String sha256(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256.", e);
    }
  }
}
