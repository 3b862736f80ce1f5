package io.logfold.api.alerts;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a rule watches, and when it speaks.
 *
 * @param name for readers; 1 to 100 characters
 * @param scope which requests; a field that is {@code *} is judged for each of its values apart
 * @param measure what is measured over the window
 * @param status the status that {@link Measure#STATUS_COUNT} counts; null for other measures
 * @param windowMinutes how many minutes are measured together, 1 to 1,440
 * @param opensAt reached or passed: the incident opens; in the measure's unit
 * @param closesAt reached or passed the other way: it closes; never on the opening side of {@code
 *     opensAt}, so that a measure in between changes nothing
 * @param minimumRequests a window with fewer requests is no reason to open, 0 or more; without
 *     meaning for {@link Measure#REQUESTS_PER_MINUTE_BELOW}
 * @param opensAfterMinutes how many minutes in a row must say so before it opens, 1 to 1,440
 * @param closesAfterMinutes how many minutes in a row must say so before it closes, 1 to 1,440
 * @param escalatesAfterMinutes how long an incident may go without anybody's acknowledgement before
 *     it is told again, 1 to 10,080; null: never
 * @param tell who is told, at most 10
 */
public record RuleDefinition(
    String name,
    Scope scope,
    Measure measure,
    @Nullable Integer status,
    int windowMinutes,
    double opensAt,
    double closesAt,
    long minimumRequests,
    int opensAfterMinutes,
    int closesAfterMinutes,
    @Nullable Integer escalatesAfterMinutes,
    List<Target> tell) {}
