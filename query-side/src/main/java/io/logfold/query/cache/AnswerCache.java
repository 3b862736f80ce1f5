package io.logfold.query.cache;

import io.micrometer.core.instrument.Counter;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache;

/**
 * A cache that cannot make things worse: when its store fails, the question goes to the database,
 * and the store is left alone for a while, so that nobody waits for it question by question. Of
 * those who ask the same at the same time one asks the database, and all get its answer; with or
 * without the store.
 */
final class AnswerCache implements Cache {

  private final Cache store;
  private final Counter failures;
  private final LongSupplier nanoTime;
  private final long retryNanos;
  private final Map<Object, FutureTask<@Nullable Object>> loading = new ConcurrentHashMap<>();
  private volatile @Nullable Long awaySince;

  /**
   * @param store where answers are kept
   * @param failures counts failed calls of the store
   * @param nanoTime a clock that only goes forward
   * @param retryNanos how long a store that failed is left alone
   */
  AnswerCache(Cache store, Counter failures, LongSupplier nanoTime, long retryNanos) {
    this.store = store;
    this.failures = failures;
    this.nanoTime = nanoTime;
    this.retryNanos = retryNanos;
  }

  @Override
  public String getName() {
    return store.getName();
  }

  @Override
  public Object getNativeCache() {
    return store.getNativeCache();
  }

  @Override
  public @Nullable ValueWrapper get(Object key) {
    return tried(() -> store.get(key), null);
  }

  @Override
  public <T> @Nullable T get(Object key, @Nullable Class<T> type) {
    return tried(() -> store.get(key, type), null);
  }

  @Override
  @SuppressWarnings(
      "unchecked") // as Cache promises: a key's value is of the type that is asked for
  public <T> @Nullable T get(Object key, Callable<T> loader) {
    ValueWrapper kept = get(key);
    return (T) (kept != null ? kept.get() : load(key, loader));
  }

  @Override
  public void put(Object key, @Nullable Object value) {
    tried(() -> store.put(key, value));
  }

  @Override
  public void evict(Object key) {
    tried(() -> store.evict(key));
  }

  @Override
  public void clear() {
    tried(store::clear);
  }

  private @Nullable Object load(Object key, Callable<?> loader) {
    FutureTask<@Nullable Object> mine =
        new FutureTask<>(
            () -> {
              Object value = loader.call();
              put(key, value);
              return value;
            });
    FutureTask<@Nullable Object> theirs = loading.putIfAbsent(key, mine);
    if (theirs != null) {
      return await(key, loader, theirs);
    }
    try {
      mine.run();
      return await(key, loader, mine);
    } finally {
      loading.remove(key, mine);
    }
  }

  private static @Nullable Object await(
      Object key, Callable<?> loader, FutureTask<@Nullable Object> task) {
    try {
      return task.get();
    } catch (ExecutionException e) {
      throw new ValueRetrievalException(key, loader, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ValueRetrievalException(key, loader, e);
    }
  }

  private void tried(Runnable call) {
    tried(
        () -> {
          call.run();
          return null;
        },
        null);
  }

  private <T> @Nullable T tried(Supplier<@Nullable T> call, @Nullable T otherwise) {
    Long failed = awaySince;
    if (failed != null && nanoTime.getAsLong() - failed < retryNanos) {
      return otherwise;
    }
    try {
      T answer = call.get();
      awaySince = null;
      return answer;
    } catch (RuntimeException e) {
      failures.increment();
      awaySince = nanoTime.getAsLong();
      return otherwise;
    }
  }
}
