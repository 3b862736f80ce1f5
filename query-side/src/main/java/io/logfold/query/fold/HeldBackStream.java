package io.logfold.query.fold;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.eventhandling.TrackedEventMessage;

/** Gives out a message only when it may pass; those behind it wait too. */
final class HeldBackStream implements BlockingStream<TrackedEventMessage<?>> {

  private final BlockingStream<TrackedEventMessage<?>> stream;
  private final Predicate<TrackedEventMessage<?>> mayPass;

  HeldBackStream(
      BlockingStream<TrackedEventMessage<?>> stream, Predicate<TrackedEventMessage<?>> mayPass) {
    this.stream = stream;
    this.mayPass = mayPass;
  }

  @Override
  public Optional<TrackedEventMessage<?>> peek() {
    return stream.peek().filter(mayPass);
  }

  @Override
  public boolean hasNextAvailable(int timeout, TimeUnit unit) throws InterruptedException {
    return stream.hasNextAvailable(timeout, unit) && peek().isPresent();
  }

  @Override
  public TrackedEventMessage<?> nextAvailable() throws InterruptedException {
    return stream.nextAvailable();
  }

  @Override
  public boolean setOnAvailableCallback(Runnable callback) {
    return stream.setOnAvailableCallback(callback);
  }

  @Override
  public void close() {
    stream.close();
  }
}
