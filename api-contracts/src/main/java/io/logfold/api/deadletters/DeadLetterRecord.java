package io.logfold.api.deadletters;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record that was kept aside, whole.
 *
 * @param headers as they stand on the log, in their order
 * @param base64 the bytes of its value, or null if it had none
 * @param text the same as text, or null if they are none
 */
public record DeadLetterRecord(
    DeadLetterReport letter, List<Header> headers, @Nullable String base64, @Nullable String text) {

  /**
   * A header of a record.
   *
   * @param base64 the bytes of its value, or null if it had none
   * @param text the same as text, or null if they are none
   */
  public record Header(String name, @Nullable String base64, @Nullable String text) {}
}
