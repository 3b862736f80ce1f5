package io.logfold.generator;

import java.net.http.HttpRequest;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;

/**
 * One sender: it makes a request, delivers it, and only then makes the next, so that a receiver can
 * tell repeats by the last sequence it saw of this stream.
 */
final class Stream implements Runnable {

  private static final long FIRST_BACKOFF_NANOS = 100_000_000L;
  private static final long MAX_BACKOFF_NANOS = 5_000_000_000L;

  private final String name;
  private final GeneratorSettings settings;
  private final Schedule schedule;
  private final BatchMaker maker;
  private final HttpTarget target;
  private final Books books;
  private final Ticker ticker;
  private final CountDownLatch stopped;
  private final SplittableRandom jitter = new SplittableRandom();
  private long sequence;

  Stream(
      String name,
      GeneratorSettings settings,
      Schedule schedule,
      BatchMaker maker,
      HttpTarget target,
      Books books,
      Ticker ticker,
      CountDownLatch stopped) {
    this.name = name;
    this.settings = settings;
    this.schedule = schedule;
    this.maker = maker;
    this.target = target;
    this.books = books;
    this.ticker = ticker;
    this.stopped = stopped;
  }

  @Override
  public void run() {
    try {
      for (Schedule.Slot slot = schedule.next(); slot != null; slot = schedule.next()) {
        if (isStoppedBefore(slot.dueNanos())) {
          return;
        }
        Batch batch = maker.make(slot);
        books.generated(batch.size());
        deliver(batch);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      books.problem("Stream " + name + " ended early: " + e);
      schedule.close();
      throw e;
    }
  }

  private boolean isStoppedBefore(long dueNanos) throws InterruptedException {
    return ticker.sleep(Math.max(0, dueNanos - ticker.nanos()), stopped);
  }

  private void deliver(Batch batch) throws InterruptedException {
    HttpRequest request = target.request(name + "/" + ++sequence, batch.body);
    books.sending(batch.size());
    Answer answer = tryUntilFinal(request);
    if (answer.isSuccess()) {
      books.accepted(batch, answer);
    } else if (!answer.isTransient()) {
      books.failed(batch.size(), Integer.toString(answer.status()), answer);
    } else if (stopped.getCount() > 0) {
      giveUp(batch, answer);
    }
  }

  /** Tries until the answer is final, the patience is at its end, or the run is stopped. */
  private Answer tryUntilFinal(HttpRequest request) throws InterruptedException {
    long began = ticker.nanos();
    Answer answer = attempt(request);
    for (int failures = 1; answer.isTransient(); failures++) {
      long pause = pauseNanos(answer, failures);
      boolean outOfPatience = ticker.nanos() - began + pause > settings.giveUpAfter().toNanos();
      if (outOfPatience || ticker.sleep(pause, stopped)) {
        return answer;
      }
      books.retrying();
      answer = attempt(request);
    }
    return answer;
  }

  private Answer attempt(HttpRequest request) throws InterruptedException {
    Answer answer = target.post(request);
    books.answered(answer);
    return answer;
  }

  /** What the receiver asks for, else doubling from 0.1 s to 5 s, a random half of it off. */
  private long pauseNanos(Answer answer, int failures) {
    if (answer.retryAfterNanos() >= 0) {
      return answer.retryAfterNanos();
    }
    long limit = Math.min(MAX_BACKOFF_NANOS, FIRST_BACKOFF_NANOS << Math.min(failures - 1, 10));
    return limit / 2 + jitter.nextLong(limit / 2);
  }

  /** A run with an end stops here, as every further request would take as long to fail. */
  private void giveUp(Batch batch, Answer answer) {
    books.failed(batch.size(), "gave-up", answer);
    if (settings.isBounded()) {
      schedule.close();
    }
  }
}
