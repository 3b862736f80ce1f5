package io.logfold.api.errorlog;

import io.logfold.api.AccessLog;
import java.time.Instant;
import java.util.List;

/**
 * The answer to {@link FindErrorLogs}.
 *
 * @param logs one page, newest first
 * @param total how many logs match the filter on all pages
 * @param asOf when the answer was read from the database
 */
public record ErrorLogPage(List<ErrorLog> logs, long total, Instant asOf) {

  /**
   * A log that failed.
   *
   * @param id its position on the event log as one number, the same after every rebuild
   * @param log what was logged
   */
  public record ErrorLog(long id, AccessLog log) {}
}
