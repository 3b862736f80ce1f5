package io.logfold.benchmarks;

import java.time.Duration;

/**
 * A run with faults.
 *
 * @param logs how many are sent at least
 * @param faults how many are done
 * @param seed decides which, when, and what is sent
 * @param rate logs a second
 * @param freeze how long a frozen process stays so
 * @param away how long a query side stays away for the other to take over
 */
record FaultSettings(
    long logs, int faults, long seed, double rate, Duration freeze, Duration away) {}
