package io.logfold.api.alerts;

/**
 * Somebody to tell.
 *
 * @param kind the message's shape
 * @param url where it is posted; http or https, at most 2,000 characters
 */
public record Target(Kind kind, String url) {

  /** The shapes there are. */
  public enum Kind {
    /** JSON as {@code docs/webhook.schema.json} describes it, signed. */
    WEBHOOK,
    /** A text for hooks that are compatible with Slack's. */
    SLACK
  }
}
