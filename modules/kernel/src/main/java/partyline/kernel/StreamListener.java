package partyline.kernel;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// A reader's bell: it rings when an event that its filter takes is on disk. However many come while nobody listens,
/// the next [#await] returns at once, and the one after it waits; the events themselves are read from the [EventLog].
///
/// One thread waits; any thread may close, which ends the waiting. Thread-safe.
public final class StreamListener implements AutoCloseable {

    private final EventFilter filter;
    private final Consumer<StreamListener> leave;
    private final BlockingQueue<Boolean> rung = new ArrayBlockingQueue<>(1);
    private volatile boolean closed;

    StreamListener(EventFilter filter, Consumer<StreamListener> leave) {
        this.filter = filter;
        this.leave = leave;
    }

    /// Waits for the bell, at most `patience`; false when it stayed silent.
    public boolean await(Duration patience) throws InterruptedException {
        return rung.poll(patience.toNanos(), TimeUnit.NANOSECONDS) != null;
    }

    public boolean closed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
        leave.accept(this);
        ring();
    }

    EventFilter filter() {
        return filter;
    }

    void ring() {
        rung.offer(true);
    }
}
