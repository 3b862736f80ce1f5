package io.logfold.query.fold;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.EventUtils;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.WrappedToken;
import org.axonframework.messaging.StreamableMessageSource;
import org.jspecify.annotations.Nullable;

/**
 * A log that a test writes. It wakes its readers: Axon's own event store in memory does not, and
 * each test would wait half a second for the processor to look again.
 */
public final class GivenLog implements StreamableMessageSource<TrackedEventMessage<?>> {

  private final List<TrackedEventMessage<?>> events =
      Collections.synchronizedList(new ArrayList<>());
  private final List<Runnable> readers = new CopyOnWriteArrayList<>();

  /** Appends an event, a domain event as such. */
  public void append(EventMessage<?> event) {
    events.add(
        EventUtils.asTrackedEventMessage(event, new GlobalSequenceTrackingToken(events.size())));
    readers.forEach(Runnable::run);
  }

  /** How many events it holds. */
  public int size() {
    return events.size();
  }

  @Override
  public BlockingStream<TrackedEventMessage<?>> openStream(@Nullable TrackingToken token) {
    TrackingToken last = WrappedToken.unwrapLowerBound(token);
    return new Reader(
        last instanceof GlobalSequenceTrackingToken read ? (int) read.getGlobalIndex() + 1 : 0);
  }

  private final class Reader implements BlockingStream<TrackedEventMessage<?>> {

    private int next;
    private Runnable wake = () -> {};

    Reader(int next) {
      this.next = next;
    }

    @Override
    public Optional<TrackedEventMessage<?>> peek() {
      return next < events.size() ? Optional.of(events.get(next)) : Optional.empty();
    }

    @Override
    public boolean hasNextAvailable(int timeout, TimeUnit unit) {
      return next < events.size();
    }

    @Override
    public TrackedEventMessage<?> nextAvailable() {
      return events.get(next++);
    }

    @Override
    public boolean setOnAvailableCallback(Runnable callback) {
      wake = callback;
      readers.add(callback);
      return true;
    }

    @Override
    public void close() {
      readers.remove(wake);
    }
  }
}
