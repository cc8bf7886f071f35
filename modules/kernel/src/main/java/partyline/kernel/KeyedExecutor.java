package partyline.kernel;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Does the work of each key on a virtual thread of its own, one run at a time per key; keys never wait for each other.
///
/// The work is *everything that is due for the key*, read from the database, so waking a key twice costs a look and
/// nothing else, and a forgotten key is found by any later wake. Waking an idle key and leaving a finished one are one
/// atomic step each: a wake is never lost. Thread-safe.
public final class KeyedExecutor<K> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(KeyedExecutor.class);
    private static final Duration PATIENCE = Duration.ofSeconds(4);
    private static final Duration WHEN_FULL = Duration.ofSeconds(2);
    private static final Duration WHEN_OVERLOADED = Duration.ofSeconds(1);

    private final String name;
    private final Consumer<K> work;
    private final Duration patience;
    /// The keys at work; true when one was woken since its run began.
    private final ConcurrentMap<K, Boolean> busy = new ConcurrentHashMap<>();

    /// What [#rest] set, at most one per key.
    private final ConcurrentMap<K, ScheduledFuture<?>> alarms = new ConcurrentHashMap<>();

    private final ExecutorService threads;
    private final ScheduledThreadPoolExecutor timer;

    public KeyedExecutor(String name, Consumer<K> work) {
        this(name, work, PATIENCE);
    }

    KeyedExecutor(String name, Consumer<K> work, Duration patience) {
        this.name = name;
        this.work = work;
        this.patience = patience;
        this.threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name(name + "-", 0).factory());
        this.timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name(name + "-timer").factory());
        timer.setRemoveOnCancelPolicy(true);
    }

    /// Makes sure that a run for `key` begins after this call. Ignored once closed.
    public void wake(K key) {
        busy.compute(key, (_, running) -> {
            if (running != null) {
                return true;
            }
            return start(key) ? false : null;
        });
    }

    /// Whether a run is in progress for `key`, and another will begin after it since it was woken
    /// meanwhile.
    public boolean isWoken(K key) {
        return busy.getOrDefault(key, false);
    }

    /// [#wake] after `delay`.
    public void wakeAfter(K key, Duration delay) {
        if (!delay.isPositive()) {
            wake(key);
            return;
        }
        schedule(() -> wake(key), delay);
    }

    /// [#wake] after `delay` or earlier: for work that, whenever it is woken, says anew how long it has to
    /// wait. However often it does, one alarm is set.
    public void rest(K key, Duration delay) {
        alarms.compute(key, (_, set) -> {
            if (set != null && set.getDelay(TimeUnit.NANOSECONDS) <= delay.toNanos()) {
                return set;
            }
            if (set != null) {
                set.cancel(false);
            }
            Runnable ring = () -> {
                alarms.remove(key);
                wake(key);
            };
            return schedule(ring, delay);
        });
    }

    private @Nullable ScheduledFuture<?> schedule(Runnable task, Duration delay) {
        try {
            return timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("event=wake_after_close lanes={}", name);
            return null;
        }
    }

    /// Runs `task` now and then, `every` after the last run ended: the sweep for what no wake came for.
    public void sweep(Duration every, Runnable task) {
        timer.scheduleWithFixedDelay(() -> guarded(task), every.toNanos(), every.toNanos(), TimeUnit.NANOSECONDS);
    }

    /// Lets the runs in progress end for a few seconds, then interrupts them.
    @Override
    public void close() {
        timer.shutdownNow();
        threads.shutdown();
        try {
            if (!threads.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("event=lanes_interrupted lanes={} busy={}", name, busy.size());
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private boolean start(K key) {
        try {
            threads.execute(() -> drain(key));
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    private void drain(K key) {
        do {
            guarded(() -> attempt(key));
        } while (busy.computeIfPresent(key, (_, again) -> again && !threads.isShutdown() ? false : null) != null);
    }

    /// With a full disk the work waits for room, and when too much waits to be written already for its turn;
    /// then it takes itself up again.
    private void attempt(K key) {
        try {
            work.accept(key);
        } catch (StorageFull e) {
            wakeAfter(key, WHEN_FULL);
            throw e;
        } catch (Overloaded e) {
            LOG.warn("event=lane_waits_for_its_turn lanes={}", name);
            wakeAfter(key, WHEN_OVERLOADED);
        }
    }

    private void guarded(Runnable task) {
        try {
            task.run();
        } catch (StorageFull e) {
            LOG.warn("event=lanes_lack_room lanes={}", name);
        } catch (RuntimeException | Error e) {
            LOG.error(
                    "event=lane_failed lanes={}"
                            + " fix=\"report this, it is a bug; what waits is taken up within a minute\"",
                    name,
                    e);
        }
    }
}
