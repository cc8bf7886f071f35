package partyline.drivers;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks after one line now and then, the first time at once: whether the service can still reach us, and what it did
/// not tell. A round that fails is followed by the next one.
public final class RecurringCheck implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RecurringCheck.class);
    private static final Duration FIRST = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final String line;
    private final Duration every;
    private final Runnable round;
    private final ScheduledExecutorService timer;
    private final CountDownLatch first = new CountDownLatch(1);

    public RecurringCheck(String line, Duration every, Runnable round) {
        this.line = line;
        this.every = every;
        this.round = round;
        this.timer = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("rounds-" + line).factory());
    }

    /// Waits until the first round is over, or as long as a service waits for an answer: what came while nobody
    /// listened is to be heard before what comes now.
    public void awaitFirst() {
        try {
            if (!first.await(FIRST.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("event=first_round_slow line={}", line);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public void start() {
        timer.scheduleWithFixedDelay(this::run, 0, every.toNanos(), TimeUnit.NANOSECONDS);
    }

    /// Lets a round in progress end for a moment, then interrupts it.
    @Override
    public void close() {
        timer.shutdown();
        try {
            if (!timer.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("event=round_interrupted line={}", line);
                timer.shutdownNow();
            }
        } catch (InterruptedException e) {
            timer.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            round.run();
        } catch (RuntimeException e) {
            LOG.error("event=round_failed line={}", line, e);
        } finally {
            first.countDown();
        }
    }
}
