package io.logfold.query.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.cache.Cache;
import org.springframework.cache.concurrent.ConcurrentMapCache;

@Timeout(30)
class AnswerCacheTest {

  private static final long RETRY = Duration.ofSeconds(1).toNanos();

  private final BreakableStore store = new BreakableStore();
  private final Counter failures = new SimpleMeterRegistry().counter("failures");
  private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - RETRY / 2); // it may wrap
  private final AnswerCache cache = new AnswerCache(store, failures, nanoTime::get, RETRY);

  @Test
  void keepsAnAnswer() {
    assertThat(cache.<String>get("key", () -> "first")).isEqualTo("first");
    assertThat(cache.<String>get("key", () -> "second")).isEqualTo("first");
    assertThat(cache.<String>get("other", () -> "third")).isEqualTo("third");
  }

  @Test
  void asksTheLoaderWhileTheStoreFails() {
    store.broken = true;
    assertThat(cache.<String>get("key", () -> "first")).isEqualTo("first");
    assertThat(cache.<String>get("key", () -> "second")).isEqualTo("second");
    assertThat(cache.get("key")).isNull();
    assertThat(cache.get("key", String.class)).isNull();
    cache.put("key", "lost");
  }

  @Test
  void isClearedWithoutAComplaintWhileTheStoreFails() {
    cache.put("key", "kept");
    store.broken = true;
    cache.clear();
    nanoTime.addAndGet(RETRY);
    cache.evict("key");
    assertThat(failures.count()).isEqualTo(2);
  }

  @Test
  void leavesAFailingStoreAloneForTheRetryTime() {
    store.broken = true;
    cache.get("key", () -> "first");
    nanoTime.addAndGet(RETRY - 1);
    cache.get("key", () -> "second");
    cache.get("other", () -> "third");
    assertThat(store.calls).hasValue(1);
    assertThat(failures.count()).isEqualTo(1);
    nanoTime.addAndGet(1);
    cache.get("key", () -> "fourth");
    assertThat(store.calls).hasValue(2);
    assertThat(failures.count()).isEqualTo(2);
  }

  @Test
  void keepsAnswersAgainOnceTheStoreIsBack() {
    store.broken = true;
    cache.get("key", () -> "first");
    store.broken = false;
    nanoTime.addAndGet(RETRY);
    assertThat(cache.<String>get("key", () -> "second")).isEqualTo("second");
    assertThat(cache.<String>get("key", () -> "third")).isEqualTo("second");
    assertThat(failures.count()).isEqualTo(1);
  }

  @Test
  void answersAlthoughTheStoreFailsBetweenAskingAndKeeping() {
    assertThat(
            cache.<String>get(
                "key",
                () -> {
                  store.broken = true;
                  return "first";
                }))
        .isEqualTo("first");
    assertThat(failures.count()).isEqualTo(1);
  }

  @Test
  void loadsOnceForAllWhoAskTheSameAtTheSameTime() throws Exception {
    loadsOnce();
  }

  @Test
  void loadsOnceForAllWhoAskTheSameWhileTheStoreFails() throws Exception {
    store.broken = true;
    loadsOnce();
  }

  private void loadsOnce() throws Exception {
    AtomicInteger loads = new AtomicInteger();
    CountDownLatch answered = new CountDownLatch(1);
    List<FutureTask<@Nullable String>> askers =
        askTogether(
            "key",
            8,
            answered,
            () -> {
              answered.await();
              return "answer " + loads.incrementAndGet();
            });
    for (FutureTask<@Nullable String> asker : askers) {
      assertThat(asker.get()).isEqualTo("answer 1");
    }
    assertThat(loads).hasValue(1);
  }

  @Test
  void letsNobodyWaitForAnotherQuestion() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    Thread slow = new Thread(() -> cache.get("slow", () -> waitFor(never)));
    slow.start();
    untilWaiting(List.of(slow));
    assertThat(cache.<String>get("quick", () -> "answer")).isEqualTo("answer");
    never.countDown();
    slow.join();
  }

  @Test
  void tellsEveryAskerWhatWentWrongAndKeepsNothing() throws Exception {
    CountDownLatch answered = new CountDownLatch(1);
    IllegalStateException wrong = new IllegalStateException("the database is away");
    List<FutureTask<@Nullable String>> askers =
        askTogether(
            "key",
            4,
            answered,
            () -> {
              answered.await();
              throw wrong;
            });
    for (FutureTask<@Nullable String> asker : askers) {
      assertThatThrownBy(asker::get)
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOf(Cache.ValueRetrievalException.class)
          .hasCause(wrong);
    }
    assertThat(store.get("key")).isNull();
    assertThat(cache.<String>get("key", () -> "answer")).isEqualTo("answer");
    assertThat(failures.count()).isZero();
  }

  @Test
  void loadsAgainForWhoAsksAfterTheAnswerWhileTheStoreFails() {
    store.broken = true;
    AtomicInteger loads = new AtomicInteger();
    assertThat(cache.<Integer>get("key", loads::incrementAndGet)).isEqualTo(1);
    assertThat(cache.<Integer>get("key", loads::incrementAndGet)).isEqualTo(2);
  }

  /** Many ask; the answer is let go only when all of them wait for it. */
  private List<FutureTask<@Nullable String>> askTogether(
      Object key, int number, CountDownLatch answer, Callable<String> loader) {
    List<FutureTask<@Nullable String>> asks = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      FutureTask<@Nullable String> ask = new FutureTask<>(() -> cache.get(key, loader));
      Thread thread = new Thread(ask);
      thread.start();
      asks.add(ask);
      threads.add(thread);
    }
    untilWaiting(threads);
    answer.countDown();
    return asks;
  }

  private static void untilWaiting(List<Thread> threads) {
    await()
        .until(
            () -> threads.stream().allMatch(thread -> thread.getState() == Thread.State.WAITING));
  }

  private static String waitFor(CountDownLatch latch) throws InterruptedException {
    latch.await();
    return "late";
  }

  /** Spring's own cache in memory, which fails on demand as a lost connection does. */
  private static final class BreakableStore extends ConcurrentMapCache {

    private final AtomicInteger calls = new AtomicInteger();
    private volatile boolean broken;

    BreakableStore() {
      super("store");
    }

    @Override
    protected @Nullable Object lookup(Object key) {
      call();
      return super.lookup(key);
    }

    @Override
    public void put(Object key, @Nullable Object value) {
      call();
      super.put(key, value);
    }

    @Override
    public void evict(Object key) {
      call();
      super.evict(key);
    }

    @Override
    public void clear() {
      call();
      super.clear();
    }

    private void call() {
      calls.incrementAndGet();
      if (broken) {
        throw new IllegalStateException("connection lost");
      }
    }
  }
}
