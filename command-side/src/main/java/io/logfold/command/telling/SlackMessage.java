package io.logfold.command.telling;

import io.logfold.api.alerts.Evidence;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The body for hooks that are compatible with Slack's.
 *
 * @param text in Slack's mrkdwn, where {@code &}, {@code <} and {@code >} from outside are escaped:
 *     a path can neither make a link nor call a channel
 */
record SlackMessage(String text) {

  private static final int MAX_TEXT = 3_000;

  static SlackMessage of(Notice notice) {
    String title = notice.crossing().rule().name().replace('*', ' ').strip();
    String plain =
        "*%s*: %s%s\nIncident %s"
            .formatted(
                title,
                Sentence.of(notice),
                evidence(notice.crossing().evidence()),
                notice.incidentId());
    return new SlackMessage(escaped(Sentence.cut(plain, MAX_TEXT)));
  }

  private static String evidence(Evidence evidence) {
    return counts("Routes", evidence.routes())
        + counts("Statuses", evidence.statuses())
        + counts("Clients", evidence.clients());
  }

  private static String counts(String title, List<Evidence.Count> counts) {
    if (counts.isEmpty()) {
      return "";
    }
    return counts.stream()
        .map(count -> Sentence.cut(count.value(), 100) + " " + Sentence.number(count.requests()))
        .collect(Collectors.joining(", ", "\n" + title + ": ", ""));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
