package io.logfold.command.ingest;

import io.logfold.api.AccessLog;
import io.logfold.api.ingest.ReceiveLogs;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Which sources have a name of their own. Every one of them is a row in each of the read side's
 * buckets, so the first thousand are kept and later ones share {@code (other)}. Decided in memory;
 * the database only remembers it over a restart, and ingest never waits for it. Thread-safe.
 */
@Component
class Sources {

  static final String DEFAULT = "default";
  static final String OTHER = "(other)";

  private static final int MAX_LENGTH = 64;
  private static final Logger log = LoggerFactory.getLogger(Sources.class);

  private final KnownSources rows;
  private final int max;
  private final Set<String> known = ConcurrentHashMap.newKeySet();
  private final Set<String> unsaved = ConcurrentHashMap.newKeySet();

  Sources(KnownSources rows, IngestProperties limits) {
    this.rows = rows;
    this.max = limits.maxSources();
    rows.findAll().forEach(row -> known.add(row.name()));
  }

  /** A source's name if it can be one, without blanks around it. */
  static String checked(String name) throws BadLine {
    if (name.isBlank()
        || name.length() > MAX_LENGTH
        || holdsControl(name)
        || Excerpt.isBroken(name)) {
      throw new BadLine(
          "bad-source", "source must have 1 to 64 characters and no control characters.");
    }
    return name.strip();
  }

  private static boolean holdsControl(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (Character.isISOControl(name.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  /** The name to count this source under. */
  String admit(String name) {
    return known.contains(name) || enter(name) ? name : OTHER;
  }

  /** The same lines, each under a source that is admitted. */
  List<ReceiveLogs.Line> admit(List<ReceiveLogs.Line> lines) {
    List<ReceiveLogs.Line> admitted = new ArrayList<>(lines.size());
    for (ReceiveLogs.Line line : lines) {
      String source = admit(line.log().source());
      boolean same = source.equals(line.log().source());
      admitted.add(same ? line : new ReceiveLogs.Line(line.line(), under(source, line.log())));
    }
    return admitted;
  }

  private synchronized boolean enter(String name) {
    if (!known.contains(name) && known.size() >= max) {
      return false;
    }
    if (known.add(name)) {
      unsaved.add(name);
    }
    return true;
  }

  private static AccessLog under(String source, AccessLog log) {
    return new AccessLog(
        log.time(),
        log.ip(),
        log.method(),
        log.path(),
        log.status(),
        log.latencyMicros(),
        source,
        log.bytes(),
        log.userAgent(),
        log.referrer(),
        log.host(),
        log.protocol(),
        log.route(),
        log.traceId());
  }

  /** Saves what is new; what could not be saved waits for the next time. */
  @Scheduled(fixedDelay = 1_000)
  void save() {
    Set<String> names = new HashSet<>(unsaved);
    if (names.isEmpty()) {
      return;
    }
    try {
      rows.saveAll(names.stream().map(KnownSource::of).toList());
      unsaved.removeAll(names);
    } catch (DataAccessException | TransactionException e) {
      log.warn("{} new sources are not saved yet: {}", names.size(), e.getMessage());
    }
  }
}
