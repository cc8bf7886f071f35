package partyline.kernel;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/// What waits for the one writer, in the order in which it came. Bounded: whoever finds it full waits for a place, in
/// turn, and is refused when none becomes free in time.
///
/// Anybody may add; one thread takes. Places are counted apart from the queue itself, so that neither side ever waits
/// for a lock. Thread-safe.
final class WriteQueue<T> {

    private final Queue<T> waiting = new ConcurrentLinkedQueue<>();
    private final Semaphore places;
    private final int longest;
    private final Duration patience;
    private volatile boolean ended;
    private volatile Thread taker = Thread.currentThread();

    WriteQueue(int longest, Duration patience) {
        this.places = new Semaphore(longest, true);
        this.longest = longest;
        this.patience = patience;
    }

    /// Adds `unit`; false when the queue has ended.
    ///
    /// @throws Overloaded when no place became free in time.
    boolean add(T unit) {
        if (places.hasQueuedThreads() || !places.tryAcquire()) {
            awaitPlace();
        }
        waiting.add(unit);
        LockSupport.unpark(taker);
        // The end may have come before; whoever removes the unit decides what becomes of it.
        if (ended && waiting.remove(unit)) {
            places.release();
            return false;
        }
        return true;
    }

    /// Moves what waits into `group`, at most `most`; waits a while for the first.
    void take(List<T> group, int most, Duration wait) {
        taker = Thread.currentThread();
        if (waiting.isEmpty() && !ended) {
            LockSupport.parkNanos(this, wait.toNanos());
        }
        for (T unit = waiting.poll(); unit != null; unit = group.size() < most ? waiting.poll() : null) {
            group.add(unit);
        }
        places.release(group.size());
    }

    /// How many wait, those included that just get a place.
    int size() {
        return longest - places.availablePermits();
    }

    /// Shows `judge` what waits, the oldest first, as long as that wants to see more.
    void look(Predicate<T> judge) {
        for (T unit : waiting) {
            if (!judge.test(unit)) {
                return;
            }
        }
    }

    /// Lets nobody in any more; what waits is still taken.
    void end() {
        ended = true;
        LockSupport.unpark(taker);
    }

    /// Ended, and all was taken.
    boolean isOver() {
        return ended && waiting.isEmpty();
    }

    private void awaitPlace() {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    if (places.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                        return;
                    }
                    throw new Overloaded();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
