package partyline.kernel;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Work that comes round: it is done after a first wait, and again and again with a pause after each round, on
/// a virtual thread of its own. A round that fails is logged, and the next one comes all the same. Whoever knows of
/// work wakes it. Thread-safe.
public final class PeriodicTask implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PeriodicTask.class);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final String name;
    private final Duration first;
    private final Duration pause;
    private final Runnable round;
    private final Semaphore wakes = new Semaphore(0);
    private final Thread thread;
    private volatile boolean closing;

    /// `name` is that of the thread, and what the log calls it.
    public PeriodicTask(String name, Duration first, Duration pause, Runnable round) {
        this(Thread.ofVirtual(), name, first, pause, round);
    }

    /// On a thread of another kind, for rounds that are long at a stretch in SQLite, which holds on to a processor.
    public PeriodicTask(Thread.Builder threads, String name, Duration first, Duration pause, Runnable round) {
        this.name = name;
        this.first = first;
        this.pause = pause;
        this.round = round;
        this.thread = threads.name(name).unstarted(this::loop);
    }

    public void start() {
        thread.start();
    }

    /// Ends the pause; after a round that is in progress comes another one at once.
    public void wake() {
        wakes.release();
    }

    /// False once it is to end: a round of many steps asks between them.
    public boolean goesOn() {
        return !closing;
    }

    /// Ends after the step in progress.
    @Override
    public void close() {
        closing = true;
        wakes.release();
        try {
            if (thread.isAlive() && !thread.join(PATIENCE)) {
                LOG.warn("event=chore_still_busy chore={}", name);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void loop() {
        try {
            for (Duration wait = first; pauses(wait); wait = pause) {
                guarded();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean pauses(Duration wait) throws InterruptedException {
        if (wakes.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS)) {
            wakes.drainPermits();
        }
        return goesOn();
    }

    private void guarded() {
        try {
            round.run();
        } catch (StorageFull | Overloaded e) {
            LOG.warn("event=chore_postponed chore={} cause=\"{}\"", name, e.getMessage());
        } catch (RuntimeException e) {
            LOG.error(
                    "event=chore_failed chore={}"
                            + " fix=\"it comes round again; when it fails again, report this, it is a bug\"",
                    name,
                    e);
        }
    }
}
